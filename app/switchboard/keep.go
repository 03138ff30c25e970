package switchboard

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/keyring"
	"punto/app/phone"
	"punto/app/phone/smdr"
	"punto/app/switchboard/link"
)

// looks is how often it is looked which links fall to this workstation, besides when one
// is changed.
const looks = time.Second

// Keep holds the links that fall to this workstation, until ctx ends.
func Keep(ctx context.Context, e *engine.Engine) {
	held := map[desk.ID]*hold{}
	defer func() {
		for _, h := range held {
			h.end()
		}
	}()
	e.Repeat(ctx, app.Interest{Types: []desk.Type{desk.SwitchboardType}}, func(ctx context.Context) time.Duration {
		want, err := mine(ctx, e)
		if err != nil && ctx.Err() == nil {
			e.Logger.Error("read the links to exchanges", "err", err)
		}
		for id, h := range held {
			if s, still := want[id]; err == nil && (!still || !reflect.DeepEqual(wire(s), wire(h.of))) {
				h.end()
				delete(held, id)
			}
		}
		for id, s := range want {
			if held[id] == nil {
				held[id] = begin(ctx, e, id, s)
			}
		}
		return looks
	})
}

// wire is what a link is held anew for: the queues and telephones of the desk's own
// exchange change while calls go on.
func wire(s desk.Switchboard) desk.Switchboard {
	s.Queues, s.Phones = nil, nil
	return s
}

// mine are the links that fall to this workstation.
func mine(ctx context.Context, e *engine.Engine) (map[desk.ID]desk.Switchboard, error) {
	out := map[desk.ID]desk.Switchboard{}
	me, _ := e.Log.Signer(e.Log.Origin())
	err := e.Look(ctx, engine.AsDesk(), func(l *engine.Look) error {
		for s, err := range each(l.Names) {
			if err != nil {
				return err
			}
			if holds(e, me.Node, s.Of) {
				out[s.ID] = s.Of
			}
		}
		return nil
	})
	return out, err
}

// hold is one link that is held. It is told by link, as its Out.
type hold struct {
	e     *engine.Engine
	log   *slog.Logger
	id    desk.ID
	of    desk.Switchboard
	lines *lines
	end   func()

	open   int         // calls that went on when it began
	follow atomic.Bool // its queue_log is followed: what the link misses the log tells
	heard  atomic.Int64
}

var _ link.Out = (*hold)(nil)

// begin holds a link until its end is called.
func begin(ctx context.Context, e *engine.Engine, id desk.ID, s desk.Switchboard) *hold {
	ctx, stop := context.WithCancel(ctx)
	h := &hold{e: e, log: e.Logger.With("exchange", s.Name, "link", s.Kind.String()), id: id, of: s, lines: engine.StateOf[lines](e)}
	h.lines.begin(id)
	var running sync.WaitGroup
	running.Go(func() {
		for ctx.Err() == nil {
			if err := h.run(ctx); err != nil && ctx.Err() == nil {
				h.lines.told(id, link.State{Phase: link.Down, Since: time.Now(), Err: err})
				h.log.Error("a link to an exchange does not work: it is tried again", "err", err)
			}
			select {
			case <-time.After(30 * time.Second):
			case <-ctx.Done():
			}
		}
	})
	running.Go(func() { h.noteHeard(ctx) })
	h.end = func() {
		stop()
		running.Wait()
		h.lines.end(id)
	}
	return h
}

// run runs the link as it is set, until ctx ends or it cannot work as it is.
func (h *hold) run(ctx context.Context) error {
	var p past
	var zone *time.Location
	var from link.Position
	err := h.e.Look(ctx, engine.AsDesk(), func(l *engine.Look) (err error) {
		if p, err = recall(l, h.of.Name); err != nil {
			return err
		}
		if from, err = position(l, h.id); err != nil {
			return err
		}
		zone, err = zoneOf(l)
		return err
	})
	if err != nil {
		return err
	}
	h.open = p.calls
	follow := link.Tail{PBX: h.of.Name, Path: h.of.Log, From: from, Since: p.heard.Add(-pastDay), Known: ofLog(p.open),
		Keep: func(ctx context.Context, at link.Position) error { return keepPosition(ctx, h.e, h.id, at) }}
	switch h.of.Kind {
	case desk.AsteriskAMI:
		word, err := keyring.Open(h.e, h.of.Secret)
		if err != nil {
			return err
		}
		a := AMI(h.of, word)
		a.Known, a.Heard = p.open, p.heard
		var beside sync.WaitGroup
		defer beside.Wait()
		if h.of.Log != "" {
			ctx, stop := context.WithCancel(ctx)
			defer stop()
			beside.Go(func() {
				if err := follow.Run(ctx, besides{h}); err != nil {
					h.follow.Store(false)
					h.log.Error("the queue_log is not followed any more", "err", err)
				}
			})
		}
		return a.Run(ctx, h)
	case desk.AsteriskLog:
		return follow.Run(ctx, h)
	case desk.BuiltIn:
		return h.runOwn(ctx, p.open)
	case desk.SMDRDial, desk.SMDRListen:
		m, ok := smdr.Preset(h.of.Map)
		if !ok {
			return fmt.Errorf("this version of the program has no map of lines %q", h.of.Map)
		}
		m.PBX = h.of.Name
		return link.SMDR{Address: h.of.Address, Listen: h.of.Kind == desk.SMDRListen, Peer: h.of.Peer, Map: m, Zone: zone}.Run(ctx, h)
	}
	return fmt.Errorf("this version of the program has no link of the kind %d", h.of.Kind)
}

