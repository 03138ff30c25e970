package simnet_test

import (
	"context"
	"strings"
	"testing"

	"punto/app/desk"
	"punto/store"
	"punto/sync/stream"
)

// deaf is a log that takes some runs and keeps nothing of them.
type deaf struct {
	stream.Log
	every int
	n     int
}

func (d *deaf) Merge(ctx context.Context, runs []desk.Run) (desk.Taken, error) {
	if d.n++; d.n%d.every == 0 {
		return desk.Taken{Bad: make([]error, len(runs))}, nil
	}
	return d.Log.Merge(ctx, runs)
}

// Pull of a liar tells that there is nothing.
func (d *deaf) Pull(from map[desk.Origin]uint64, limit int, one bool) ([]desk.Run, error) {
	if d.every == 1 {
		return nil, nil
	}
	return d.Log.Pull(from, limit, one)
}

// blind is a log whose transactions do not see all that their commit has taken.
type blind struct {
	*store.DB
	newest, vector bool       // what they do not see
	own            desk.Stamp // newest of its own events
}

func (b *blind) Update(ctx context.Context, f func(desk.Tx) error) error {
	return b.DB.Update(ctx, func(tx desk.Tx) error { return f(&blindTx{tx, b}) })
}

type blindTx struct {
	desk.Tx
	b *blind
}

func (t *blindTx) Append(e *desk.Event) error {
	err := t.Tx.Append(e)
	t.b.own = max(t.b.own, e.Stamp)
	return err
}

func (t *blindTx) Newest() desk.Stamp {
	if t.b.newest {
		return max(t.b.Newest(), t.b.own)
	}
	return t.Tx.Newest()
}

func (t *blindTx) Vector() desk.Vector {
	if t.b.vector {
		return t.b.Vector()
	}
	return t.Tx.Vector()
}

// most is how many schedules may pass before a fault is found.
const most = 1000

// A simulation that finds nothing may look at nothing. Each fault that it is there
// to find is planted, and found.
func TestPlantedFaultsAreFound(t *testing.T) {
	spoil := func(change func(*testing.T, *world, *node)) func(*testing.T, uint64) string {
		return func(t *testing.T, seed uint64) string {
			s := newWorld(t, seed, plan{})
			s.plant = func() { change(t, s, s.nodes[2]) }
			return s.run(20)
		}
	}
	blinded := func(b blind) func(*testing.T, uint64) string {
		return func(t *testing.T, seed uint64) string {
			p := planOf(seed)
			p.roles, p.clones, p.partitions, p.restores = true, true, true, false
			s := newWorld(t, seed, p)
			for _, x := range s.nodes {
				x.stop()
			}
			s.under = func(db *store.DB) desk.Log { return &blind{DB: db, newest: b.newest, vector: b.vector} }
			for _, x := range s.nodes {
				must(x.open())
			}
			return s.run(25)
		}
	}
	for _, f := range []struct {
		name, found string
		run         func(*testing.T, uint64) string
	}{
		{"nothing is planted", "", spoil(func(*testing.T, *world, *node) {})},
		{"a workstation acknowledges before it has synced, and is killed", "lost", func(t *testing.T, seed uint64) string {
			s := newWorld(t, seed, plan{partitions: true})
			s.unsynced = true
			return s.run(25)
		}},
		{"one that was put back goes on as if it had not been", "", func(t *testing.T, seed uint64) string {
			return newWorld(t, seed, plan{partitions: true, restores: true, unnoticed: true}).run(40)
		}},
		{"a copy goes on counting and writing as its original", "", func(t *testing.T, seed uint64) string {
			s := newWorld(t, seed, plan{partitions: true})
			s.plantAt, s.plant = 5, func() {
				y := s.nodes[2]
				y.stop()
				y.disk = s.nodes[1].disk.Clone()
				y.disk.Rand = seedOf(seed)
				must(y.open())
			}
			return s.run(30)
		}},
		{"a workstation takes what it is sent and keeps nothing", "divergent", func(t *testing.T, seed uint64) string {
			s := newWorld(t, seed, plan{blocked: true})
			x := s.nodes[1]
			x.stop()
			s.wrap = func(n *node, l stream.Log) stream.Log {
				if n == x {
					return &deaf{Log: l, every: 1}
				}
				return l
			}
			must(x.open())
			return s.run(20)
		}},
		{"a view is not the fold of its events", "divergent", spoil(func(t *testing.T, s *world, x *node) {
			must(x.db.Update(ctx, func(tx desk.Tx) error {
				return tx.PutView(desk.Entity{Type: desk.CaseType, ID: desk.ID{9}}, []byte{1})
			}))
		})},
		{"an index key is left behind", "divergent", spoil(func(t *testing.T, s *world, x *node) {
			must(x.db.Update(ctx, func(tx desk.Tx) error { return tx.PutIndex([]byte("dzombie"), nil) }))
		})},
		{"one alarm is written under two ids", "doubled", spoil(func(t *testing.T, s *world, x *node) {
			for i := range 2 {
				p, err := desk.Diff(desk.Alarm{}, desk.Alarm{Case: desk.ID{1}, Clock: "resolve/1", Percent: 75, DueAt: 1})
				must(err)
				b, err := desk.Encode(p)
				must(err)
				e := desk.Event{Stamp: desk.Stamp(s.Now.Add(s.Between(0, 1)).UnixMilli()+int64(i)) << 16, Kind: desk.RecordPatched, Version: 1,
					Entity: desk.Entity{Type: desk.AlarmType, ID: desk.ID{byte(i + 1)}}, At: 1, Body: b}
				must(x.db.Update(ctx, func(tx desk.Tx) error { return tx.Append(&e) }))
			}
			must(x.db.Rebuild(ctx, x.eng))
		})},
		{"stamps that were received are seen after the commit", "divergent: node", blinded(blind{newest: true})},
		{"origins that are new in a commit are seen after it", "divergent: node", blinded(blind{vector: true})},
		{"nobody leads, and no alarm is given", "lost: no alarm", func(t *testing.T, seed uint64) string {
			s := newWorld(t, seed, plan{})
			s.headless = true
			return s.run(40)
		}},
	} {
		t.Run(f.name, func(t *testing.T) {
			var last string
			most := uint64(most)
			if f.found == "" && f.name == "nothing is planted" {
				most = 60
			}
			for seed := uint64(1); seed <= most; seed++ {
				last = f.run(t, seed)
				if f.name == "nothing is planted" && last != "" {
					t.Fatalf("seed %d: %s", seed, last)
				}
				if last != "" && strings.HasPrefix(last, f.found) {
					t.Logf("found after %d schedules: %s", seed, last)
					return
				}
			}
			if f.name != "nothing is planted" {
				t.Errorf("%d schedules did not find it; the last said %q", most, last)
			}
		})
	}
}
