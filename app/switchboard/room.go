// Package switchboard is the room of the links to telephone exchanges: how they are
// set, with their passwords sealed; which workstation holds each; what they do now; the
// times in which nobody listened; at whom it rings. How a link works is
// app/switchboard/link's to say, and what a call was is app/phone's.
//
// A link is held by one workstation, the one named or the one that leads. Two that
// both think that they hold it do no harm: what they tell is one set of calls.
package switchboard

import (
	"cmp"
	"iter"
	"slices"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "switchboard",
		Handles: []engine.Handler{engine.Does(saveSwitchboard), engine.DoesAlone(control), engine.DoesAlone(popCaller).Public(), engine.Asks(askSwitchboards), engine.Asks(askLines), engine.AsksBeside(askTry), engine.Asks(askRecipe),
			engine.Asks(askRinging), engine.Asks(askGaps), engine.Asks(askPasswords)},
		Views: map[desk.Type]engine.ViewKind{desk.SwitchboardType: {New: func() engine.View { return engine.NewRecordView(linkKeys) }},
			desk.GapType: {New: func() engine.View { return engine.NewRecordView(gapKeys) }}},
		Merged: heardElsewhere, Committed: ringAfter, Duties: []engine.Duty{{Do: renew, Next: engine.EachTurn}}}
}

func linkKeys(ent desk.Entity, r desk.Record) [][]byte {
	s, _ := desk.As[desk.Switchboard](r)
	return append(records.ConflictKeys(ent, r), engine.Key(records.IxRecord, ent.ID, ent.Type, records.Folded(s.Name)))
}

func gapKeys(ent desk.Entity, r desk.Record) [][]byte {
	g, _ := desk.As[desk.Gap](r)
	return append(records.ConflictKeys(ent, r), engine.Key(IxGap, ent.ID, g.From))
}

// each walks the links by their names.
func each(n *engine.Names) iter.Seq2[app.Named[desk.Switchboard], error] {
	return records.Each[desk.Switchboard](n, desk.SwitchboardType)
}

// holds tells whether a link falls to this workstation.
func holds(e *engine.Engine, me desk.ID, s desk.Switchboard) bool {
	if s.Off || s.Kind == desk.NoLink {
		return false
	}
	if !s.Node.IsZero() {
		return s.Node == me
	}
	return e.Leads()
}

func askSwitchboards(l *engine.Look, _ app.Switchboards) (a app.SwitchboardsAnswer, err error) {
	me, _ := l.Engine.Log.Signer(l.Engine.Log.Origin())
	var leader desk.ID
	if p := l.Engine.Peers(); p != nil {
		leader = p.Live().Leader
	}
	for x, err := range each(l.Names) {
		if err != nil {
			return a, err
		}
		id, s := x.ID, x.Of
		r := app.SwitchboardRow{ID: id, Of: s, Password: len(s.Secret) > 0, Here: holds(l.Engine, me.Node, s)}
		r.Opens = slices.Contains(s.For, me.Node)
		r.Holder = records.Name(l.Names, desk.NodeType, cmp.Or(s.Node, leader))
		engine.StateOf[lines](l.Engine).show(id, &r)
		switch {
		case s.Off:
			r.Phase = app.LinkOff
		case !r.Here:
			r.Phase = app.LinkAway
		}
		if r.Gap, err = lastGap(l.Names, s.Name); err != nil {
			return a, err
		}
		a.Rows = append(a.Rows, r)
	}
	return a, nil
}

func askLines(l *engine.Look, q app.SwitchboardLines) (app.SwitchboardLinesAnswer, error) {
	if l.Session.Role != desk.AdministratorRole && l.Session.Role != desk.SupervisorRole {
		return app.SwitchboardLinesAnswer{}, app.Fail(app.NotAllowed, "only a supervisor or an administrator looks at what the exchange says: ask one")
	}
	return app.SwitchboardLinesAnswer{Rows: engine.StateOf[lines](l.Engine).after(q.ID, q.After)}, nil
}
