package host

import (
	"context"
	"slices"

	"github.com/fxamacker/cbor/v2"

	"punto/app/desk"
	"punto/sync/gossip"
	"punto/sync/stream"
)

// Kinds of hint.
const (
	runHint     = 'R' // a run
	presentHint = 'P' // presence
)

// presence tells who is signed in on a workstation. It proves nothing, and decides
// nothing.
type presence struct {
	Node   desk.ID   `cbor:"1,keyasint"`
	Agents []desk.ID `cbor:"2,keyasint"`
}

// Present implements app.Peers.
func (s *site) Present() {
	b, err := cbor.Marshal(presence{s.me, s.h.Agents()})
	if s.mesh != nil && err == nil {
		s.mesh.Direct(append([]byte{presentHint}, b...))
	}
}

func (s *site) heardPresence(b []byte) {
	var p presence
	if cbor.Unmarshal(b, &p) != nil || len(p.Agents) > 64 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.present == nil {
		s.present = map[desk.ID][]desk.ID{}
	}
	if _, known := s.present[p.Node]; known || len(s.present) < 1024 {
		s.present[p.Node] = p.Agents
	}
}

// spread sends what this workstation writes to all that are alive, at once, when
// it is small enough for a hint. Sessions carry the rest.
func (s *site) spread(ctx context.Context) {
	origin := s.h.db.Origin()
	told := s.h.db.Vector()[origin]
	for {
		select {
		case <-s.news:
		case <-ctx.Done():
			return
		}
		if s.mesh == nil {
			continue
		}
		if o := s.h.db.Origin(); o != origin {
			origin, told = o, 0
		}
		runs, err := (&Replica{DB: s.h.db}).Pull(map[desk.Origin]uint64{origin: told + 1}, gossip.MaxHint, false)
		if err != nil || len(runs) == 0 {
			continue
		}
		for _, r := range runs {
			if b := append([]byte{runHint, byte(stream.Events)}, stream.EncodeRun(r).Body...); r.Block == nil && len(b) <= gossip.MaxHint {
				s.mesh.Tell(b)
			}
		}
		told = s.h.db.Vector()[origin]
	}
}

// heard takes a hint off the gossip's goroutine.
func (s *site) heard(b []byte) {
	if len(b) < 2 {
		return
	}
	if b[0] == presentHint {
		s.heardPresence(b[1:])
		return
	}
	if b[0] != runHint {
		return
	}
	r, err := stream.DecodeRun(stream.Message{Kind: stream.Kind(b[1]), Body: b[2:]})
	if err != nil || r.Block != nil {
		return
	}
	select {
	case s.hints <- r:
	default: // sessions bring it
	}
}

// take puts hinted runs into the log, where they prove themselves.
func (s *site) take(ctx context.Context) {
	for {
		var runs []desk.Run
		select {
		case r := <-s.hints:
			runs = append(runs, r)
		case <-ctx.Done():
			return
		}
		for len(runs) < 256 {
			select {
			case r := <-s.hints:
				runs = append(runs, r)
				continue
			default:
			}
			break
		}
		own := s.h.db.Origin()
		held := s.h.db.Vector()
		runs = slices.DeleteFunc(runs, func(r desk.Run) bool { return r.Origin == own || r.Last() <= held[r.Origin] })
		if len(runs) == 0 {
			continue
		}
		if t, err := s.h.Merge(ctx, runs); err == nil && t.Events > 0 {
			s.hub.Wake()
		}
	}
}
