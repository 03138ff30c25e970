package stream

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"punto/app/desk"
)

// Log is what a session needs of the log of its workstation. Package site fits
// a log and the judge over it to it.
type Log interface {
	Origin() desk.Origin
	Points() map[desk.Origin]desk.Point
	PointAt(desk.Origin, uint64) (desk.Point, error) // an error when it is not held
	Identities() map[desk.Origin]desk.Identity
	// Introduce keeps an identity, having verified its certificate.
	Introduce(context.Context, desk.Identity) error
	// Pull gives runs from a sequence of each origin on, in order of time, about
	// limit bytes of them; one gives only the first of each.
	Pull(from map[desk.Origin]uint64, limit int, one bool) ([]desk.Run, error)
	Merge(context.Context, []desk.Run) (desk.Taken, error)
	// Reborn begins a new incarnation: what this workstation wrote after keep is
	// written again under it.
	Reborn(ctx context.Context, keep uint64) error
	// Frozen tells whether an origin has written two histories.
	Frozen(desk.Origin) bool
	// Proves tells whether a run of this workstation's own origin, which is not
	// held or is held otherwise, bears its signature.
	Proves(desk.Run) bool
}

// Claims keeps the sessions of one workstation from pulling the same origin
// twice. The zero Claims is ready; its sessions run on one goroutine at a time or
// hold Claims' own lock through the methods.
type Claims struct{ by map[desk.Origin]*Session }

func (c *Claims) claim(o desk.Origin, s *Session) bool {
	if c.by == nil {
		c.by = map[desk.Origin]*Session{}
	}
	if who, taken := c.by[o]; taken && who != s {
		return false
	}
	c.by[o] = s
	return true
}

func (c *Claims) release(s *Session) {
	maps.DeleteFunc(c.by, func(_ desk.Origin, who *Session) bool { return who == s })
}

// Session is one end of one connection between two workstations of a site. Its
// methods are called from one goroutine at a time.
type Session struct {
	Me    Greeting
	Peer  Greeting      // zero until it has greeted
	Early func(Message) // sends what need not wait for the end of Handle; nil = nothing is sent early
	log   Log
	claim *Claims

	theirs  map[desk.Origin]desk.Point // what the peer is known to hold
	told    map[desk.Origin]desk.Point // what the peer was told
	shown   map[desk.Origin]bool       // identities that the peer was given
	asked   map[desk.Origin]uint64     // of the present wish: next sequence expected
	wishing bool
	batch   []desk.Run          // of the present wish
	held    int                 // bytes of the batch
	search  *search             // for the place where two histories part; nil = none
	proof   uint64              // with own: where this workstation's history parts from what the peer holds of it
	own     bool                // the present wish is for the proof that it does
	suspect desk.Origin         // whose histories may part; 0 = none
	doubts  map[desk.Origin]int // runs of it that did not fit
	full    bool                // the log had no room for what came: nothing is asked for until it has

	protocol int
}

// NewSession makes one end; Begin gives its first messages.
func NewSession(l Log, c *Claims, me Greeting) *Session {
	me.Min, me.Max = max(me.Min, ProtocolMin), ProtocolMax
	return &Session{Me: me, log: l, claim: c, theirs: map[desk.Origin]desk.Point{}, told: map[desk.Origin]desk.Point{},
		shown: map[desk.Origin]bool{}, asked: map[desk.Origin]uint64{}, doubts: map[desk.Origin]int{}}
}

// Errors that end a session.
var (
	ErrProtocol  = errors.New("the workstations speak no common version of the protocol: update the older one")
	ErrOtherDesk = errors.New("the other workstation belongs to another desk")
	ErrRude      = errors.New("the other workstation did not greet")
)

// Begin gives the first messages of the session.
func (s *Session) Begin() []Message {
	return []Message{encode(Hello, s.Me)}
}

// End gives back what the session had claimed.
func (s *Session) End() { s.claim.release(s) }

// Theirs is what the peer is known to hold.
func (s *Session) Theirs() desk.Vector {
	v := desk.Vector{}
	for o, p := range s.theirs {
		v[o] = p.Seq
	}
	return v
}

