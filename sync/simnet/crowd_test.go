package simnet_test

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"time"

	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/store"
)

// crowd asks several things of a node at once: what others hold, commands, rulings
// and timers find themselves in one commit.
func (s *world) crowd(x *node) {
	if !x.up || x.silent() {
		return
	}
	var all []step
	for _, y := range s.nodes {
		if s.Chance(60) {
			all = append(all, s.taking(x, y))
		}
	}
	for range 1 + s.Rand.IntN(3) {
		switch n := s.Rand.IntN(10); {
		case n < 4:
			all = append(all, s.work(x))
		case n < 7:
			all = append(all, s.ruling(x))
		case n < 9 && s.plan.clones:
			all = append(all, s.rebirth(x))
		default:
			all = append(all, s.timers(x))
		}
	}
	s.Rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	x.together(all)
	if s.Chance(60) {
		s.gossip(x)
	}
}

// together has the steps queue in their order while the writer waits: those that
// write are one commit.
func (x *node) together(all []step) {
	must(x.eng.Settle(ctx)) // the timers would wait for the writer with it
	held, hold := make(chan struct{}), make(chan struct{})
	ends := []chan struct{}{make(chan struct{})}
	go func() {
		defer close(ends[0])
		must(x.db.Update(ctx, func(desk.Tx) error { close(held); <-hold; return nil }))
	}()
	<-held
	for _, w := range all {
		end := make(chan struct{})
		queued, ended := x.db.Waiting(), false
		go func() { defer close(end); w.run() }()
		for !ended && x.db.Waiting() == queued {
			select {
			case <-end: // refused at the door
				ended = true
			default:
				runtime.Gosched()
			}
		}
		ends = append(ends, end)
	}
	close(hold)
	for _, end := range ends {
		<-end
	}
	for _, w := range all {
		w.then()
	}
}

// taking merges what another node holds and this one lacks.
func (s *world) taking(x, y *node) step {
	if x == y || !y.up || !s.reach(x.n, y.n) {
		return idle
	}
	held, from := x.db.Vector(), map[desk.Origin]uint64{}
	known := x.db.Identities()
	for o, n := range y.db.Vector() {
		if n > held[o] && o != x.db.Origin() {
			from[o] = held[o] + 1
		}
	}
	for _, o := range slices.Sorted(maps.Keys(from)) {
		if _, met := known[o]; !met {
			id, _ := y.db.Identity(o)
			must(x.log.Introduce(ctx, []desk.Identity{id}))
		}
	}
	if len(from) == 0 {
		return idle
	}
	runs, err := y.log.Pull(from, 1<<20, false)
	must(err)
	return step{
		run: func() { _, err = x.log.Merge(ctx, runs) },
		then: func() {
			s.Note(uint64(len(runs)))
			if err != nil {
				s.failed(x, "a merge", err)
			}
		},
	}
}

// rebirth has a node begin a new incarnation as of what it holds now.
func (s *world) rebirth(x *node) step {
	keep := x.db.Vector()[x.db.Origin()]
	var err error
	return step{
		run:  func() { err = x.eng.Reborn(ctx, keep) },
		then: func() { must(err) },
	}
}

func (s *world) timers(x *node) step {
	var err error
	return step{
		run: func() { err = x.eng.Tick(ctx) },
		then: func() {
			if err != nil {
				s.failed(x, "timers", err)
			}
		},
	}
}

var idle = step{func() {}, func() {}}

// sound compares what a node shows with what its own rebuild shows; "" when they
// are one.
func (x *node) sound() string {
	err := x.eng.Settle(ctx)
	live, err1 := x.db.Checksum()
	err = errors.Join(err, err1, x.db.Rebuild(ctx, x.eng))
	again, err2 := x.db.Checksum()
	if err = errors.Join(err, err2); err != nil {
		return err.Error()
	}
	if live != again {
		return fmt.Sprintf("divergent: node %d shows what its own rebuild does not", x.n)
	}
	return ""
}

// joined compares what a node shows with what a workstation shows that has joined it
// empty, and took its whole log at once; "" when they are one.
func (x *node) joined() string {
	live, err := x.db.Checksum()
	if err != nil {
		return err.Error()
	}
	db, err := store.Open(ctx, store.Options{Memory: &store.Memory{Rand: seedOf(1 << 20)}})
	if err != nil {
		return err.Error()
	}
	defer func() { must(db.Close()) }()
	var runs []desk.Run
	err = x.db.Walk(ctx, nil, func(id desk.Identity) error { return db.Introduce(ctx, id) }, func(r desk.Run) error {
		runs = append(runs, r)
		return nil
	})
	if err != nil {
		return err.Error()
	}
	taken, err := db.Bulk(ctx, db.Prove(runs))
	if err = errors.Join(append(taken.Bad, err)...); err != nil {
		return fmt.Sprintf("divergent: the log of node %d is not taken whole: %v", x.n, err)
	}
	eng, err := rooms.Open(ctx, engine.Config{Log: db, Rand: seedOf(1<<20 + 1), Now: func() time.Time { return x.s.Now }})
	if err != nil {
		return err.Error()
	}
	defer func() { must(eng.Close()) }()
	if err := db.Rebuild(ctx, eng); err != nil {
		return err.Error()
	}
	if sum, err := db.Checksum(); err != nil || sum != live {
		return fmt.Sprintf("divergent: who joins node %d shows what the node does not (%v)", x.n, err)
	}
	return ""
}
