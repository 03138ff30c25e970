package chain

import (
	"fmt"
	"time"

	"punto/app/desk"
)

// A stamp orders and is adopted, however far ahead. But one that is a hundred years
// ahead of this clock, and of the age of this program, is no clock's: whoever
// adopted it would be refused by all others.
const farAhead = 100 * 365 * 24 * time.Hour

var youngest = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func latest() desk.Stamp {
	now := time.Now()
	if now.Before(youngest) {
		now = youngest
	}
	return desk.Stamp(now.Add(farAhead).UnixMilli()) << 16 // long after 1970
}

// ProveRun proves a run after a chain and a stamp.
func ProveRun(r *desk.Run, key, prev [32]byte, last desk.Stamp) {
	p := &desk.Proof{Key: key, Prev: prev, Hash: prev}
	r.Proof = p
	if why := Misshapen(r); why != "" {
		p.Bad = Forged(r, why)
		return
	}
	if p.Events, p.Bad = ParseAfter(r, 0, last); p.Bad != nil {
		return
	}
	for _, f := range r.Frames {
		p.Hash = Next(p.Hash, f)
	}
	if !Ends(key, r.Origin, r.Last(), p.Hash, r.Sig[:]) {
		p.Bad = Forged(r, "the signature does not fit what is held before")
	}
}

// Misshapen tells why frames are no run of a log; "" when they may be one.
func Misshapen(r *desk.Run) string {
	switch {
	case len(r.Frames) == 0 || len(r.Frames) > BlockEvents || r.First == 0 || r.Last() < r.First:
		return "no events, or too many"
	case BlockOf(r.First) != BlockOf(r.Last()):
		return "a run across the end of a block"
	}
	return ""
}

// Forged is desk.ErrForged of a run, and why.
func Forged(r *desk.Run, why string) error {
	return fmt.Errorf("%w: origin %016x from sequence %d: %s", desk.ErrForged, uint64(r.Origin), r.First, why)
}

// Placed tells what is wrong with the size and the place of a frame of a run.
func Placed(r *desk.Run, i int) error {
	f := r.Frames[i]
	if len(f) <= headerBytes || len(f) > MaxFrameBytes {
		return Forged(r, "a frame of a wrong size")
	}
	if o, seq := FrameID(f); o != r.Origin || seq != r.First+uint64(i) {
		return Forged(r, "an event out of its place")
	}
	return nil
}

// ParseAfter reads the frames of a run from one on; their stamps rise after last.
func ParseAfter(r *desk.Run, from int, last desk.Stamp) (events []desk.Event, err error) {
	end := latest()
	for i := from; i < len(r.Frames); i++ {
		if err := Placed(r, i); err != nil {
			return nil, err
		}
		e, err := ParseFrame(r.Frames[i])
		if err != nil {
			return nil, Forged(r, err.Error())
		}
		if e.Stamp <= last || e.Stamp >= end {
			return nil, Forged(r, "a stamp that does not rise")
		}
		last = e.Stamp
		if events == nil {
			events = make([]desk.Event, 0, len(r.Frames)-from)
		}
		events = append(events, e)
	}
	return events, nil
}
