// Package alarms is the room of escalations: each open case arms the rungs of its ladder,
// the workstation that leads writes an alarm when one is reached or when nobody
// acknowledged the one before it, and tells whom the rung names. What a rung does to its
// case the coordinating workstation carries out.
package alarms

import (
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// alarmKeys are those of an alarm.
func alarmKeys(ent desk.Entity, r desk.Record) [][]byte {
	a, _ := desk.As[desk.Alarm](r)
	k := append(records.ConflictKeys(ent, r), engine.Key(ixAlarm, ent.ID, a.Case, a.DueAt), engine.Key(ixFired, ent.ID, a.DueAt))
	if a.AckDue > 0 && a.AckAt == 0 {
		k = append(k, engine.Key(ixAsks, ent.ID, a.AckDue))
	}
	if (a.Raise || !a.Move.IsZero()) && a.DoneAt == 0 {
		k = append(k, engine.Key(ixToDo, ent.ID, a.DueAt))
	}
	for _, to := range a.To[:min(len(a.To), mostTold)] {
		k = append(k, engine.Key(ixTold, ent.ID, to, a.DueAt))
	}
	return k
}

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "alarms", Handles: []engine.Handler{engine.Does(ackAlarm), engine.Does(readAlarms), engine.Asks(askAlarms), engine.Asks(askInbox), engine.Asks(askLadder), engine.Asks(askEscalations)},
		Views:     map[desk.Type]engine.ViewKind{desk.AlarmType: {New: func() engine.View { return engine.NewRecordView(alarmKeys) }, Late: true}},
		Committed: arm, Duties: []engine.Duty{{Do: fireDue, Next: nextAlarm}, {Do: carryOut, Next: engine.EachTurn}}}
}
