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

// presence tells who is signed in on a workstation, and what they look at. It proves
// nothing, and decides nothing.
type presence struct {
	Node    desk.ID     `cbor:"1,keyasint"`
	Agents  []desk.ID   `cbor:"2,keyasint"`
	Attends []attention `cbor:"3,keyasint,omitempty"`
}

type attention struct {
	Agent   desk.ID   `cbor:"1,keyasint"`
	Type    desk.Type `cbor:"2,keyasint"`
	ID      desk.ID   `cbor:"3,keyasint"`
	Writing bool      `cbor:"4,keyasint,omitempty"`
}

// mostAttends is of how many a hint tells what they look at: as many as fit into one.
const mostAttends = 12

// Present tells the others who is signed in here.
func (p *Peers) Present() {
	if p.mesh != nil {
		p.mesh.Tell(p.presence())
	}
}

// reminded is how many members are told again each time, those that were not for
// longest first: what was lost, or came before they did.
const reminded = 4

func (p *Peers) remind() {
	if p.mesh != nil {
		p.mesh.Remind(p.presence(), reminded)
	}
}

func (p *Peers) presence() []byte {
	x := presence{Node: p.me, Agents: p.Engine.Agents()}
	for _, a := range p.Engine.Attention() {
		if len(x.Attends) < mostAttends {
			x.Attends = append(x.Attends, attention{a.Agent, a.Of.Type, a.Of.ID, a.Writing})
		}
	}
	b, err := cbor.Marshal(x)
	if err != nil {
		panic(err) // a programmer's mistake: ids always encode
	}
	return append([]byte{presentHint}, b...)
}

func (p *Peers) heardPresence(b []byte) {
	var x presence
	if cbor.Unmarshal(b, &x) != nil || len(x.Agents) > 64 {
		return
	}
	x.Attends = x.Attends[:min(len(x.Attends), mostAttends)]
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.present == nil {
		p.present = map[desk.ID]presence{}
	}
	if _, known := p.present[x.Node]; known || len(p.present) < 1024 {
		p.present[x.Node] = x
	}
}

// attends is what those who are there look at.
func (x presence) attends() (out []desk.Attention) {
	for _, a := range x.Attends {
		out = append(out, desk.Attention{Agent: a.Agent, Of: desk.Entity{Type: a.Type, ID: a.ID}, Writing: a.Writing})
	}
	return out
}

// spread tells of what this workstation writes, from memory and once: whom the
// gossip has alive by a hint, when it is small enough for one; others, and what is
// longer, by the peerings.
func (p *Peers) spread(ctx context.Context) {
	origin := p.Log.Origin()
	told := p.Log.Vector()[origin]
	for {
		select {
		case <-p.news:
		case <-ctx.Done():
			return
		}
		if o := p.Log.Origin(); o != origin {
			origin, told = o, 0
		}
		r, ok := p.Log.Recent(origin, told+1)
		if !ok {
			told = p.Log.Vector()[origin]
			p.hub.Wake()
			continue
		}
		told = r.Last()
		b := append([]byte{runHint, byte(stream.Events)}, stream.EncodeRun(r).Body...)
		if p.mesh == nil || len(b) > gossip.MaxHint {
			p.hub.Wake()
			continue
		}
		p.mesh.Tell(b)
		p.hub.Hinted()
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
	default: // peerings bring it
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
		if runs = p.fresh(p.Log.Prove(p.fresh(runs))); len(runs) == 0 {
			continue
		}
		if t, err := p.Engine.Merge(ctx, runs); err == nil && t.Events > 0 {
			p.hub.Hinted()
		}
	}
}

// fresh leaves out what is held, what follows something that is not, and what is
// forged: a hint proves nothing about who sent it.
func (p *Peers) fresh(runs []desk.Run) []desk.Run {
	own, held, next := p.Log.Origin(), p.Log.Points(), map[desk.Origin]uint64{}
	return slices.DeleteFunc(runs, func(r desk.Run) bool {
		upTo := max(held[r.Origin].Seq, next[r.Origin])
		bad := r.Proof != nil && (r.Proof.Held || r.Proof.Bad != nil)
		if bad || r.Origin == own || r.Last() <= upTo || r.First > upTo+1 {
			return true
		}
		next[r.Origin] = r.Last()
		return false
	})
}
