package stream

import (
	"fmt"
	"maps"

	"punto/app/desk"
)

// received keeps what was wished for until all of it has come; what was pushed
// goes in at once.
func (s *Peering) received(m Message) (*Work, error) {
	r, err := DecodeRun(m)
	if err != nil {
		return nil, err
	}
	if next, asked := s.asked[r.Origin]; s.wishing && asked && r.First == next {
		if s.held += len(m.Body); s.held > 2*wishBytes+MaxRun {
			return nil, fmt.Errorf("%w: more than was wished for", ErrMessage)
		}
		s.asked[r.Origin] = r.Last() + 1
		s.batch = append(s.batch, r)
		return nil, nil
	}
	w := s.merging([]desk.Run{r}, func(bool) ([]Message, error) {
		if t := s.theirs[r.Origin]; r.Last() > t.Seq { // the peer holds what it sends
			p := s.log.Points()[r.Origin]
			if p.Seq != r.Last() {
				p = desk.Point{Seq: r.Last()}
			}
			s.holds(r.Origin, p)
		}
		return s.Poll()
	})
	w.pushed = true
	return w, nil
}

// done has all that was wished for, or as much of it as is sent at once: the rest
// is asked for before this goes into the log.
func (s *Peering) done() (now []Message, w *Work, err error) {
	if !s.wishing {
		return nil, nil, fmt.Errorf("%w: nothing was wished for", ErrMessage)
	}
	batch := s.batch
	s.batch, s.held, s.wishing = nil, 0, false
	if s.own {
		s.own = false
		s.settle()
		return nil, s.judgeSelf(batch), nil
	}
	if len(batch) == 0 {
		if s.merges == 0 { // what it told of it does not have any more
			mine := s.log.Points()
			for o, p := range s.theirs {
				if p.Seq > mine[o].Seq && o != s.log.Origin() {
					s.lacks(o)
				}
			}
		}
		if s.merges > 0 {
			return nil, nil, nil
		}
		s.settle()
		now, err = s.Poll()
		return now, nil, err
	}
	if s.merges++; s.merges < mergesMost {
		now = s.ahead()
	}
	return now, s.merging(batch, s.merged), nil
}

// merged goes on when a batch is in the log.
func (s *Peering) merged(good bool) ([]Message, error) {
	s.merges--
	if s.spoilt = s.spoilt || !good; s.wishing {
		return s.news(), nil
	}
	if ms := s.ahead(); ms != nil || s.merges > 0 {
		return append(ms, s.news()...), nil
	}
	s.settle()
	return s.Poll()
}

// settle ends a wish with all that came of it.
func (s *Peering) settle() {
	s.claim.release(s)
	clear(s.asked)
	s.spoilt = false
}

// noRoom tells whether the log still has no room since it had none for what came.
func (s *Peering) noRoom() bool {
	s.full = s.full && s.log.Room().Full
	return s.full
}

// ahead asks for what comes after the batches that came; nil when there is nothing.
func (s *Peering) ahead() []Message {
	w := Wish{From: map[desk.Origin]uint64{}}
	for o, n := range s.asked {
		if s.theirs[o].Seq >= n {
			w.From[o] = n
		}
	}
	if len(w.From) == 0 || s.spoilt || s.full {
		return nil
	}
	s.wishing = true
	s.asked = maps.Clone(w.From)
	return []Message{encode(Want, w)}
}
