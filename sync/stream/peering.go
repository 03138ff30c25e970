package stream

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"punto/app/desk"
)

// Log is what a peering needs of the log of its workstation. Package site fits
// a log and the judge over it to it. It is safe for several
// goroutines.
type Log interface {
	Origin() desk.Origin
	Points() map[desk.Origin]desk.Point              // not to be changed
	PointAt(desk.Origin, uint64) (desk.Point, error) // an error when it is not held
	Identity(desk.Origin) (desk.Identity, bool)
	// Introduce keeps identities, having verified their certificates.
	Introduce(context.Context, []desk.Identity) error
	// Pull gives runs from a sequence of each origin on, in order of time, about
	// limit bytes of them; one gives only the first of each.
	Pull(from map[desk.Origin]uint64, limit int, one bool) ([]desk.Run, error)
	// Recent is the run of an origin from a sequence to its head, when that is new
	// enough to be in memory. It reads no disk.
	Recent(o desk.Origin, from uint64) (desk.Run, bool)
	// Prove proves runs without waiting for anything that is being written; Merge
	// then need not. What it cannot decide it leaves as it is.
	Prove([]desk.Run) []desk.Run
	Merge(context.Context, []desk.Run) (desk.Taken, error)
	// Reborn begins a new incarnation: what this workstation wrote after keep is
	// written again under it.
	Reborn(ctx context.Context, keep uint64) error
	// Frozen tells whether an origin has written two histories.
	Frozen(desk.Origin) bool
	// Proves tells whether a run of this workstation's own origin, which is not
	// held or is held otherwise, bears its signature.
	Proves(desk.Run) bool
	Room() desk.Room
}

// Peering is one end of one connection between two workstations of a site. Its
// methods are called from one goroutine at a time, and none of them takes long:
// what does is Work, which is done elsewhere.
type Peering struct {
	Me    Greeting
	Peer  Greeting // zero until it has greeted
	log   Log
	claim *Claims

	theirs  map[desk.Origin]desk.Point // what the peer is known to hold; changed by holds and lacks
	vector  desk.Vector                // of theirs; nil = to be made
	told    map[desk.Origin]desk.Point // what the peer was told
	shown   map[desk.Origin]bool       // identities that the peer was given
	asked   map[desk.Origin]uint64     // of the present wish: next sequence expected
	wishing bool
	batch   []desk.Run          // of the present wish
	held    int                 // bytes of the batch
	merges  int                 // batches that came and are not in the log yet
	spoilt  bool                // one of them did not fit: what was asked for after it does not either
	search  *search             // for the place where two histories part; nil = none
	proof   uint64              // with own: where this workstation's history parts from what the peer holds of it
	own     bool                // the present wish is for the proof that it does
	suspect desk.Origin         // whose histories may part; 0 = none
	doubts  map[desk.Origin]int // runs of it that did not fit
	full    bool                // the log had no room for what came: nothing is asked for until it has

	protocol int
}

// mergesMost is how many batches wait for the log, or are being taken by it, while
// the next one comes.
const mergesMost = 2

// NewPeering makes one end; Begin gives its first messages.
func NewPeering(l Log, c *Claims, me Greeting) *Peering {
	me.Min, me.Max = max(me.Min, ProtocolMin), ProtocolMax
	return &Peering{Me: me, log: l, claim: c, theirs: map[desk.Origin]desk.Point{}, told: map[desk.Origin]desk.Point{},
		shown: map[desk.Origin]bool{}, asked: map[desk.Origin]uint64{}, doubts: map[desk.Origin]int{}}
}

// Errors that end a peering.
var (
	ErrProtocol  = errors.New("the workstations speak no common version of the protocol: update the older one")
	ErrOtherDesk = errors.New("the other workstation belongs to another desk")
	ErrRude      = errors.New("the other workstation did not greet")
)

// Begin gives the first messages of the peering.
func (s *Peering) Begin() []Message {
	return []Message{encode(Hello, s.Me)}
}

