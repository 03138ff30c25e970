package site

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

// Present tells the others who is signed in here.
func (p *Peers) Present() {
	b, err := cbor.Marshal(presence{p.me, p.Engine.Agents()})
	if p.mesh != nil && err == nil {
		p.mesh.Direct(append([]byte{presentHint}, b...))
	}
}

func (p *Peers) heardPresence(b []byte) {
	var x presence
	if cbor.Unmarshal(b, &x) != nil || len(x.Agents) > 64 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.present == nil {
		p.present = map[desk.ID][]desk.ID{}
	}
	if _, known := p.present[x.Node]; known || len(p.present) < 1024 {
		p.present[x.Node] = x.Agents
	}
}

// spread sends what this workstation writes to all that are alive, at once, when
// it is small enough for a hint. Sessions carry the rest.
func (p *Peers) spread(ctx context.Context) {
	origin := p.Log.Origin()
	told := p.Log.Vector()[origin]
	for {
		select {
		case <-p.news:
		case <-ctx.Done():
			return
		}
		if p.mesh == nil {
			continue
		}
		if o := p.Log.Origin(); o != origin {
			origin, told = o, 0
		}
		runs, err := p.Log.Pull(map[desk.Origin]uint64{origin: told + 1}, gossip.MaxHint, false)
		if err != nil || len(runs) == 0 {
			continue
		}
		for _, r := range runs {
			if b := append([]byte{runHint, byte(stream.Events)}, stream.EncodeRun(r).Body...); r.Block == nil && len(b) <= gossip.MaxHint {
				p.mesh.Tell(b)
			}
		}
		told = p.Log.Vector()[origin]
	}
}

// heard takes a hint off the gossip's goroutine.
func (p *Peers) heard(b []byte) {
	if len(b) < 2 {
		return
	}
	if b[0] == presentHint {
		p.heardPresence(b[1:])
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
	case p.hints <- r:
	default: // sessions bring it
	}
}

// take puts hinted runs into the log, where they prove themselves.
func (p *Peers) take(ctx context.Context) {
	for {
		var runs []desk.Run
		select {
		case r := <-p.hints:
			runs = append(runs, r)
		case <-ctx.Done():
			return
		}
		for len(runs) < 256 {
			select {
			case r := <-p.hints:
				runs = append(runs, r)
				continue
			default:
			}
			break
		}
		own := p.Log.Origin()
		held := p.Log.Vector()
		runs = slices.DeleteFunc(runs, func(r desk.Run) bool { return r.Origin == own || r.Last() <= held[r.Origin] })
		if len(runs) == 0 {
			continue
		}
		if t, err := p.Engine.Merge(ctx, runs); err == nil && t.Events > 0 {
			p.hub.Wake()
		}
	}
}
