package issuing

import (
	"fmt"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// drawDelivery says to whom the report goes, when, what comes next and how the last went.
func (b *builder) drawDelivery(p *look.Painter, r page.Rect) {
	k := b.k
	in := title(p, r, k.T("reports.delivery"), "")
	p.Key(r.X+r.W-16-look.KeyWidth("F11"), r.Y+22, "F11")
	y := in.Y - 4
	line := func(word string, mark look.Mark, text, more string) {
		p.TextFit(in.X, y, 84, 28, word, look.Style{Color: p.Muted})
		x := in.X + 92
		st := look.Style{Bold: true}
		if mark != look.NoMark {
			p.Mark(x, y+7, 14, mark)
			st.Color, _ = p.Tone(mark)
			x += 22
		}
		x = p.TextFit(x, y, in.X+in.W-x, 28, text, st) + 10
		if x < in.X+in.W-20 {
			p.TextFit(x, y, in.X+in.W-x, 28, more, look.Style{Color: p.Muted})
		}
		y += 32
	}
	to := k.T("reports.nobody")
	if len(b.of.To) > 0 {
		to = b.of.To[0]
	}
	more := strings.ToUpper(strings.Join(b.of.Formats, ", "))
	if n := len(b.of.To) - 1; n > 0 {
		more = k.T("reports.andMore", "N", n) + " · " + more
	}
	line(k.T("reports.to"), look.NoMark, to, more)
	line(k.T("reports.when"), look.NoMark, b.when(), b.issuer())
	d := b.known()
	if d == nil {
		return
	}
	switch {
	case d.Doing:
		line(k.T("reports.next"), look.NowMark, k.T("reports.doing"), "")
	case d.Err != "":
		why := d.Err
		if s, ok := k.Words.Said(d.Err); ok {
			why = s
		}
		line(k.T("reports.next"), look.FailMark, k.T("reports.failed", "Tries", d.Tries), why)
	case d.LateAt > 0:
		line(k.T("reports.next"), look.WatchMark, k.T("reports.late", "Period", d.Late), k.At(time.UnixMilli(d.LateAt)))
	case d.NextAt > 0:
		line(k.T("reports.next"), look.NoMark, k.At(time.UnixMilli(d.NextAt)), period(d.Of.Cycle, k.Local(time.UnixMilli(d.NextAt)), -1))
	default:
		line(k.T("reports.next"), look.NoMark, "-", "")
	}
	if d.Last.Revision == 0 {
		line(k.T("reports.last"), look.NoMark, k.T("reports.neverIssued"), "")
		return
	}
	line(k.T("reports.last"), look.FineMark, k.At(time.UnixMilli(d.Last.At)), b.last(d.Last))
}

func (b *builder) last(r app.ReportRow) string {
	return b.k.T("reports.lastWas", "Period", r.Period, "Revision", r.Revision, "Pages", r.Pages)
}

// when says the schedule in words.
func (b *builder) when() string {
	k, d := b.k, b.of
	at := fmt.Sprintf("%02d:%02d", d.Hour, d.Minute)
	switch {
	case !d.Scheduled:
		return k.T("reports.byHand")
	case d.Cycle == desk.Weekly:
		days := strings.Fields(k.T("month.days"))
		return k.T("reports.eachWeek", "Day", days[min(max(1, d.Day), 7)-1], "At", at)
	case d.Cycle == desk.Daily:
		return k.T("reports.eachDay", "At", at)
	}
	return k.T("reports.eachMonth", "Day", d.Day, "At", at)
}

// issuer says which workstation issues what is scheduled.
func (b *builder) issuer() string {
	switch {
	case !b.of.Scheduled:
		return ""
	case b.x.defs.Here || b.x.defs.Issuer == "":
		return b.k.T("reports.here", "Zone", b.x.defs.Zone)
	}
	return b.k.T("reports.elsewhere", "Node", b.x.defs.Issuer, "Zone", b.x.defs.Zone)
}
