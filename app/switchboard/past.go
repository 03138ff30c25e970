package switchboard

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"punto/app"
	"punto/app/calls"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
	"punto/app/records"
	"punto/app/switchboard/link"
)

// What is known of an exchange when a link to it begins.

// past are the calls that go on, and until when somebody listened.
type past struct {
	open  []phone.CallEvent
	calls int
	heard time.Time // zero = nobody ever did
}

// Only calls of the last day, and so many, are looked at.
const (
	pastDay   = 24 * time.Hour
	pastCalls = 5_000
)

// recall reads the past of an exchange. Where this workstation does not know until when
// somebody listened, it is when the last call was told: no later is known.
func recall(l *engine.Look, pbx string) (p past, err error) {
	b, err := l.Reader.Meta(heardMeta(pbx))
	if err != nil {
		return p, err
	}
	if ms, err := strconv.ParseInt(string(b), 10, 64); err == nil && desk.ValidAt(ms) {
		p.heard = time.UnixMilli(ms)
	}
	n := 0
	for k, err := range l.Reader.Scan([]byte{calls.IxCall}, nil, true) {
		if err != nil {
			return p, err
		}
		if n++; n > pastCalls || engine.InstantOf(k.Key) < l.Now-pastDay.Milliseconds() {
			break
		}
		id := engine.IDOf(k.Key)
		v, err := calls.Read(l.Reader, id)
		if err != nil {
			return p, err
		}
		if v.Call.PBX != pbx || v.Call.Rank < phone.FromLog {
			continue
		}
		for _, at := range []time.Time{v.Call.OfferedAt, v.Call.AnsweredAt, v.Call.EndedAt} {
			if at.After(p.heard) {
				p.heard = at
			}
		}
		if v.Call.Outcome != phone.NoOutcome {
			continue
		}
		es, err := calls.Told(l.Names, id)
		if err != nil {
			return p, err
		}
		p.open, p.calls = append(p.open, es...), p.calls+1
	}
	return p, nil
}

// ofLog leaves of events those that a queue_log told.
func ofLog(es []phone.CallEvent) (out []phone.CallEvent) {
	for _, e := range es {
		if e.Rank == phone.FromLog {
			out = append(out, e)
		}
	}
	return out
}

// position is where a log was left on this workstation.
func position(l *engine.Look, id desk.ID) (at link.Position, err error) {
	b, err := l.Reader.Meta(positionMeta(id))
	if err == nil && len(b) > 0 && json.Unmarshal(b, &at) != nil {
		at = link.Position{}
	}
	return at, err
}

func keepPosition(ctx context.Context, e *engine.Engine, id desk.ID, at link.Position) error {
	b, err := json.Marshal(at)
	if err != nil {
		return err
	}
	_, err = e.Update(ctx, engine.Session{}, func(o *engine.Op) (app.Receipt, error) {
		return app.Receipt{}, o.Tx.PutMeta(positionMeta(id), b)
	})
	return err
}

func positionMeta(id desk.ID) string { return "switchboard log " + id.String() }

// zoneOf is the desk's time zone.
func zoneOf(l *engine.Look) (*time.Location, error) {
	d, err := records.Desk(l.Names)
	if err != nil {
		return nil, err
	}
	return time.LoadLocation(d.Zone)
}

func heardMeta(pbx string) string { return "switchboard heard " + pbx }

// remember keeps until when this workstation listened.
func remember(ctx context.Context, e *engine.Engine, pbx string, heard time.Time) error {
	_, err := e.Update(ctx, engine.Session{}, func(o *engine.Op) (app.Receipt, error) {
		return app.Receipt{}, o.Tx.PutMeta(heardMeta(pbx), []byte(strconv.FormatInt(heard.UnixMilli(), 10)))
	})
	return err
}

// toldCalls parts events of calls by their calls, in the order in which these begin.
func toldCalls(events []phone.CallEvent) (out []app.ToldCall, ofAgents []phone.CallEvent) {
	at := map[phone.Key]int{}
	for _, e := range events {
		if !e.Key.Kind.OfCall() {
			ofAgents = append(ofAgents, e)
			continue
		}
		k := phone.Key{PBX: e.Key.PBX, UniqueID: e.Key.UniqueID}
		i, known := at[k]
		if !known {
			i, out = len(out), append(out, app.ToldCall{Line: e.Line})
			at[k] = i
		}
		out[i].Events = append(out[i].Events, e)
	}
	return slices.Clip(out), ofAgents
}
