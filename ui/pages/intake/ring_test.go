package intake

import (
	"context"
	"sync"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/ui"
	"punto/ui/page"
)

// bell is a desk at which calls ring when the test says so.
type bell struct {
	app.Desk
	mu    sync.Mutex // guards what follows
	rings []app.RingingCall
}

func (b *bell) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	if _, ok := q.(app.Ringing); ok {
		b.mu.Lock()
		defer b.mu.Unlock()
		return app.RingingAnswer{Rows: append([]app.RingingCall(nil), b.rings...)}, nil
	}
	return b.Desk.Ask(ctx, q)
}

// A call that rings brings up the form with its caller; what was told before stays on its
// own tab; over a question it waits; its case belongs to the call.
func TestACallThatRingsBringsUpItsCaller(t *testing.T) {
	b := &bell{}
	s, in := open(t, func(c *ui.Config) { b.Desk, c.Desk = c.Desk, b })
	s.Run(app.RequireFields{Fields: []string{desk.RequiresNothing}})
	ana := app.PersonRow{ID: s.Run(app.SavePerson{Person: desk.Person{Name: "Ana Vega", Phones: []string{"225550303"}}}).ID, Person: desk.Person{Name: "Ana Vega"}}
	luz := app.PersonRow{ID: s.Run(app.SavePerson{Person: desk.Person{Name: "Luz Ríos", Phones: []string{"225550303"}}}).ID, Person: desk.Person{Name: "Luz Ríos"}}
	ring := func(id, number string, people ...app.PersonRow) {
		t.Helper()
		b.mu.Lock()
		b.rings = []app.RingingCall{{ID: app.CallID("central", id), PBX: "central", UniqueID: id, Caller: number, People: people}}
		b.mu.Unlock()
		s.Run(app.SeeCall{Event: phone.CallEvent{Key: phone.Key{PBX: "central", UniqueID: id, Kind: phone.Queued, Entry: 1}, At: s.Now(), Caller: number}})
	}
	s.Until("the form", func() bool { return in.d != nil })
	in.what.SetText("No imprime")
	ring("1.1", "225550101", ana)
	s.Until("the caller", func() bool { return in.d != nil && in.d.Person == ana.ID && in.card != nil })
	if d := in.d; d.What != "" || callID(d) != app.CallID("central", "1.1") || !s.Says("225550101") {
		t.Errorf("the call came up in %+v", d)
	}
	if n := len(s.Kit().Drafts.Of(s.Kit().State.Me)); n != 2 {
		t.Errorf("there are %d drafts", n)
	}
	for _, a := range in.Actions() {
		if !a.Hidden && (a.Key == "Ctrl 1" || a.Key == "Ctrl 2" || a.Key == "F5") {
			t.Errorf("the exchange's call has the action %q by hand", a.Word)
		}
	}
	ring("2.1", "225550303", ana, luz)
	s.Until("both of the number", func() bool { return in.d != nil && in.d.Call.ID == "2.1" && len(in.people) == 2 })
	if !in.d.Person.IsZero() {
		t.Error("one of two was chosen")
	}
	in.choosePerson()
	s.Until("the one who was chosen", func() bool { return !in.d.Person.IsZero() })
	in.what.SetText("Sin red")
	s.Press("F11") // a question stands there
	s.Until("the question", func() bool { return s.Asked() != nil })
	ring("3.1", "600999888")
	s.Until("the notice", func() bool { return s.Says("600999888") })
	if in.d.Call.ID != "2.1" || s.Asked() == nil {
		t.Error("the call came up over a question")
	}
	s.Press("Esc")
	s.Tick()
	s.Until("the third call", func() bool { return in.d != nil && in.d.Call.ID == "3.1" && in.d.Who == "600999888" })
	in.Show(page.Ring{PBX: "central", UniqueID: "2.1", Number: "225550303"})
	if in.d.Call.ID != "2.1" || in.d.What != "Sin red" {
		t.Errorf("the same call again came up in %+v", in.d)
	}
}
