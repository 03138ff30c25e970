package simnet_test

import (
	"maps"
	"time"
)

// trouble does one thing that goes wrong on a site.
func (s *world) trouble() {
	x := s.nodes[s.Rand.IntN(size)]
	switch n := s.Rand.IntN(6); {
	case n == 0 && s.plan.partitions:
		a, b := s.Rand.IntN(size), s.Rand.IntN(size)
		if a != b {
			s.cut[[2]int{min(a, b), max(a, b)}] = true
		}
		if s.Chance(30) {
			for i := range size {
				s.cut[[2]int{min(i, x.n), max(i, x.n)}] = true
			}
		}
	case n == 1 && s.plan.partitions:
		s.cut = map[[2]int]bool{}
	case n == 2 && s.plan.crashes:
		if x.up {
			x.stop()
		}
	case n == 3 && s.plan.crashes && !x.up:
		must(x.open())
	case n == 4 && s.plan.clocks:
		jumps := []time.Duration{-2 * 365 * 24 * time.Hour, 2 * 365 * 24 * time.Hour, -time.Hour, time.Minute, -30 * time.Second, 0}
		x.skew = jumps[s.Rand.IntN(len(jumps))]
		if x.up && s.Chance(50) {
			if err := x.eng.Measured(ctx, x.skew, 2); err != nil {
				s.failed(x, "a clock", err)
			}
		}
	case n == 5 && s.plan.restores:
		s.restore(x)
	case n == 5 && s.plan.clones && x.up:
		x.copyAndReplace()
	}
}

// restore puts back a backup that was made before: nobody tells the node. Work
// that only it had is lost with the disk, as it would be; so it is not counted.
func (s *world) restore(x *node) {
	if x.kept == nil {
		if x.up {
			x.kept, x.keptN = x.disk.Clone(), len(s.acked)
		}
		return
	}
	for _, y := range s.nodes {
		if !y.up {
			return // what only this one has could not be told from what that one has
		}
	}
	x.stop()
	held := s.held(x)
	kept := s.acked[:0]
	for i, a := range s.acked {
		if held[i] || a.node == x.n && i < x.keptN {
			kept = append(kept, a)
		}
	}
	s.acked = kept
	x.disk = x.kept
	x.kept = nil
	must(x.open())
	if x.put = x.db.Origin(); s.Chance(50) { // it notices by itself
		must(x.eng.Reborn(ctx, x.db.Points()[x.put].Seq))
	}
}

// silent tells whether a node was put back, nobody has noticed, and it has not
// heard so from a peer yet. A real one notices by the folder's place; one whose
// place was lost too is known to fork when it writes before it meets the others.
func (x *node) silent() bool { return !x.s.plan.unnoticed && x.put == x.db.Origin() }

// held tells which acknowledged things some other node has.
func (s *world) held(but *node) map[int]bool {
	has := map[int]bool{}
	for _, y := range s.nodes {
		if y == but || !y.up {
			continue
		}
		holds := y.holds()
		for i, a := range s.acked {
			has[i] = has[i] || holds(a)
		}
	}
	maps.DeleteFunc(has, func(_ int, yes bool) bool { return !yes })
	return has
}

// copyAndReplace copies the disk of a node that goes on, and starts another node
// from the copy as IT would: it notices at once and begins an incarnation.
func (x *node) copyAndReplace() {
	s := x.s
	y := s.nodes[(x.n+1)%size]
	if !y.up || y == x {
		return
	}
	if len(s.held(y)) < len(s.acked) {
		return // something may be only there
	}
	y.stop()
	y.disk, y.kept = x.disk.Clone(), nil
	y.disk.Rand = seedOf(s.Rand.Uint64())
	must(y.open())
	must(y.eng.Reborn(ctx, y.db.Points()[y.db.Origin()].Seq))
}
