package desk

// Deriver makes again what follows from the log. What is derived is a function of the
// events alone: View and Scan of the Tx that it is given find nothing.
type Deriver interface {
	// Notes tells whether events of a type are noted.
	Notes(Type) bool
	// Note is called for every such event of the log, origin by origin, and Noted
	// once after the last.
	Note(Tx, *Event) error
	Noted(Tx) error
	// Worker does the rest on one goroutine; there are several.
	Worker() Worker
}

// Worker is a part of a Deriver, for one goroutine and one Tx.
type Worker interface {
	// Judge tells whether an event counts, and notes why one does not.
	Judge(Tx, *Event) (bool, error)
	// Derive makes the view and indexes of an entity from its events.
	Derive(Tx, Entity, []Event) error
}