// End gives back what the peering had claimed.
func (s *Peering) End() { s.claim.release(s) }

// Theirs is what the peer is known to hold; it is not to be changed.
func (s *Peering) Theirs() desk.Vector {
	if s.vector == nil {
		s.vector = make(desk.Vector, len(s.theirs))
		for o, p := range s.theirs {
			s.vector[o] = p.Seq
		}
	}
	return s.vector
}

// holds notes what the peer is known to hold.
func (s *Peering) holds(o desk.Origin, p desk.Point) { s.theirs[o], s.vector = p, nil }

// lacks forgets what it was thought to hold.
func (s *Peering) lacks(o desk.Origin) {
	delete(s.theirs, o)
	s.vector = nil
}

// Behind is how many events the peer has told of that are not held here.
func (s *Peering) Behind() (n uint64) {
	mine := s.log.Points()
	for o, p := range s.theirs {
		if p.Seq > mine[o].Seq {
			n += p.Seq - mine[o].Seq
		}
	}
	return n
}

// Even tells whether the two hold the same as far as they know, and are about
// nothing.
func (s *Peering) Even() bool {
	if s.busy() || s.search != nil || s.Behind() > 0 {
		return false
	}
	for o, p := range s.log.Points() {
		if s.theirs[o].Seq < p.Seq {
			return false
		}
	}
	return true
}

// busy tells whether something that was asked for has not come, or is not in the
// log yet.
func (s *Peering) busy() bool { return s.wishing || s.merges > 0 }

// Take takes one message of the peer and gives those to send at once, and the work
// that it makes; nil = none. After an error the peering is over.
func (s *Peering) Take(m Message) (now []Message, w *Work, err error) {
	if s.Peer.Max == 0 && m.Kind != Hello {
		return nil, nil, ErrRude
	}
	switch m.Kind {
	case Hello:
		now, err = s.greeted(m)
	case Met:
		w, err = s.met(m)
	case Vector, Have:
		now, err = s.heard(m)
	case Want:
		w, err = s.wanted(m)
	case Events, Block:
		w, err = s.received(m)
	case Done:
		now, w, err = s.done()
	case AskPoint:
		w, err = s.probed(m)
	case Told:
		w, err = s.answered(m)
	}
	return now, w, err // what else there is, is of a newer version, or of the transport
}

func (s *Peering) greeted(m Message) ([]Message, error) {
	g, err := decode[Greeting](m)
	if err != nil {
		return nil, err
	}
	if s.Peer.Max != 0 {
		return nil, fmt.Errorf("%w: it greeted twice", ErrMessage)
	}
	if g.Desk != s.Me.Desk {
		return nil, ErrOtherDesk
	}
	if s.protocol = min(g.Max, s.Me.Max); s.protocol < max(g.Min, s.Me.Min) || s.protocol == 0 {
		return nil, ErrProtocol
	}
	s.Peer = g
	mine := s.log.Points()
	maps.Copy(s.told, mine)
	return append(s.introduce(mine), encode(Vector, mine)), nil
}

// introduce shows the identities behind origins that the peer was not given.
func (s *Peering) introduce(ps map[desk.Origin]desk.Point) []Message {
	var ids []desk.Identity
	for _, o := range sortedUnless(ps, func(o desk.Origin, _ desk.Point) bool { return s.shown[o] }) {
		if id, ok := s.log.Identity(o); ok {
			s.shown[o] = true
			ids = append(ids, id)
		}
	}
	var ms []Message
	for part := range slices.Chunk(ids, 256) {
		ms = append(ms, encode(Met, part))
	}
	return ms
}

