package gossip

import (
	"testing"
	"time"

	"punto/app/desk"
)

func TestTheLeadGoesToTheFirstOfThoseAlive(t *testing.T) {
	boss, a, b := Candidate{Node: desk.ID{9}, Coordinator: true}, Candidate{Node: desk.ID{1}}, Candidate{Node: desk.ID{2}}
	type step struct {
		after  time.Duration
		others []Candidate
		holder desk.ID
		term   uint64
	}
	for _, story := range []struct {
		name  string
		me    Candidate
		steps []step
	}{
		{"alone it leads after a while", a, []step{{0, nil, desk.ID{}, 0}, {Patience - 1, nil, desk.ID{}, 0}, {1, nil, a.Node, 1}, {time.Hour, nil, a.Node, 1}}},
		{"the coordinator goes first", a, []step{{0, []Candidate{boss, b}, boss.Node, 0}, {time.Minute, []Candidate{boss, b}, boss.Node, 0}}},
		{"then the lesser id", b, []step{{0, []Candidate{a}, a.Node, 0}}},
		{"when the coordinator dies the next takes over", a, []step{{0, []Candidate{boss, b}, boss.Node, 0}, {time.Second, []Candidate{b}, boss.Node, 0},
			{Patience, []Candidate{b}, a.Node, 1}}},
		{"one that was only slow keeps it", a, []step{{0, []Candidate{boss}, boss.Node, 0}, {time.Second, nil, boss.Node, 0}, {time.Second, []Candidate{boss}, boss.Node, 0},
			{Patience - 1, nil, boss.Node, 0}, {Patience - 1, nil, boss.Node, 0}, {1, nil, a.Node, 1}}},
		{"the term goes on from what others have told", boss, []step{{0, []Candidate{{Node: a.Node, Term: 7}}, desk.ID{}, 7}, {Patience, []Candidate{{Node: a.Node, Term: 7}}, boss.Node, 8}}},
		{"an older term changes nothing", boss, []step{{0, []Candidate{{Node: a.Node, Term: 7}}, desk.ID{}, 7}, {time.Second, []Candidate{{Node: a.Node, Term: 3}, {Node: b.Node, Term: 5}}, desk.ID{}, 7},
			{Patience, []Candidate{{Node: b.Node, Term: 3}}, boss.Node, 8}, {time.Second, []Candidate{{Node: a.Node, Term: 2}}, boss.Node, 8}}},
		{"two that cannot reach each other both lead, and one gives it up when they meet", b, []step{{0, nil, desk.ID{}, 0}, {Patience, nil, b.Node, 1},
			{time.Minute, []Candidate{{Node: a.Node, Term: 1}}, a.Node, 1}}},
	} {
		t.Run(story.name, func(t *testing.T) {
			var l Lease
			now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
			for i, s := range story.steps {
				now = now.Add(s.after)
				before := l
				if changed := l.Step(now, story.me, s.others); changed != (before.Holder != l.Holder || before.Term != l.Term) {
					t.Errorf("step %d says changed: %v", i, changed)
				}
				if l.Holder != s.holder || l.Term != s.term {
					t.Errorf("step %d: %v leads in term %d, not %v in %d", i, l.Holder, l.Term, s.holder, s.term)
				}
			}
		})
	}
}
