package gossip

import (
	"bytes"
	"time"

	"punto/app/desk"
)

// Patience is how long a workstation must be the first of those alive before it
// leads: one that was only slow is not robbed of the lead.
const Patience = 3 * time.Second

// Candidate is a workstation that may lead.
type Candidate struct {
	Node        desk.ID
	Coordinator bool
	Term        uint64 // of the lead that it tells of
}

// Lease is the lead of the duties that are done once per desk, as one workstation
// sees it. It is held by the first of those alive: the coordinator, then by id.
// Workstations that cannot reach each other may both hold it; what they do has
// ids derived from the facts, so that it is one when they meet. The zero Lease is
// held by nobody.
type Lease struct {
	Holder desk.ID
	Term   uint64 // rises with every hand-over that is known of
	first  time.Time
	was    desk.ID
}

// Step looks at who is alive now; me is one of them. It tells whether anything
// changed.
func (l *Lease) Step(now time.Time, me Candidate, others []Candidate) bool {
	before := *l
	best := me
	for _, c := range others {
		l.Term = max(l.Term, c.Term)
		if c.Coordinator != best.Coordinator {
			if c.Coordinator {
				best = c
			}
			continue
		}
		if bytes.Compare(c.Node[:], best.Node[:]) < 0 {
			best = c
		}
	}
	if best.Node != l.was {
		l.was, l.first = best.Node, now
	}
	switch {
	case best.Node != me.Node:
		l.Holder = best.Node
	case l.Holder != me.Node && now.Sub(l.first) >= Patience:
		l.Holder = me.Node
		l.Term++
	}
	return l.Holder != before.Holder || l.Term != before.Term
}
