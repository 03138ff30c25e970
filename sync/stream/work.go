package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"punto/app/desk"
)

// Work is what takes long of the handling of a message: to prove, to merge, to read
// the log. Take gives it; whoever got it calls Do, which touches nothing of the
// peering and may run while the peering takes and tells other things, and then
// gives it back to Done.
type Work struct {
	// Reads says that nothing is written: it need not wait for work that was given
	// before. All other work is done in the order in which it was given.
	Reads bool

	do     func(context.Context) error
	then   func() ([]Message, error)
	err    error
	grew   bool
	pushed bool // it was not asked for: others may lack it as well
}

// Do does it. It returns soon once ctx has ended.
func (w *Work) Do(ctx context.Context) { w.err = w.do(ctx) }

// Done takes work back that was done and gives the messages to send. After an
// error the peering is over.
func (s *Peering) Done(w *Work) ([]Message, error) {
	if w.err != nil {
		return nil, w.err
	}
	return w.then()
}

// Handle is Take, Do and Done at once, for whoever has nothing else to do meanwhile.
func (s *Peering) Handle(ctx context.Context, m Message) ([]Message, error) {
	ms, w, err := s.Take(m)
	if err != nil || w == nil {
		return ms, err
	}
	w.Do(ctx)
	more, err := s.Done(w)
	return append(ms, more...), err
}

// met keeps the identities that the peer shows.
func (s *Peering) met(m Message) (*Work, error) {
	ids, err := decode[[]desk.Identity](m)
	if err != nil {
		return nil, err
	}
	full := false
	return &Work{do: func(ctx context.Context) error {
		err := s.log.Introduce(ctx, ids)
		if full = errors.Is(err, desk.ErrFull); full {
			return nil // they come again with the next peering
		}
		if err != nil {
			return fmt.Errorf("an identity that does not hold: %w", err)
		}
		return nil
	}, then: func() ([]Message, error) {
		s.full = s.full || full
		return nil, nil
	}}, nil
}

// wanted answers a wish.
func (s *Peering) wanted(m Message) (*Work, error) {
	w, err := decode[Wish](m)
	if err != nil {
		return nil, err
	}
	var ms []Message
	return &Work{Reads: true, do: func(context.Context) error {
		runs, err := s.log.Pull(w.From, wishBytes, w.One)
		for _, r := range runs {
			ms = append(ms, EncodeRun(r))
		}
		return err
	}, then: func() ([]Message, error) { return append(ms, Message{Kind: Done}), nil }}, nil
}

// merging puts runs into the log, and then goes on with next, which is told whether
// all of them were good. A run that is forged ends the peering; one that leaves a
// gap only means that something was missed, and is asked for again.
func (s *Peering) merging(runs []desk.Run, next func(good bool) ([]Message, error)) *Work {
	own := s.log.Origin()
	for i := range runs { // what this workstation writes itself comes back by round-about ways
		if runs[i].Origin == own {
			runs = slices.DeleteFunc(slices.Clone(runs), func(r desk.Run) bool { return r.Origin == own })
			break
		}
	}
	w := &Work{}
	var t desk.Taken
	full := false
	w.do = func(ctx context.Context) (err error) {
		if runs = s.log.Prove(runs); allHeld(runs) {
			return nil
		}
		t, err = s.log.Merge(ctx, runs)
		if full = errors.Is(err, desk.ErrFull); full {
			return nil
		}
		w.grew = t.Events > 0
		return err
	}
	w.then = func() ([]Message, error) {
		good := !full
		s.full = s.full || full
		for i, bad := range t.Bad {
			if errors.Is(bad, desk.ErrForged) && !s.parts(runs[i]) || errors.Is(bad, desk.ErrStranger) {
				return nil, bad
			}
			good = good && bad == nil
		}
		return next(good)
	}
	return w
}

// allHeld tells whether the log holds each of the runs, as it is.
func allHeld(runs []desk.Run) bool {
	return !slices.ContainsFunc(runs, func(r desk.Run) bool { return r.Proof == nil || !r.Proof.Held })
}

// parts tells whether a run may fail only because the two workstations hold
// different histories of its origin: then the place where they part is sought,
// a few times at most.
func (s *Peering) parts(r desk.Run) bool {
	if s.doubts[r.Origin]++; r.First == 1 || s.doubts[r.Origin] > 3 {
		return false
	}
	s.suspect = r.Origin
	return true
}
