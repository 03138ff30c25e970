package rooms_test

import (
	"strings"
	"testing"

	"punto/app"
	"punto/app/engine"
	"punto/app/rooms"
)

// What can be sent is answered: the engine of all rooms never says that its program
// is of another version.
func TestWhateverCrossesTheSocketIsAnsweredByARoom(t *testing.T) {
	b := newBench(t)
	seen := 0
	of := func(name string, err error) {
		seen++
		if app.CodeOf(err) == app.Internal && err != nil && strings.Contains(err.Error(), "of another version") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, n := range app.CommandNames() {
		if n == "SignOut" {
			continue
		}
		p, _ := app.NewCommand(n)
		_, err := b.Do(b.ctx, app.AsCommand(p))
		of(n, err)
	}
	for _, n := range app.QueryNames() {
		p, _ := app.NewQuery(n)
		_, err := b.Ask(b.ctx, app.AsQuery(p))
		of(n, err)
	}
	if seen < 60 {
		t.Errorf("only %d commands and queries cross", seen)
	}
}

func TestTwoRoomsDoNotAnswerTheSame(t *testing.T) {
	all := rooms.All()
	if _, err := engine.NewTable(append(all, engine.Room{Name: "another", Handles: all[0].Handles[:1]})...); err == nil || !strings.Contains(err.Error(), "another") {
		t.Errorf("two rooms answer the same command: %v", err)
	}
	if _, err := engine.NewTable(append(all, engine.Room{Name: "another", Views: all[0].Views})...); err == nil || !strings.Contains(err.Error(), "another") {
		t.Errorf("two rooms store the same type: %v", err)
	}
}

// An engine with some rooms only says which command it lacks.
func TestAnEngineWithoutARoomSaysSo(t *testing.T) {
	table, err := engine.NewTable()
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	e, err := engine.Open(t.Context(), engine.Config{Log: b.log, Table: table})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	if _, err := e.Do(e.Owner(t.Context()), app.ReserveNumber{}); app.CodeOf(err) != app.Internal || !strings.Contains(err.Error(), "ReserveNumber") {
		t.Errorf("a command that no room answers gives %v", err)
	}
}
