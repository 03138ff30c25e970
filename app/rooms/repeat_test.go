package rooms_test

import (
	"context"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
)

// What repeats a turn looks at once, again when something of interest has changed or the
// time of its turn has passed, and ends with its desk.
func TestATurnIsRepeatedWhenSomethingOfInterestChanges(t *testing.T) {
	r := replicas(t, 1)[0]
	turns, ended := make(chan time.Duration), make(chan struct{})
	go func() {
		r.Repeat(context.Background(), app.Interest{Types: []desk.Type{desk.GroupType}}, func(context.Context) time.Duration { return <-turns })
		close(ended)
	}()
	turns <- time.Hour // at once
	turns <- time.Hour // the watch begins with what there is
	r.do(app.SaveGroup{Group: desk.Group{Name: "Redes del sur"}})
	turns <- time.Nanosecond
	turns <- time.Hour // the time of the turn before has passed
	_ = r.Close()
	close(turns) // whoever still waits has a turn of no time
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Error("it goes on when its desk is closed")
	}
}
