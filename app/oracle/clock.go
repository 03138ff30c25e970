package oracle

import "time"

// verdict is how a promise stands for a case.
type verdict int

const (
	void     verdict = iota // nothing was promised, or what was promised matches no more
	met                     //
	breached                //
	excused                 // breached, and somebody answered for it
)

// run is a stretch of a case under one target.
type run struct {
	ordinal int           // among the runs of its kind, from 1
	used    time.Duration // all that was used by the end of it, from the clock's start on
	target  time.Duration
	ended   bool // with the case, which was cancelled or merged
}

// clock is one clock of a case: what ran under each target, the last of them last.
type clock struct {
	kind string
	runs []run
	dead bool // at its end nothing was promised
}

// verdict of a clock: a breach stays, whatever target came after it, and it is
// excused when each run that breached is. Without a breach, what holds at the end
// decides.
func (c clock) verdict(all []state) verdict {
	pardons, breaches := 0, 0
	for _, r := range c.runs {
		if r.used > r.target {
			breaches++
			for _, h := range all {
				if h.row.What == "excused" && h.row.Clock == c.kind && h.row.Run == r.ordinal {
					pardons++
					break
				}
			}
		}
	}
	switch {
	case breaches > pardons:
		return breached
	case breaches > 0:
		return excused
	case c.dead || len(c.runs) == 0 || c.runs[len(c.runs)-1].ended:
		return void
	}
	return met
}

// tick goes on for d under a target; another target begins another run, which
// keeps the time already used. None at all is no run.
func (c *clock) tick(d, target time.Duration, ordinals *int) {
	var used time.Duration
	last := len(c.runs) - 1
	if last >= 0 {
		used = c.runs[last].used
	}
	if c.dead = target == 0; c.dead {
		return
	}
	if last < 0 || c.runs[last].target != target {
		*ordinals++
		c.runs = append(c.runs, run{ordinal: *ordinals, used: used, target: target})
		last++
	}
	c.runs[last].used += d
}

// counted is how much of [s.at, until) a clock counts while the case stands so.
func (d *Desk) counted(s state, until time.Time, pauses bool) time.Duration {
	c := d.Contracts[s.contract]
	if !s.open || pauses && has(c.Pauses, s.pending) {
		return 0
	}
	return c.Hours.Business(s.at, until)
}

// takeUp is the verdict on taking the case up, as it stood at the last row; all
// is what is known of excuses.
func (d *Desk) takeUp(hs, all []state) verdict {
	c, n := clock{kind: "take_up"}, 0
	for i, s := range hs[:len(hs)-1] {
		if s.taken {
			break
		}
		if !s.open {
			c.dead = true // cancelled or merged before anybody took it
			break
		}
		c.tick(d.counted(s, hs[i+1].at, false), d.promise(s).TakeUp, &n)
	}
	return c.verdict(all)
}

// solve is the verdict on resolving the case, as it stood at the last row, and the
// business time that it took. The clock stands still while the case is not open.
func (d *Desk) solve(hs, all []state) (verdict, time.Duration) {
	c, n := clock{kind: "resolve"}, 0
	var used time.Duration
	for i, s := range hs[:len(hs)-1] {
		if s.open {
			t := d.counted(s, hs[i+1].at, true)
			used += t
			c.tick(t, d.promise(s).Resolve, &n)
		}
	}
	return c.verdict(all), used
}

// unit is how a unit kept its agreement in one turn.
type unit struct {
	group string
	verdict
}

// units are the hand-off runs that had ended by the last row. Suppliers have
// promises of another kind.
func (d *Desk) units(hs, all []state) (us []unit) {
	n, supplier := 0, 0
	for stint := 1; stint <= hs[len(hs)-1].stint; stint++ {
		c := clock{kind: "ola"}
		var first, next *state // the turn, and what ended it
		for i := range hs {
			s := &hs[i]
			if s.stint != stint || !s.open {
				if first != nil && next == nil {
					next = s
				}
				continue
			}
			if first == nil {
				first = s
			}
			ordinals := &n
			if s.outside {
				ordinals = &supplier
			}
			if i+1 < len(hs) {
				c.tick(d.counted(*s, hs[i+1].at, true), d.promise(*s).OLA, ordinals)
			}
		}
		if first == nil || next == nil || first.outside {
			continue
		}
		if !next.open && !next.resolved && len(c.runs) > 0 {
			c.runs[len(c.runs)-1].ended = true
		}
		us = append(us, unit{first.group, c.verdict(all)})
	}
	return us
}

func (d *Desk) promise(s state) Promise { return d.Contracts[s.contract].Promises[s.priority] }
