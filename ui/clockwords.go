package ui

import (
	"fmt"
	"time"

	"punto/app/desk"
	"punto/app/sla"
	"punto/ui/look"
)

// span is a length of time in words: "9 min", "2 h 05", "3 d 4 h".
func span(d time.Duration) string {
	d = max(0, d)
	switch m := int(d.Minutes()); {
	case m < 60:
		return fmt.Sprintf("%d min", m)
	case m < 24*60:
		return fmt.Sprintf("%d h %02d", m/60, m%60)
	default:
		return fmt.Sprintf("%d d %d h", m/60/24, m/60%24)
	}
}

// watchFrom is the share of a target from which a running clock is watched.
const watchFrom = 0.75

// clockMark is the shape of a run.
func clockMark(r sla.Run) look.Mark {
	switch r.State {
	case sla.Paused, sla.Void:
		return look.PauseMark
	case sla.Breached:
		return look.FailMark
	case sla.Running:
		if r.Used() >= watchFrom {
			return look.WatchMark
		}
	}
	return look.FineMark
}

// reason is a pending reason in words.
func (w *Window) reason(code string) string {
	for _, r := range w.model.Reasons {
		if r.Code == code {
			if s := r.Name[w.words.Lang]; s != "" {
				return s
			}
			return r.Name["es"]
		}
	}
	return code
}

// clockChip is a run in a chip: its shape and what it means for the work.
func (w *Window) clockChip(r sla.Run) (look.Mark, string) {
	m := clockMark(r)
	left := r.Due.Sub(w.Now())
	switch {
	case r.ID == "":
		return look.PauseMark, w.T("clock.none")
	case r.State == sla.Paused:
		return m, w.T("clock.pausedFor", "Why", w.reason(r.Reason))
	case r.State == sla.Breached && r.Stop.IsZero():
		return m, w.T("clock.overdue", "Time", span(r.Elapsed-r.Target))
	case r.State == sla.Breached:
		return m, w.T("clock.breached")
	case r.State == sla.Met:
		return m, w.T("clock.met")
	case r.State == sla.Void:
		return m, w.T("clock.void")
	case left < time.Hour:
		return m, w.T("clock.dueIn", "Time", span(left))
	}
	return m, w.T("clock.dueAt", "When", w.at(r.Due))
}

// foldedClockH is the height of a clock's card in a small window: what it is, how
// it stands and how much is used.
const foldedClockH = 62

// clockCard draws one run as a card.
func (w *Window) clockCard(p *look.Painter, r rect, run sla.Run, group, key string) {
	p.CardBox(r.x, r.y, r.w, r.h, false)
	x, wd := r.x+16, r.w-32
	name, kind := w.T("clock."+run.Kind.String()), w.T("clock.sla")
	if run.Kind == sla.OLA || run.Kind == sla.Supplier {
		var n string
		_, n, _ = cut(run.ID)
		name, kind = group, w.T("clock.olaOf", "N", n)
	}
	m := clockMark(run)
	word, value, color := "", "", p.Ink
	left := run.Due.Sub(w.Now())
	switch {
	case run.State == sla.Paused:
		word, value, color = w.T("clock.paused"), w.T("clock.left", "Time", span(run.Target-run.Elapsed)), p.Muted
	case run.State == sla.Met:
		word, value, color = w.T("clock.met"), w.T("clock.metIn", "Time", span(run.Elapsed)), p.Fine
	case run.State == sla.Breached && run.Stop.IsZero():
		word, value, color = w.T("clock.breached"), w.T("clock.overdue", "Time", span(run.Elapsed-run.Target)), p.Failure
	case run.State == sla.Breached:
		word, value, color = w.T("clock.breached"), w.T("clock.late", "Time", span(run.Elapsed-run.Target)), p.Failure
	case run.State == sla.Void:
		word, value, color = w.T("clock.void"), "—", p.Muted
	case m == look.WatchMark:
		word, value, color = w.T("clock.watch"), w.T("clock.dueIn", "Time", span(left)), p.Watch
	default:
		word, value = w.T("clock.onTime"), w.T("clock.dueIn", "Time", span(left))
	}
	chip := look.ChipWidth(m, word)
	p.Chip(x+wd-chip, r.y+23, m, word)
	if r.h < 100 {
		p.TextFit(x, r.y+12, wd-chip-8, 22, name, look.Style{Bold: true})
		end := p.TextFit(x, r.y+34, wd, 22, value, look.Style{Bold: true, Color: color}) + 10
		if left := x + wd - end; left >= 40 {
			p.Track(end, r.y+45, left, run.Used(), watchFrom, p.Solid(m))
		}
		return
	}
	nx := p.TextFit(x, r.y+12, wd-chip-60, 22, name, look.Style{Bold: true}) + 8
	p.TextFit(nx, r.y+12, x+wd-chip-8-nx, 22, kind, look.Style{Size: 12, Color: p.Muted})
	p.TextFit(x, r.y+34, wd, 28, value, look.Style{Size: 20, Bold: true, Color: color})
	p.Track(x, r.y+71, wd, run.Used(), watchFrom, p.Solid(m))
	foot := w.T("clock.target", "Time", span(run.Target))
	switch {
	case run.State == sla.Paused:
		foot = w.T("clock.since", "When", w.at(run.Since)) + " · " + w.reason(run.Reason) + " · " + foot
	case run.Stop.IsZero() && !run.Due.IsZero():
		foot += " · " + w.T("clock.before", "When", w.at(run.Due))
	case !run.Stop.IsZero():
		foot += " · " + w.at(run.Stop)
	}
	p.TextFit(x, r.y+82, wd-look.KeyWidth(key)-8, 20, foot, look.Style{Size: 12, Color: p.Muted})
	p.Key(x+wd-look.KeyWidth(key), r.y+92, key)
}

// cut splits a run's id into its kind and number.
func cut(id string) (kind, n string, ok bool) {
	for i := range id {
		if id[i] == '/' {
			return id[:i], id[i+1:], true
		}
	}
	return id, "", false
}

// statusMark is the shape of a case's status.
func statusMark(s desk.Status) look.Mark {
	switch s {
	case desk.New:
		return look.TodoMark
	case desk.Pending:
		return look.PauseMark
	case desk.InProgress, desk.Assigned:
		return look.NowMark
	case desk.Resolved, desk.Closed:
		return look.FineMark
	}
	return look.PassMark
}
