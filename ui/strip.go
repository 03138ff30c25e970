package ui

import (
	"strconv"
	"time"

	"punto/ui/look"
)

const noticeH = 32

// backFor is how long the strip tells that the workstation is back.
const backFor = 60 * time.Second

// strip is one line under the top bar: what is unusual and what it means for the
// work.
type strip struct {
	mark       look.Mark
	bold, text string
	actions    []action // their keys stand at the right
}

// strip is what there is to tell; false when all is as usual.
func (w *Window) strip() (s strip, ok bool) {
	back := time.UnixMilli(w.site.BackAt)
	switch {
	case w.down:
		return strip{mark: look.WatchMark, bold: w.T("strip.down"), text: w.T("strip.downHint")}, true
	case w.token == "":
	case w.site.Room.Full:
		return strip{mark: look.WatchMark, bold: w.T("strip.full"), text: w.T("strip.fullHint", "Needed", megabytes(w.site.Room.Needed))}, true
	case w.site.Room.Low:
		return strip{mark: look.WatchMark, bold: w.T("strip.low", "Free", megabytes(w.site.Room.Free)), text: w.T("strip.lowHint")}, true
	case w.site.Alone:
		return strip{look.WatchMark, w.T("strip.alone", "When", w.sinceWhen(w.site.AloneSince)), w.T("strip.aloneHint"), []action{
			{key: areaKeys[nodes], word: w.T("strip.nodes"), do: func() { w.goTo(nodes) }}}}, true
	case w.site.BackAt != 0 && w.site.BackAt != w.told && w.Now().Sub(back) < backFor:
		s = strip{mark: look.FineMark, bold: w.T("strip.back"),
			text: w.words.N("strip.changed", w.site.ChangedAlone, "Conflicts", w.words.N("site.conflicts", w.site.Conflicts))}
		if w.site.Conflicts > 0 {
			s.mark = look.WatchMark
			s.actions = append(s.actions, action{key: areaKeys[inbox], word: w.T("strip.conflicts"), do: func() { w.goTo(inbox) }})
		}
		s.actions = append(s.actions, action{key: "Esc", word: w.T("strip.close"), do: func() {
			w.told = w.site.BackAt
			w.Refresh()
		}})
		return s, true
	}
	return s, false
}

// stripActions are the keys that the strip takes from the page under it: Esc.
func (w *Window) stripActions() (as []action) {
	s, _ := w.strip()
	for _, a := range s.actions {
		if a.key == "Esc" {
			a.hidden = true
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
	right := p.W - margin
	for i := len(s.actions) - 1; i >= 0; i-- {
		a, end := s.actions[i], right
		right -= look.KeyWidth(a.key)
		p.Key(right, y+noticeH/2, a.key)
		right = p.Right(right-8, y, noticeH, a.word, look.Style{Color: ink})
		w.tap(p, right, y, end-right, noticeH, a.do)
		right -= 20
	}
	p.Mark(margin, y+noticeH/2-7, 14, s.mark)
	x := p.TextFit(margin+22, y, right-margin-22, noticeH, s.bold, look.Style{Bold: true, Color: ink}) + 12
	p.TextFit(x, y, right-x, noticeH, s.text, look.Style{})
	return noticeH
}

func megabytes(n uint64) string { return strconv.FormatUint((n+1<<20-1)>>20, 10) }

// sinceWhen is an instant as it follows "desde": "las 15:04", "el 22/11 15:04".
func (w *Window) sinceWhen(ms int64) string {
	t, now := time.UnixMilli(ms).In(w.zone()), w.Now().In(w.zone())
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return w.T("time.theHour", "At", t.Format("15:04"))
	}
	return w.T("time.theDay", "At", t.Format("2/1 15:04"))
}
