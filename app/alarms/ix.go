package alarms

// Indexes of alarms.
const (
	ixAlarm = 'm' // alarms by case
	ixFired = 'M' // alarms by when they were due
	ixAsks  = 'A' // alarms that wait to be acknowledged, by until when
	ixTold  = 'I' // alarms by agent, and when they were due
	ixToDo  = 'D' // alarms whose action is to be carried out
)
