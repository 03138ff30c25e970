// Package alarms is the room of the thresholds of clocks: each open case arms some, and
// the workstation that leads writes an alarm when one is reached.
package alarms

import (
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// alarmKeys are those of an alarm.
func alarmKeys(ent desk.Entity, r desk.Record) [][]byte {
	a, _ := desk.As[desk.Alarm](r)
	return append(records.ConflictKeys(ent, r), engine.Key(ixAlarm, ent.ID, a.Case, a.DueAt), engine.Key(ixFired, ent.ID, a.DueAt))
}

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "alarms", Handles: []engine.Handler{engine.Does(ackAlarm), engine.Asks(askAlarms)},
		Views:     map[desk.Type]engine.ViewKind{desk.AlarmType: {New: func() engine.View { return engine.NewRecordView(alarmKeys) }, Late: true}},
		Committed: arm, Duties: []engine.Duty{{Do: fireDue, Next: nextAlarm}}}
}
