package host

import (
	"context"
	"testing"

	"punto/app"
	"punto/app/desk"
)

// A workstation whose program lies writes in the name of the administrator, who
// has never signed in there: it counts nowhere. Where the administrator does sign
// in, what is written from then on counts.
func TestNobodySpeaksForAnAgentWhoHasNotSignedInThere(t *testing.T) {
	a := founded(t)
	b, c := a.join(t, "mentirosa"), a.join(t, "bodega")
	all := map[desk.ID]desk.Number{}
	a.open(t, all, "un caso")
	var kase desk.ID
	for kase = range all {
	}
	admin := adminOf(t, a)
	until(t, "the same on three", func() bool { return alike(t, a, b, c) })
	note := func(text string) *desk.Event {
		body, err := desk.Encode(desk.Said{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return &desk.Event{Kind: desk.CaseNoted, Entity: desk.Entity{Type: desk.CaseType, ID: kase}, Actor: admin, Writer: admin, Body: body}
	}
	role, err := desk.Diff(desk.Agent{}, desk.Agent{Name: "Intruso", Role: desk.AdministratorRole})
	if err != nil {
		t.Fatal(err)
	}
	body, err := desk.Encode(role)
	if err != nil {
		t.Fatal(err)
	}
	b.forge(t, note("en su nombre"), &desk.Event{Kind: desk.RecordPatched, Entity: desk.Entity{Type: desk.AgentType, ID: desk.ID{7}}, Actor: admin, Writer: admin, Body: body})
	// its signature for another workstation does not serve for this one
	var stolen desk.Event
	for e, err := range eventsOf(t, a) {
		if err == nil && e.Kind == desk.AgentPresent && e.Entity.ID == admin {
			stolen = e
		}
	}
	if stolen.Kind != desk.AgentPresent {
		t.Fatal("the administrator's signature for the coordinator is not in the log")
	}
	b.forge(t, &desk.Event{Kind: stolen.Kind, Entity: stolen.Entity, Actor: admin, Writer: admin, Body: stolen.Body}, note("con una firma ajena"))
	for _, s := range []*seat{a, c} {
		until(t, "four events kept aside", func() bool {
			x, err := s.Ask(s.Owner(context.Background()), app.Refused{})
			if err != nil {
				t.Fatal(err)
			}
			rows := x.(app.RefusedAnswer).Rows
			for _, r := range rows {
				if r.Reason != "absent" || r.Node != "mentirosa" {
					t.Fatalf("%+v", r)
				}
			}
			return len(rows) == 4
		})
		if len(s.notes(t, kase)) != 0 {
			t.Errorf("%s believes %q", s.address, s.notes(t, kase))
		}
	}
	if _, err := b.Do(b.admin(t), app.AddNote{Case: kase, Text: "ahora sí"}); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*seat{a, c} {
		until(t, "the note of the administrator who signed in", func() bool { n := s.notes(t, kase); return len(n) == 1 && n[0] == "ahora sí" })
	}
}

// eventsOf walks the events of a workstation's own origin.
func eventsOf(t testing.TB, s *seat) func(func(desk.Event, error) bool) {
	t.Helper()
	return func(yield func(desk.Event, error) bool) {
		_ = s.db.Read(func(r desk.Reader) error {
			for e, err := range r.Since(s.db.Origin(), 0) {
				if !yield(e, err) {
					break
				}
			}
			return nil
		})
	}
}

func (s *seat) notes(t testing.TB, id desk.ID) (texts []string) {
	t.Helper()
	x, err := s.Ask(s.Owner(context.Background()), app.OneCase{ID: id})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range x.(app.OneCaseAnswer).Timeline {
		if m.Kind == desk.CaseNoted {
			texts = append(texts, m.Text)
		}
	}
	return texts
}