// besides is whom the queue_log beside a live link tells.
type besides struct{ *hold }

// Told implements link.Out: while the log is followed it fills what the link misses.
func (b besides) Told(s link.State) {
	b.follow.Store(s.Phase == link.Up)
	b.lines.on(b.id, func(l *line) { l.log = s })
}

// AMI is the link of a setting, with its password.
func AMI(s desk.Switchboard, password string) link.AMI {
	return link.AMI{PBX: s.Name, Address: s.Address, TLS: s.TLS, Cert: s.Cert, User: s.User, Secret: password}
}

// noteHeard keeps until when it listened, now and then and at the end.
func (h *hold) noteHeard(ctx context.Context) {
	last := int64(0)
	for over := false; !over; {
		select {
		case <-time.After(time.Minute):
		case <-ctx.Done():
			over = true
		}
		if now := h.heard.Load(); now > last {
			if err := remember(context.WithoutCancel(ctx), h.e, h.of.Name, time.UnixMilli(now)); err == nil {
				last = now
			}
		}
	}
}

// Events implements link.Out.
func (h *hold) Events(ctx context.Context, events []phone.CallEvent) error {
	engine.StateOf[ringing](h.e).hear(h.e.Now(), events) // whoever is told of the change asks at once
	told, ofAgents := toldCalls(events)
	for part := range slices.Chunk(ofAgents, 1_000) {
		if _, err := h.e.Do(h.e.Owner(ctx), app.SeeAgents{Events: part}); err != nil {
			h.log.Warn("what an exchange told of agents was not kept: it is tried again", "err", err)
			return err
		}
	}
	if len(told) > 0 {
		if err := h.take(ctx, app.ImportCalls{Told: told}); err != nil {
			return err
		}
	}
	h.lines.on(h.id, func(l *line) { l.events += len(events) })
	return nil
}

// Calls implements link.Out.
func (h *hold) Calls(ctx context.Context, calls []phone.Call) error {
	err := h.take(ctx, app.ImportCalls{Calls: calls})
	h.lines.on(h.id, func(l *line) { l.events += len(calls) })
	return err
}

// take has the desk take what was heard. A row that it refuses holds nobody up.
func (h *hold) take(ctx context.Context, c app.ImportCalls) error {
	r, err := h.e.Do(h.e.Owner(ctx), c)
	if err != nil {
		h.log.Warn("what an exchange told was not kept: it is tried again", "err", err)
		return err
	}
	if r.Import != nil && len(r.Import.Rejected) > 0 {
		h.log.Warn("calls of an exchange were refused", "calls", len(r.Import.Rejected), "why", r.Import.Rejected[0].Reason)
	}
	return nil
}

// Gap implements link.Out.
func (h *hold) Gap(ctx context.Context, from, to time.Time) error {
	if h.follow.Load() {
		return nil
	}
	h.log.Warn("nobody listened to the exchange", "from", from, "to", to)
	return writeGap(ctx, h.e, desk.Gap{PBX: h.of.Name, From: from.UnixMilli(), To: to.UnixMilli(), Open: h.open})
}

// Told implements link.Out.
func (h *hold) Told(s link.State) {
	was := link.State{}
	h.lines.on(h.id, func(l *line) { was = l.state })
	h.lines.told(h.id, s)
	if s.Phase == link.Up && !s.At.IsZero() {
		h.heard.Store(s.At.UnixMilli())
	}
	if was.Phase == s.Phase {
		return
	}
	switch s.Phase {
	case link.Up:
		h.log.Info("the link to the exchange is up", "version", s.Version)
	case link.Down:
		h.log.Warn("the link to the exchange is down", "err", s.Err)
	}
	h.e.Tell(desk.Entity{Type: desk.SwitchboardType, ID: h.id})
}
