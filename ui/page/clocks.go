package page

import (
	"time"

	"punto/app/desk"
	"punto/app/sla"
	"punto/ui/look"
)

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

// ClockChip is a run in a chip: its shape and what it means for the work.
func (k *Kit) ClockChip(r sla.Run) (look.Mark, string) {
	m := clockMark(r)
	left := r.Due.Sub(k.Now())
	switch {
	case r.ID == "":
		return look.PauseMark, k.T("clock.none")
	case r.State == sla.Paused:
		return m, k.T("clock.pausedFor", "Why", k.Reason(r.Reason))
	case r.State == sla.Breached && r.Stop.IsZero():
		return m, k.T("clock.overdue", "Time", Span(r.Elapsed-r.Target))
	case r.State == sla.Breached:
		return m, k.T("clock.breached")
	case r.State == sla.Met:
		return m, k.T("clock.met")
	case r.State == sla.Void:
		return m, k.T("clock.void")
	case left < time.Hour:
		return m, k.T("clock.dueIn", "Time", Span(left))
	}
	return m, k.T("clock.dueAt", "When", k.At(r.Due))
}

// SmallClockH is the height of a clock's card in a small window: what it is, how
// it stands and how much is used.
const SmallClockH = 62

// MiddleClockH is its height beside a queue: when it falls due too.
const MiddleClockH = 84

// ClockCard draws one run as a card.
func (k *Kit) ClockCard(p *look.Painter, r Rect, run sla.Run, group, key string) {
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	x, wd := r.X+16, r.W-32
	name, kind := k.T("clock."+run.Kind.String()), k.T("clock.sla")
	if run.Kind == sla.OLA || run.Kind == sla.Supplier {
		var n string
		_, n, _ = cut(run.ID)
		name, kind = group, k.T("clock.olaOf", "N", n)
	}
	m := clockMark(run)
	word, value, color := "", "", p.Ink
	left := run.Due.Sub(k.Now())
	switch {
	case run.State == sla.Paused:
		word, value, color = k.T("clock.paused"), k.T("clock.left", "Time", Span(run.Target-run.Elapsed)), p.Muted
	case run.State == sla.Met:
		word, value, color = k.T("clock.met"), k.T("clock.metIn", "Time", Span(run.Elapsed)), p.Fine
	case run.State == sla.Breached && run.Stop.IsZero():
		word, value, color = k.T("clock.breached"), k.T("clock.overdue", "Time", Span(run.Elapsed-run.Target)), p.Failure
	case run.State == sla.Breached:
		word, value, color = k.T("clock.breached"), k.T("clock.late", "Time", Span(run.Elapsed-run.Target)), p.Failure
	case run.State == sla.Void:
		word, value, color = k.T("clock.void"), "—", p.Muted
	case m == look.WatchMark:
		word, value, color = k.T("clock.watch"), k.T("clock.dueIn", "Time", Span(left)), p.Watch
	default:
		word, value = k.T("clock.onTime"), k.T("clock.dueIn", "Time", Span(left))
	}
	chip := look.ChipWidth(m, word)
	p.Chip(x+wd-chip, r.Y+map[bool]float32{true: 19, false: 23}[r.H == MiddleClockH], m, word)
	if r.H == MiddleClockH {
		nx := p.TextFit(x, r.Y+8, wd-chip-8, 22, name, look.Style{Bold: true}) + 6
		p.TextFit(nx, r.Y+8, x+wd-chip-8-nx, 22, kind, look.Style{Size: 12, Color: p.Muted})
		right := x + wd - look.KeyWidth(key)
		p.Key(right, r.Y+46, key)
		if key != "" {
			right -= 6
		}
		size := float32(18)
		if look.Measure(value, look.Style{Size: size, Bold: true}) > right-x {
			size = 14
		}
		end := p.TextFit(x, r.Y+32, right-x, 28, value, look.Style{Size: size, Bold: true, Color: color}) + 10
		when := k.T("clock.target", "Time", Span(run.Target))
		if run.Stop.IsZero() && !run.Due.IsZero() {
			when = k.At(run.Due)
		}
		if st := (look.Style{Size: 12, Color: p.Muted}); look.Measure(when, st) <= right-end {
			p.Right(right, r.Y+32, 28, when, st)
		}
		p.Track(x, r.Y+70, wd, run.Used(), watchFrom, p.Solid(m))
		return
	}
	if r.H < 100 {
		p.TextFit(x, r.Y+12, wd-chip-8, 22, name, look.Style{Bold: true})
		end := p.TextFit(x, r.Y+34, wd, 22, value, look.Style{Bold: true, Color: color}) + 10
		if left := x + wd - end; left >= 40 {
			p.Track(end, r.Y+45, left, run.Used(), watchFrom, p.Solid(m))
		}
		return
	}
	nx := p.TextFit(x, r.Y+12, wd-chip-60, 22, name, look.Style{Bold: true}) + 8
	p.TextFit(nx, r.Y+12, x+wd-chip-8-nx, 22, kind, look.Style{Size: 12, Color: p.Muted})
	p.TextFit(x, r.Y+34, wd, 28, value, look.Style{Size: 20, Bold: true, Color: color})
	p.Track(x, r.Y+71, wd, run.Used(), watchFrom, p.Solid(m))
	foot := k.T("clock.target", "Time", Span(run.Target))
	switch {
	case run.State == sla.Paused:
		foot = k.T("clock.since", "When", k.At(run.Since)) + " · " + k.Reason(run.Reason) + " · " + foot
	case run.Stop.IsZero() && !run.Due.IsZero():
		foot += " · " + k.T("clock.before", "When", k.At(run.Due))
	case !run.Stop.IsZero():
		foot += " · " + k.At(run.Stop)
	}
	p.TextFit(x, r.Y+82, wd-look.KeyWidth(key)-8, 20, foot, look.Style{Size: 12, Color: p.Muted})
	p.Key(x+wd-look.KeyWidth(key), r.Y+92, key)
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

// StatusMark is the shape of a case's status.
func StatusMark(s desk.Status) look.Mark {
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