// Behind is how many events the peer has told of that are not held here.
func (s *Session) Behind() (n uint64) {
	mine := s.log.Points()
	for o, p := range s.theirs {
		if p.Seq > mine[o].Seq {
			n += p.Seq - mine[o].Seq
		}
	}
	return n
}

// Handle takes one message of the peer and gives those to send. After an error
// the session is over.
func (s *Session) Handle(ctx context.Context, m Message) ([]Message, error) {
	if s.Peer.Max == 0 && m.Kind != Hello {
		return nil, ErrRude
	}
	switch m.Kind {
	case Hello:
		return s.greeted(m)
	case Met:
		ids, err := decode[[]desk.Identity](m)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if err := s.log.Introduce(ctx, id); errors.Is(err, desk.ErrFull) {
				s.full = true // it comes again with the next session
			} else if err != nil {
				return nil, fmt.Errorf("an identity that does not hold: %w", err)
			}
		}
		return nil, nil
	case Vector, Have:
		return s.heard(m)
	case Want:
		return s.wanted(m)
	case Events, Block:
		return s.received(ctx, m)
	case Done:
		return s.done(ctx)
	case AskPoint:
		return s.probed(m)
	case Told:
		return s.answered(ctx, m)
	}
	return nil, nil // of a newer version, or of the transport
}

