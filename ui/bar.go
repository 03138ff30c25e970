package ui

import (
	"fmt"

	"punto/ui/look"
	"punto/ui/page"
)

const (
	barH     = 48
	actionsH = 56
)

// draw is the whole window: bar, strip, page, actions.
func (w *Window) draw(p *look.Painter) {
	p.Rect(0, 0, p.W, p.H, 0, p.Ground, nil, 0)
	w.drawBar(p)
	top := barH + w.drawStrip(p, barH)
	w.present().Draw(p, w.drawTabs(p, page.At(0, top, p.W, p.H-top-actionsH)))
	w.drawActions(p)
	if w.help {
		w.drawHelp(p)
	}
}

// drawTabs draws the tabs of the pages that stand under one word of the bar, and
// gives what is left for the page.
func (w *Window) drawTabs(p *look.Painter, r page.Rect) page.Rect {
	if len(w.stack) > 1 {
		return r
	}
	kinds := w.tabs()
	if len(kinds) < 2 {
		return r
	}
	tabs, on := make([]page.TabLabel, len(kinds)), 0
	for i, k := range kinds {
		tabs[i] = page.TabLabel{Word: w.T(k.TabWord()), Key: k.Key}
		if k.Count != nil {
			if n := k.Count(&w.kit.Known); n > 0 {
				tabs[i].Word += fmt.Sprintf(" (%d)", n)
			}
		}
		if k.Name == w.stack[0].kind.Name {
			on = i
		}
	}
	return page.Tabs(p, r, tabs, on, func(i int) { w.Go(kinds[i].Name, nil) }, page.Action{Key: nextTab, Word: w.T("tabs.next")})
}

func (w *Window) drawBar(p *look.Painter) {
	p.Rect(0, 0, p.W, barH, 0, p.Bar, nil, 0)
	p.Circle(16, 17, 14, p.OnBarActive, nil, 0)
	x := p.Text(38, 0, barH, w.T("app.name"), look.Style{Size: 16, Bold: true, Color: p.OnBarActive})
	if w.token == "" {
		return
	}
	all, here := w.at(page.Bar), w.head()
	style := func(k page.Kind) look.Style {
		if k.Name == here {
			return look.Style{Color: p.OnBarActive, Bold: true}
		}
		return look.Style{Color: p.OnBar}
	}
	var words float32
	for _, k := range all {
		words += look.Measure(w.T(k.Word), style(k))
	}
	room := p.W - x - words - w.whoWidth(p.W) - 16 // for what lies between the words
	gap := min(28, max(10, room/float32(len(all)+1)))
	x += min(36, gap+8)
	for _, k := range all {
		end := p.Text(x, 0, barH, w.T(k.Word), style(k))
		if k.Name == here {
			p.Rect(x, barH-3, end-x, 3, 0, p.BarMark, nil, 0)
		}
		p.Tap(x-gap/2, 0, end-x+gap, barH, func() { w.Go(k.Name, nil) })
		x = end + gap
	}
	w.drawCounts(p, x)
}

// who are the parts of the right end of the bar, from the right: the time, the
// workstation and the agent; a narrow window leaves the workstation out.
func (w *Window) who(wide float32) (at, node, agent string) {
	at, agent = w.kit.Now().In(w.kit.Zone()).Format("15:04"), w.kit.State.Agent.Name
	if wide >= 1000 {
		node = w.T("bar.node", "Node", w.kit.State.Node)
	} else {
		agent = look.Fit(agent, 110, look.Style{Bold: true})
	}
	return at, node, agent
}

func (w *Window) whoWidth(wide float32) float32 {
	at, node, agent := w.who(wide)
	return page.Margin + look.Measure(at, look.Style{}) + 20 + look.Measure(node, look.Style{}) + 8 + look.Measure(agent, look.Style{Bold: true}) + 28
}

// drawCounts is the right of the bar: who and when, the live numbers that there
// is room for after left, and what waits for a decision.
func (w *Window) drawCounts(p *look.Painter, left float32) {
	right := p.W - page.Margin
	at, node, agent := w.who(p.W)
	right = p.Right(right, 0, barH, at, look.Style{Color: p.OnBar}) - 20
	if node != "" {
		right = p.Right(right, 0, barH, node, look.Style{Color: p.OnBar}) - 8
	}
	right = p.Right(right, 0, barH, agent, look.Style{Bold: true, Color: p.OnBarActive}) - 14
	p.Line(right, 14, right, 34, 1, p.Muted)
	right -= 14
	badge := ""
	if n := w.kit.Nodes.Conflicts; n > 0 {
		badge = w.kit.Words.N("site.conflicts", n)
		if right-left < look.ChipWidth(look.WatchMark, badge)+20 {
			badge = fmt.Sprint(n) // the shape tells the rest
		}
		left += look.ChipWidth(look.WatchMark, badge) + 20
	}
	if n := w.kit.State.Asking + w.kit.State.Unread; n > 0 && w.kit.Has("alarms") {
		word, count := w.T("bar.alarms"), fmt.Sprint(n)
		loud := look.Style{Bold: true, Color: p.OnBarActive}
		if wd := look.Measure(word, look.Style{Color: p.OnBar}) + look.Measure(count, loud) + 26; right-left > wd {
			end := right
			right = p.Right(right, 0, barH, count, loud) - 6
			right = p.Right(right, 0, barH, word, look.Style{Color: p.OnBar}) - 20
			p.Tap(right, 0, end-right, barH, func() { w.Go("alarms", nil) })
		}
	}
	quiet, loud := look.Style{Color: p.OnBar}, look.Style{Bold: true, Color: p.OnBarActive}
	for _, c := range []struct {
		word, after string
		n           int
	}{{w.T("bar.mine"), "", w.kit.State.Mine}, {w.T("bar.open"), "", w.kit.State.Cases}, {w.T("bar.today"), " " + w.T("bar.calls"), w.kit.State.Calls}} {
		n := fmt.Sprint(c.n)
		if right-look.Measure(c.word+c.after, quiet)-look.Measure(n, loud)-6 < left {
			break
		}
		if c.after != "" {
			right = p.Right(right, 0, barH, c.after, quiet)
		}
		right = p.Right(right, 0, barH, n, loud) - 6
		right = p.Right(right, 0, barH, c.word, quiet) - 20
	}
	if badge != "" {
		wd := look.ChipWidth(look.WatchMark, badge)
		if right-wd < left-wd-20 { // the words of the bar come first
			return
		}
		p.Chip(right-wd, barH/2, look.WatchMark, badge)
		p.Tap(right-wd, 0, wd, barH, func() { w.Go("inbox", nil) })
	}
}
