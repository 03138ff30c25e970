package alarms

// Indexes of alarms.
const (
	ixAlarm = 'm' // alarms by case
	ixFired = 'M' // alarms by when they were due
)