func (s *Session) greeted(m Message) ([]Message, error) {
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
func (s *Session) introduce(ps map[desk.Origin]desk.Point) []Message {
	var ids []desk.Identity
	all := s.log.Identities()
	for _, o := range slices.Sorted(maps.Keys(ps)) {
		if id, ok := all[o]; ok && !s.shown[o] {
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

func (s *Session) heard(m Message) ([]Message, error) {
	ps, err := decode[map[desk.Origin]desk.Point](m)
	if err != nil {
		return nil, err
	}
	if len(s.theirs)+len(ps) > maxOrigins {
		return nil, fmt.Errorf("%w: more than %d origins", ErrMessage, maxOrigins)
	}
	for o, p := range ps {
		if was := s.theirs[o]; p.Seq >= was.Seq || o == s.log.Origin() {
			s.theirs[o] = p
		}
	}
	return s.Poll()
}

// Poll gives what there is to say after the log has grown or the peer has told
// more: news first, then a wish when none is open.
func (s *Session) Poll() ([]Message, error) {
	if s.Peer.Max == 0 {
		return nil, nil
	}
	ms, err := s.news()
	if err != nil {
		return nil, err
	}
	more, err := s.wish()
	return append(ms, more...), err
}

// news tells what was not told yet: small runs whole, the rest by its points.
func (s *Session) news() (ms []Message, err error) {
	mine := s.log.Points()
	fresh := map[desk.Origin]desk.Point{}
	for o, p := range mine {
		if p != s.told[o] {
			fresh[o] = p
		}
	}
	if len(fresh) == 0 {
		return nil, nil
	}
	ms = s.introduce(fresh)
	for _, o := range slices.Sorted(maps.Keys(fresh)) {
		p := fresh[o]
		s.told[o] = p
		has := s.theirs[o]
		if has.Seq >= p.Seq {
			delete(fresh, o) // it came from there, or by another way
			continue
		}
		if s.protocol > 1 && (has != (desk.Point{}) || p.Seq < 64) {
			runs, err := s.log.Pull(map[desk.Origin]uint64{o: has.Seq + 1}, pushBytes, false)
			if err != nil {
				return nil, err
			}
			if n := len(runs); n > 0 && n <= 2 && runs[n-1].Last() >= p.Seq && runs[0].First == has.Seq+1 && sizeOf(runs) <= pushBytes {
				for _, r := range runs {
					ms = append(ms, EncodeRun(r))
				}
				s.theirs[o] = p
				delete(fresh, o)
			}
		}
	}
	if len(fresh) > 0 {
		ms = append(ms, encode(Have, fresh))
	}
	return ms, nil
}

func sizeOf(rs []desk.Run) (n int) {
	for i := range rs {
		n += rs[i].Size()
	}
	return n
}

// none is the hash of a point that is known by its sequence alone.
var none [8]byte

// wish asks for what the peer holds and this workstation does not.
func (s *Session) wish() ([]Message, error) {
	if s.wishing || s.search != nil || s.noRoom() {
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
	for _, o := range slices.Sorted(maps.Keys(s.theirs)) {
		p := s.theirs[o]
		have := mine[o]
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

func (s *Session) wanted(m Message) ([]Message, error) {
	w, err := decode[Wish](m)
	if err != nil {
		return nil, err
	}
	runs, err := s.log.Pull(w.From, wishBytes, w.One)
	if err != nil {
		return nil, err
	}
	var ms []Message
	for _, r := range runs {
		ms = append(ms, EncodeRun(r))
	}
	return append(ms, Message{Kind: Done}), nil
}

// received keeps what was wished for until all of it has come; what was pushed
// goes in at once.
func (s *Session) received(ctx context.Context, m Message) ([]Message, error) {
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
	if err := s.merge(ctx, []desk.Run{r}); err != nil {
		return nil, err
	}
	if t := s.theirs[r.Origin]; r.Last() > t.Seq { // the peer holds what it sends
		p, err := s.log.PointAt(r.Origin, r.Last())
		if err != nil {
			p = desk.Point{Seq: r.Last()}
		}
		s.theirs[r.Origin] = p
	}
	return s.Poll()
}

func (s *Session) done(ctx context.Context) ([]Message, error) {
	if !s.wishing {
		return nil, fmt.Errorf("%w: nothing was wished for", ErrMessage)
	}
	batch := s.batch
	s.batch, s.held, s.wishing = nil, 0, false
	early := s.Early != nil && !s.full && !s.own && len(batch) > 0 && s.ahead()
	if !early {
		s.claim.release(s)
		clear(s.asked)
	}
	if s.own {
		s.own = false
		return s.judgeSelf(ctx, batch)
	}
	if err := s.merge(ctx, batch); err != nil {
		return nil, err
	}
	if early {
		return s.news()
	}
	if len(batch) == 0 { // what it told of it does not have any more
		mine := s.log.Points()
		for o, p := range s.theirs {
			if p.Seq > mine[o].Seq && o != s.log.Origin() {
				delete(s.theirs, o)
			}
		}
	}
	return s.Poll()
}

// noRoom tells whether the log still has no room since it had none for what came.
func (s *Session) noRoom() bool {
	if s.full {
		_, err := s.log.Merge(context.Background(), nil)
		s.full = errors.Is(err, desk.ErrFull)
	}
	return s.full
}

// ahead asks for what comes after the batch before the batch is merged, so that
// the peer sends while this workstation folds; false when there is nothing.
func (s *Session) ahead() bool {
	w := Wish{From: map[desk.Origin]uint64{}}
	for o, n := range s.asked {
		if s.theirs[o].Seq >= n {
			w.From[o] = n
		}
	}
	if len(w.From) == 0 {
		return false
	}
	s.wishing = true
	s.asked = maps.Clone(w.From)
	s.Early(encode(Want, w))
	return true
}

// merge puts runs into the log. A run that is forged ends the session; one that
// leaves a gap only means that something was missed, and is asked for again.
func (s *Session) merge(ctx context.Context, runs []desk.Run) error {
	if len(runs) == 0 {
		return nil
	}
	for i := range runs { // what this workstation writes itself comes back by round-about ways
		if runs[i].Origin == s.log.Origin() {
			runs = slices.DeleteFunc(slices.Clone(runs), func(r desk.Run) bool { return r.Origin == s.log.Origin() })
			break
		}
	}
	t, err := s.log.Merge(ctx, runs)
	if errors.Is(err, desk.ErrFull) {
		s.full = true
		return nil
	}
	if err != nil {
		return err
	}
	for i, bad := range t.Bad {
		if errors.Is(bad, desk.ErrForged) && !s.parts(runs[i]) || errors.Is(bad, desk.ErrStranger) {
			return bad
		}
	}
	return nil
}

// parts tells whether a run may fail only because the two workstations hold
// different histories of its origin: then the place where they part is sought,
// a few times at most.
func (s *Session) parts(r desk.Run) bool {
	if s.doubts[r.Origin]++; r.First == 1 || s.doubts[r.Origin] > 3 {
		return false
	}
	s.suspect = r.Origin
	return true
}
