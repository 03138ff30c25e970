package app

import "punto/app/desk"

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

var _ = crosses(Conflicts{}, SettleConflict{})

func (Conflicts) answer() Answer { return ConflictsAnswer{} }
func (SettleConflict) command()  {}