func (s *Peering) heard(m Message) ([]Message, error) {
	ps, err := decode[map[desk.Origin]desk.Point](m)
	if err != nil {
		return nil, err
	}
	if len(s.theirs)+len(ps) > maxOrigins {
		return nil, fmt.Errorf("%w: more than %d origins", ErrMessage, maxOrigins)
	}
	for o, p := range ps {
		if was := s.theirs[o]; p != was && (p.Seq >= was.Seq || o == s.log.Origin()) {
			s.holds(o, p)
		}
	}
	return s.Poll()
}

// Poll gives what there is to say after the log has grown or the peer has told
// more: news first, then a wish when none is open.
func (s *Peering) Poll() ([]Message, error) { return s.say(true) }

// Mention is Poll for a peer that most likely holds what is new: it is told how far
// that goes, and asks for it if not.
func (s *Peering) Mention() ([]Message, error) { return s.say(false) }

func (s *Peering) say(whole bool) ([]Message, error) {
	if s.Peer.Max == 0 {
		return nil, nil
	}
	ms := s.tell(whole)
	more, err := s.wish()
	return append(ms, more...), err
}

// news tells what was not told yet.
func (s *Peering) news() []Message { return s.tell(true) }

// tell tells what was not told yet: where it may, small runs that are still in
// memory whole; the rest by its points.
func (s *Peering) tell(whole bool) (ms []Message) {
	fresh := map[desk.Origin]desk.Point{}
	for o, p := range s.log.Points() {
		if p == s.told[o] {
			continue
		}
		if s.told[o] = p; s.theirs[o].Seq < p.Seq { // else it came from there, or by another way
			fresh[o] = p
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	ms = s.introduce(fresh)
	for _, o := range slices.Sorted(maps.Keys(fresh)) {
		p, has := fresh[o], s.theirs[o].Seq
		if !whole || s.protocol < 2 || has == 0 && p.Seq >= 64 {
			continue
		}
		if r, ok := s.log.Recent(o, has+1); ok && r.Last() >= p.Seq && r.Size() <= pushBytes {
			ms = append(ms, EncodeRun(r))
			s.holds(o, p)
			delete(fresh, o)
		}
	}
	if len(fresh) > 0 {
		ms = append(ms, encode(Have, fresh))
	}
	return ms
}

// sortedUnless are the origins of points in their order, without those that are to
// be left out.
func sortedUnless(ps map[desk.Origin]desk.Point, out func(desk.Origin, desk.Point) bool) (os []desk.Origin) {
	for o, p := range ps {
		if !out(o, p) {
			os = append(os, o)
		}
	}
	slices.Sort(os)
	return os
}

// none is the hash of a point that is known by its sequence alone.
var none [8]byte

// wish asks for what the peer holds and this workstation does not.
func (s *Peering) wish() ([]Message, error) {
	if s.busy() || s.search != nil || s.noRoom() {
		return nil, nil
	}
	mine := s.log.Points()
	if o := s.suspect; o != 0 {
		s.suspect = 0
		if n := mine[o].Seq; n > 0 && !s.log.Frozen(o) {
			return s.seek(o, n), nil
		}
	}
	w := Wish{From: map[desk.Origin]uint64{}}
	for _, o := range sortedUnless(s.theirs, func(o desk.Origin, p desk.Point) bool { return p == mine[o] }) {
		p, have := s.theirs[o], mine[o]
		own := o == s.log.Origin()
		switch {
		case s.log.Frozen(o):
		case own && (p.Seq > have.Seq || p.Seq > 0 && p.Seq == have.Seq && p.Hash != have.Hash && p.Hash != none):
			return s.seek(o, min(p.Seq, have.Seq)), nil
		case own:
		case p.Seq > have.Seq && s.claim.claim(o, s):
			w.From[o] = have.Seq + 1
		case p.Seq == have.Seq && p.Hash != have.Hash && p.Hash != none:
			return s.seek(o, p.Seq), nil
		}
	}
	if len(w.From) == 0 {
		return nil, nil
	}
	s.wishing = true
	maps.Copy(s.asked, w.From)
	return []Message{encode(Want, w)}, nil
}
