package calls

import (
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// warnH is the height of what is said of the exchange above the page.
const warnH = 40

// linked are the links to exchanges, and the times of today in which nobody listened.
type linked struct {
	rows []app.SwitchboardRow
	gaps []desk.Gap
	ask  [2]page.Latest
}

// changed asks again.
func (l *linked) changed(k *page.Kit) {
	page.AskLatest(k, &l.ask[0], app.Switchboards{}, func(a app.SwitchboardsAnswer) { l.rows = a.Rows; k.Refresh() })
	n := k.Local(k.Now())
	from := time.Date(n.Year(), n.Month(), n.Day(), 0, 0, 0, 0, n.Location())
	page.AskLatest(k, &l.ask[1], app.Gaps{From: from.UnixMilli()}, func(a app.GapsAnswer) {
		l.gaps = l.gaps[:0]
		for _, g := range a.Rows {
			l.gaps = append(l.gaps, g.Of)
		}
		k.Refresh()
	})
}

// dials is the link through which this workstation can call a number; nil = none.
func (l *linked) dials() *app.SwitchboardRow {
	for i, s := range l.rows {
		if s.Of.Kind == desk.AsteriskAMI && s.Of.Dials && !s.Of.Off && s.Opens {
			return &l.rows[i]
		}
	}
	return nil
}

// dial has the exchange call a number from the agent's telephone.
func (l *linked) dial(k *page.Kit, number string) {
	if s := l.dials(); s != nil {
		k.Do(app.ControlSwitchboard{ID: s.ID, Do: "dial", Number: number}, func(app.Receipt) { k.Tell(k.T("lost.dialled", "Number", number), false) }, nil)
	}
}

// warning is what the figures of today lack: an exchange to which nobody listens, and the
// times in which nobody did; "" = nothing.
func (l *linked) warning(k *page.Kit) string {
	var out []string
	for _, s := range l.rows {
		if s.Phase == app.LinkDown && s.Since > 0 {
			out = append(out, k.T("calls.linkDown", "Name", s.Of.Name, "At", k.At(time.UnixMilli(s.Since))))
		}
	}
	gaps := slices.Clone(l.gaps)
	slices.SortStableFunc(gaps, func(a, b desk.Gap) int { return int(a.From - b.From) })
	for _, g := range gaps {
		to := "…"
		if g.To > 0 {
			to = k.Local(time.UnixMilli(g.To)).Format("15:04")
		}
		out = append(out, k.Words.N("calls.gap", g.Open, "Name", g.PBX, "From", k.At(time.UnixMilli(g.From)), "To", to))
	}
	return strings.Join(out, " · ")
}

// draw writes the warning, and gives how much of the height it took.
func (l *linked) draw(k *page.Kit, p *look.Painter, r page.Rect) float32 {
	text := l.warning(k)
	if text == "" {
		return 0
	}
	ink, ground := p.Tone(look.WatchMark)
	x, w := r.X+page.Margin, r.W-2*page.Margin
	p.Rect(x, r.Y+8, w, warnH-8, 6, ground, ink, 1)
	p.Mark(x+12, r.Y+8+(warnH-8)/2-7, 14, look.WatchMark)
	p.TextFit(x+36, r.Y+8, w-48, warnH-8, k.T("calls.incomplete", "What", text), look.Style{Color: ink})
	return warnH
}
