package app

import "punto/app/desk"

// Site is the state of the desk's workstations as this one sees it.
type Site struct{}

// SiteAnswer answers Site. Times are Unix milliseconds, 0 = never.
type SiteAnswer struct {
	Joined bool // false: this workstation is the whole desk
	Me     desk.ID
	Nodes  []NodeRow // the coordinator first, then by name

	Alone        bool  // no other workstation can be reached
	AloneSince   int64 // of the present or the last isolation
	BackAt       int64 // when the last isolation ended
	ChangedAlone int   // cases that others changed during the last isolation

	Fetching, Fetched uint64  // events still to come and come, while this one catches up; both 0 when it has
	Leader            desk.ID // holds the duties done once per desk
	Term              uint64  // counts the hand-overs of the lead
	Refused           int     // events kept aside
	Conflicts         int     // fields that wait to be settled
	Service           bool    // the engine runs in the background service

	Room desk.Room // on the disk of the workstation that answers
}

// NodeRow is one workstation of Site.
type NodeRow struct {
	ID          desk.ID
	Name        string
	Prefix      string // of its case numbers
	Me          bool
	Coordinator bool
	Leads       bool     // holds the lease of the duties
	Agents      []string // names of those signed in there, as far as it has told
	Alive       bool
	SeenAt      int64  // last heard of
	Behind      uint64 // events that it is known to lack
	Ahead       uint64 // events of it that this one lacks
	OffsetKnown bool
	Offset      int64 // milliseconds its clock is ahead of this one's
	Version     string
	Address     string
	RevokedAt   int64
	BackupAt    int64 // last good backup
	Forked      bool  // wrote two histories: its events after the fork are frozen
}

// Invite makes a code with which one more workstation may join within 15
// minutes. Only the coordinator can, by an administrator. Secret is the code.
type Invite struct{}

// RevokeNode shuts a workstation out for good: its certificate no longer opens
// anything, and what it writes from now on counts nowhere.
type RevokeNode struct{ Node desk.ID }

// RotateKey gives the site another gossip key.
type RotateKey struct{}

// NameNode changes the name under which a workstation is listed.
type NameNode struct {
	Node desk.ID
	Name string
}

// Conflicts is a page of the fields that two people set without knowing of each
// other and that nobody has settled.
type Conflicts struct {
	After []byte // Next of the page before; nil = from the beginning
	Limit int    // 0 = 50; at most 1000
}

// ConflictsAnswer answers Conflicts.
type ConflictsAnswer struct {
	Rows []ConflictRow
	Next []byte // nil at the end
}

// ConflictRow is one field in conflict, with its names looked up.
type ConflictRow struct {
	Entity     desk.Entity
	Number     desk.Number // of a case
	Title      string      // subject of the case, name of the record
	Field      string      // name of the field, such as agent, priority, status; for SettleConflict
	Kept       string      // what the fold chose, as it is shown
	Other      string      // what it did not
	KeptBy     string      // names of the authors; "" = the desk itself
	OtherBy    string
	KeptAt     int64 // Unix milliseconds
	OtherAt    int64
	Stamp      desk.Stamp // for SettleConflict
	CanChange  bool       // Other can be put in Kept's place by SettleConflict
	OpenedCase bool       // the entity is a case that can be opened on its page
}

// SettleConflict ends a conflict: what the fold chose stays, or with Other the
// value that it did not choose takes its place.
type SettleConflict struct {
	Entity desk.Entity
	Field  string
	Stamp  desk.Stamp
	Other  bool
}

// Refused lists the newest events that were kept aside: whoever wrote them had no
// right to.
type Refused struct{ Limit int } // 0 = 50

// RefusedAnswer answers Refused.
type RefusedAnswer struct{ Rows []RefusedRow }

// RefusedRow is one event that does not count.
type RefusedRow struct {
	Origin desk.Origin
	Seq    uint64
	Node   string // name of the workstation that wrote it
	Kind   string
	Entity desk.Entity
	Writer string
	At     int64
	Reason string // revoked, role, node, absent
}

// Alarms lists what clocks have fired, newest first.
type Alarms struct {
	Case  desk.ID // zero = of all cases
	Limit int     // 0 = 50
}

// AlarmsAnswer answers Alarms.
type AlarmsAnswer struct{ Rows []AlarmRow }

// AlarmRow is one alarm with the names of its case.
type AlarmRow struct {
	ID      desk.ID
	Alarm   desk.Alarm
	Number  desk.Number
	Subject string
	FiredAt int64
	Late    bool // noticed more than five minutes after it was due
}

// AckAlarm acknowledges an alarm as the signed-in agent.
type AckAlarm struct{ ID desk.ID }
