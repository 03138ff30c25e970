package calls

import (
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
)

// Told are the events that were told of a call.
func Told(n *engine.Names, id desk.ID) ([]phone.CallEvent, error) {
	es, err := n.Events(desk.Entity{Type: desk.CallType, ID: id})
	return tellings(es).events, err
}

// Seen are the events of a call in one event of the desk; none in one that tells of no
// call.
func Seen(e *desk.Event) []phone.CallEvent {
	var s seen
	if e.Kind != desk.CallSeen || desk.Decode(e.Body, &s) != nil {
		return nil
	}
	return s.all()
}

// Read reads the view of a call; of none it is the zero View.
func Read(r desk.Reader, id desk.ID) (v View, err error) {
	b, err := r.View(desk.Entity{Type: desk.CallType, ID: id})
	if err == nil && b != nil {
		err = engine.DecodeView(b, v.Stored())
	}
	return v, err
}
