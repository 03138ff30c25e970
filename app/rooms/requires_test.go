package rooms_test

import (
	"errors"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/sla"
)

// lacksField expects a command to be refused for one field, in words.
func (b *bench) lacksField(field string, c app.Command) {
	b.Helper()
	_, err := b.Do(b.ctx, c)
	var e *app.Error
	if !errors.As(err, &e) || e.Code != app.Invalid || e.Field != field || e.Form == "" {
		b.Errorf("%s gave %v (%+v), and should lack %q", app.NameOf(c), err, e, field)
	}
}

func TestACaseTellsWhoAndWhatBeforeItIsSolvedOrHandedOn(t *testing.T) {
	b := newBench(t)
	p, _ := b.rosa()
	m := ask[app.TheModelAnswer](b, app.TheModel{}).Model
	redes := m.Groups["redes"]
	id := b.do(app.OpenCase{Opened: desk.Opened{Subject: "algo"}}).ID
	b.lacksField("caller", app.ResolveCase{Case: id, Text: "listo"})
	b.lacksField("caller", app.HandOffCase{Case: id, Group: redes, Reason: "ver"})
	b.do(app.EditCase{Case: id, Edit: desk.Edited{Person: &p}})
	b.lacksField("category", app.ResolveCase{Case: id, Text: "listo"})
	b.lacksField("category", app.HandOffCase{Case: id, Group: redes, Reason: "ver"})
	cat := "impresoras.cola"
	b.do(app.EditCase{Case: id, Edit: desk.Edited{Category: &cat}})
	b.do(app.HandOffCase{Case: id, Group: redes, Reason: "ver"})
	b.do(app.ResolveCase{Case: id, Text: "listo"})

	b.refused(app.Invalid, app.RequireFields{Fields: []string{"shoe size"}})
	b.do(app.RequireFields{Fields: []string{"text"}})
	id = b.do(app.OpenCase{Opened: desk.Opened{Subject: "otra cosa"}}).ID
	b.lacksField("text", app.ResolveCase{Case: id, Text: "listo"})
	b.do(app.RequireFields{Fields: []string{desk.RequiresNothing}})
	b.do(app.ResolveCase{Case: id, Text: "listo"})
	b.do(app.RequireFields{})
	id = b.do(app.OpenCase{Opened: desk.Opened{Subject: "la última"}}).ID
	b.lacksField("caller", app.ResolveCase{Case: id, Text: "listo"})
}

func TestACaseIsNotHandedOffToWhereItIs(t *testing.T) {
	b := newBench(t)
	_, id := b.rosa()
	m := ask[app.TheModelAnswer](b, app.TheModel{}).Model
	b.refused(app.Conflict, app.HandOffCase{Case: id, Group: m.Groups["n1"], Reason: "otra vez"})
	b.do(app.HandOffCase{Case: id, Group: m.Groups["redes"], Reason: "puerto 14"})
	before := b.kase(id)
	b.clock = b.clock.Add(time.Hour)
	b.refused(app.Conflict, app.HandOffCase{Case: id, Group: m.Groups["redes"], Reason: "otra vez"})
	after := b.kase(id)
	if len(after.Clocks) != len(before.Clocks) || len(after.Timeline) != len(before.Timeline) {
		t.Errorf("it had %d clocks and %d moments and has %d and %d", len(before.Clocks), len(before.Timeline), len(after.Clocks), len(after.Timeline))
	}
}

// What is registered and ended in one go is one instant and one commit: all or
// nothing.
func TestRegisteringAndWhatFollowsAreOne(t *testing.T) {
	b := newBench(t)
	p, _ := b.rosa()
	m := ask[app.TheModelAnswer](b, app.TheModel{}).Model
	whole := desk.Opened{Person: p, Subject: "No imprime", Category: "impresoras.cola", Impact: 2, Urgency: 2}
	r := b.do(app.ReserveNumber{})
	open := app.OpenCase{ID: r.ID, Opened: whole}
	open.Opened.Number = r.Number
	half := open
	half.Opened.Person = desk.ID{}
	b.lacksField("caller", app.RegisterCase{OpenCase: half, Resolve: &app.ResolveCase{Text: "listo"}})
	b.refused(app.NotFound, app.AddNote{Case: r.ID, Text: "¿está?"})
	for range 2 { // a retry is the same case
		if got := b.do(app.RegisterCase{OpenCase: open, Resolve: &app.ResolveCase{Text: "listo"}}); got.ID != r.ID || got.Number != r.Number {
			t.Errorf("registered as %+v", got)
		}
	}
	k := b.kase(r.ID)
	if k.Case.Status != desk.Resolved || len(k.Timeline) != 2 || k.Timeline[0].At != k.Timeline[1].At {
		t.Errorf("it is %v after %+v", k.Case.Status, k.Timeline)
	}
	for _, c := range k.Clocks {
		if c.Kind == sla.Resolve && !c.Start.Equal(c.Stop) {
			t.Errorf("the clock ran from %v to %v", c.Start, c.Stop)
		}
	}
	off := app.RegisterCase{OpenCase: app.OpenCase{ID: b.do(app.ReserveNumber{}).ID, Opened: whole}, HandOff: &app.HandOffCase{Group: m.Groups["redes"], Reason: "puerto"}}
	wait := app.RegisterCase{OpenCase: app.OpenCase{ID: b.do(app.ReserveNumber{}).ID, Opened: desk.Opened{Subject: "a medias"}}, Suspend: &app.SuspendCase{Reason: "user"}}
	for range 2 {
		b.do(off)
		b.do(wait)
	}
	if k := b.kase(off.ID); len(k.Timeline) != 2 || k.Case.Group != m.Groups["redes"] {
		t.Errorf("handed off: %+v", k.Timeline)
	}
	if k := b.kase(wait.ID); len(k.Timeline) != 2 || k.Case.Status != desk.Pending {
		t.Errorf("suspended: %+v", k.Timeline)
	}
}
