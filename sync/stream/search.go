package stream

import (
	"context"

	"punto/app/desk"
)

// search looks for the last sequence up to which two workstations hold the same
// history of an origin, by halving.
type search struct {
	origin desk.Origin
	lo, hi uint64 // the same at lo (0 = the beginning); hi is to be asked, or differs
}

// seek begins a search up to a sequence that both hold.
func (s *Peering) seek(o desk.Origin, upTo uint64) []Message {
	if s.search = (&search{origin: o, hi: upTo + 1}); upTo == 0 {
		s.search.hi = 1
	}
	return s.ask(upTo)
}

func (s *Peering) ask(seq uint64) []Message {
	return []Message{encode(AskPoint, Probe{Origin: s.search.origin, Point: desk.Point{Seq: seq}})}
}

func (s *Peering) probed(m Message) (*Work, error) {
	p, err := decode[Probe](m)
	if err != nil {
		return nil, err
	}
	return &Work{Reads: true, do: func(context.Context) error {
		if at, err := s.log.PointAt(p.Origin, p.Point.Seq); err == nil && at.Seq == p.Point.Seq {
			p.Point, p.Held = at, true
		}
		return nil
	}, then: func() ([]Message, error) { return []Message{encode(Told, p)}, nil }}, nil
}

func (s *Peering) answered(m Message) (*Work, error) {
	p, err := decode[Probe](m)
	if err != nil {
		return nil, err
	}
	if s.search == nil || p.Origin != s.search.origin {
		return nil, nil
	}
	same := false
	return &Work{Reads: true, do: func(context.Context) error {
		mine, err := s.log.PointAt(p.Origin, p.Point.Seq)
		same = err == nil && p.Held && mine == p.Point || p.Point.Seq == 0
		return nil
	}, then: func() ([]Message, error) { return s.narrow(p, same) }}, nil
}

// narrow goes on with the search, knowing whether the histories are the same at a
// sequence.
func (s *Peering) narrow(p Probe, same bool) ([]Message, error) {
	x := s.search
	if x == nil || p.Origin != x.origin {
		return nil, nil
	}
	if same {
		x.lo = max(x.lo, p.Point.Seq)
	} else {
		x.hi = min(x.hi, p.Point.Seq)
	}
	if x.hi > x.lo+1 {
		return s.ask(x.lo + (x.hi-x.lo)/2), nil
	}
	return s.parted(x.origin, x.lo)
}

// parted has found where the histories part: after the event at. Of its own
// origin this workstation is the copy that has to begin anew; of another, the
// runs after it prove the fork.
func (s *Peering) parted(o desk.Origin, at uint64) ([]Message, error) {
	s.search = nil
	mine := s.log.Points()[o]
	if o != s.log.Origin() && mine.Seq == at { // nothing parts: the peer may only have more
		if s.theirs[o].Seq == at {
			s.holds(o, mine)
		}
		return s.Poll()
	}
	s.wishing, s.own, s.proof = true, o == s.log.Origin(), at
	s.asked[o] = at + 1
	return []Message{encode(Want, Wish{From: map[desk.Origin]uint64{o: at + 1}, One: true})}, nil
}

// judgeSelf begins a new incarnation when a peer has proven that another copy of
// this workstation went on under its origin, or that it was put back.
func (s *Peering) judgeSelf(batch []desk.Run) *Work {
	o, proof := s.log.Origin(), s.proof
	var born uint64 // last sequence of the proof; 0 = there is none
	return &Work{do: func(ctx context.Context) error {
		for _, r := range batch {
			if r.Origin == o && r.First == proof+1 && s.log.Proves(r) {
				born = r.Last()
				return s.log.Reborn(ctx, proof)
			}
		}
		return nil
	}, then: func() ([]Message, error) {
		if s.lacks(o); born > 0 {
			s.holds(o, desk.Point{Seq: born})
		}
		return s.Poll()
	}}
}
