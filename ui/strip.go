package ui

import (
	"strconv"
	"time"

	"punto/ui/look"
	"punto/ui/page"
)

const noticeH = 32

// backFor is how long the strip tells that the workstation is back.
const backFor = 60 * time.Second

// owedTold is from how many events on it is told that lists do not show them yet: a
// few are shown before anybody has read it.
const owedTold = 200

// strip is one line under the top bar: what is unusual and what it means for the
// work.
type strip struct {
	mark       look.Mark
	bold, text string
	actions    []page.Action // their keys stand at the right
}

// strip is what there is to tell; false when all is as usual.
func (w *Window) strip() (s strip, ok bool) {
	back := time.UnixMilli(w.kit.Nodes.BackAt)
	switch {
	case w.down:
		return strip{mark: look.WatchMark, bold: w.T("strip.down"), text: w.T("strip.downHint")}, true
	case w.token == "":
	case w.kit.Nodes.Room.Full:
		return strip{mark: look.WatchMark, bold: w.T("strip.full"), text: w.T("strip.fullHint", "Needed", megabytes(w.kit.Nodes.Room.Needed))}, true
	case w.kit.Nodes.Room.Low:
		return strip{mark: look.WatchMark, bold: w.T("strip.low", "Free", megabytes(w.kit.Nodes.Room.Free)), text: w.T("strip.lowHint")}, true
	case w.kit.Nodes.Alone:
		return strip{look.WatchMark, w.T("strip.alone", "When", w.kit.Since(w.kit.Nodes.AloneSince)), w.T("strip.aloneHint"), []page.Action{
			{Key: w.kit.KeyTo("nodes"), Word: w.T("strip.nodes"), Do: func() { w.Go("nodes", nil) }}}}, true
	case w.kit.State.Owed >= owedTold:
		return strip{mark: look.NowMark, bold: w.T("strip.owed", "N", w.kit.Count(uint64(w.kit.State.Owed))), text: w.T("strip.owedHint")}, true
	case w.kit.Nodes.BackAt != 0 && w.kit.Nodes.BackAt != w.told && w.kit.Now().Sub(back) < backFor:
		s = strip{mark: look.FineMark, bold: w.T("strip.back"),
			text: w.kit.Words.N("strip.changed", w.kit.Nodes.ChangedAlone, "Conflicts", w.kit.Words.N("site.conflicts", w.kit.Nodes.Conflicts))}
		if w.kit.Nodes.Conflicts > 0 {
			s.mark = look.WatchMark
			s.actions = append(s.actions, page.Action{Key: w.kit.KeyTo("inbox"), Word: w.T("strip.conflicts"), Do: func() { w.Go("inbox", nil) }})
		}
		s.actions = append(s.actions, page.Action{Key: "Esc", Word: w.T("strip.close"), Do: func() {
			w.told = w.kit.Nodes.BackAt
			w.Refresh()
		}})
		return s, true
	}
	return s, false
}

// stripActions are the keys that the strip takes from the page under it: Esc.
func (w *Window) stripActions() (as []page.Action) {
	s, _ := w.strip()
	for _, a := range s.actions {
		if a.Key == "Esc" {
			a.Hidden = true
			as = append(as, a)
		}
	}
	return as
}

// drawStrip draws it at y and gives the height that it takes.
func (w *Window) drawStrip(p *look.Painter, y float32) float32 {
	s, ok := w.strip()
	if !ok {
		return 0
	}
	ink, ground := p.Tone(s.mark)
	p.Rect(0, y, p.W, noticeH, 0, ground, nil, 0)
	p.Line(0, y+noticeH, p.W, y+noticeH, 1, ink)
	right := p.W - page.Margin
	for i := len(s.actions) - 1; i >= 0; i-- {
		a, end := s.actions[i], right
		right -= look.KeyWidth(a.Key)
		p.Key(right, y+noticeH/2, a.Key)
		right = p.Right(right-8, y, noticeH, a.Word, look.Style{Color: ink})
		p.Tap(right, y, end-right, noticeH, a.Do)
		right -= 20
	}
	p.Mark(page.Margin, y+noticeH/2-7, 14, s.mark)
	x := p.TextFit(page.Margin+22, y, right-page.Margin-22, noticeH, s.bold, look.Style{Bold: true, Color: ink}) + 12
	p.TextFit(x, y, right-x, noticeH, s.text, look.Style{})
	return noticeH
}

func megabytes(n uint64) string { return strconv.FormatUint((n+1<<20-1)>>20, 10) }
