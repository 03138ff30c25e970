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
	by      string // the contract that promised it
	ended   bool   // with the case, which was cancelled or merged
}

// clock is one clock of a case: what ran under each target, the last of them last.
type clock struct {
	kind   string
	pauses bool // pending reasons of the contract stop it
	used   time.Duration
	runs   []run
	dead   bool      // nothing is promised
	past   []stretch // all that it has been through
}

// stretch is a state of a case and until when it held.
type stretch struct {
	state
	until time.Time
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

// tick goes on over a stretch under a target. Another target, or that of another
// contract, begins another run, which keeps the time already used. With no target
// it is void; one that comes after that is a clock of its own and begins where the
// first did, in the hours of its contract.
func (c *clock) tick(d *Desk, s state, until time.Time, target time.Duration, ordinals *int) {
	c.past = append(c.past, stretch{s, until})
	was := c.dead
	if c.dead = target == 0; c.dead {
		return
	}
	c.used += d.counted(s, s.contract, until, c.pauses)
	if was {
		c.used = 0
		for _, p := range c.past {
			c.used += d.counted(p.state, s.contract, p.until, c.pauses)
		}
	}
	last := len(c.runs) - 1
	if last < 0 || was || c.runs[last].target != target || c.runs[last].by != s.contract {
		*ordinals++
		c.runs = append(c.runs, run{ordinal: *ordinals, target: target, by: s.contract})
		last++
	}
	c.runs[last].used = c.used
}

// counted is how much of [s.at, until) a clock of a contract counts while the case
// stands so.
func (d *Desk) counted(s state, contract string, until time.Time, pauses bool) time.Duration {
	c := d.Contracts[contract]
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
		c.tick(d, s, hs[i+1].at, d.promise(s).TakeUp, &n)
	}
	return c.verdict(all)
}

// solve is the verdict on resolving the case, as it stood at the last row, and the
// business time that it took while something was promised. The clock stands still
// while the case is not open.
func (d *Desk) solve(hs, all []state) (v verdict, used time.Duration) {
	c, n := clock{kind: "resolve", pauses: true}, 0
	for i, s := range hs[:len(hs)-1] {
		if s.open {
			c.tick(d, s, hs[i+1].at, d.promise(s).Resolve, &n)
		}
	}
	return c.verdict(all), c.used
}

// unit is how a unit kept its agreement in one turn.
type unit struct {
	group string
	verdict
}

// units are the hand-off runs that had ended by the last row. Nothing stops the
// clock of a supplier.
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
				c.pauses = !s.outside
			}
			ordinals := &n
			if s.outside {
				ordinals, c.kind = &supplier, "supplier"
			}
			if i+1 < len(hs) {
				c.tick(d, *s, hs[i+1].at, d.promise(*s).OLA, ordinals)
			}
		}
		if first == nil || next == nil {
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
