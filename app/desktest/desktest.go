// Package desktest is what every app.Desk must do, as stories: the engine in
// process and the client over the socket run the same ones.
package desktest

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/app/sla"
)

// Open gives a fresh desk in an empty folder, and a context with its owner's
// session. It cleans up by itself when the test ends.
type Open func(t *testing.T) (app.Desk, context.Context)

const password = "una clave larga" //nolint:gosec // of desks that live for a test

// stage is one story's desk, signed in as an administrator.
type stage struct {
	*testing.T
	d   app.Desk
	ctx context.Context
}

// Run runs every story on desks that open makes.
func Run(t *testing.T, open Open) {
	for _, s := range []struct {
		name string
		tell func(*stage)
	}{
		{"nobody does anything before signing in", nobody},
		{"a wrong password is told from a right one", passwords},
		{"a desk is made once", once},
		{"roles are held to their rights", roles},
		{"the life of a case", life},
		{"a merge is undone", merge},
		{"the promise shown is the promise kept", promise},
		{"a watch begins with a snapshot and then tells of changes", watch},
		{"a slow reader of a watch blocks nobody", slow},
		{"importing twice is importing once", twice},
		{"what was written is found within seconds", found},
		{"errors keep their codes", codes},
		{"a command that is stopped leaves the desk usable", stopped},
	} {
		t.Run(s.name, func(t *testing.T) {
			d, owner := open(t)
			st := &stage{T: t, d: d, ctx: owner}
			st.do(app.CreateDesk{Name: "Los Andes", Zone: "America/Lima", AlwaysOpen: true, Password: password})
			st.ctx = st.signIn("admin")
			s.tell(st)
		})
	}
	t.Run("every name travels as JSON", names)
}

func (s *stage) signIn(login string) context.Context {
	s.Helper()
	r, err := s.d.Do(s.Context(), app.SignIn{Login: login, Password: password})
	if err != nil {
		s.Fatalf("%s cannot sign in: %v", login, err)
	}
	return app.WithSession(s.Context(), r.Token)
}

func (s *stage) do(c app.Command) app.Receipt {
	s.Helper()
	r, err := s.d.Do(s.ctx, c)
	if err != nil {
		s.Fatalf("%s: %v", app.NameOf(c), err)
	}
	return r
}

func (s *stage) refused(ctx context.Context, code app.Code, c app.Command) {
	s.Helper()
	if _, err := s.d.Do(ctx, c); app.CodeOf(err) != code {
		s.Errorf("%s gave %v, not the code %s", app.NameOf(c), err, code)
	}
}

func ask[A any](s *stage, q app.Query) (a A) {
	s.Helper()
	x, err := s.d.Ask(s.ctx, q)
	if err != nil {
		s.Fatalf("%s: %v", app.NameOf(q), err)
	}
	a, ok := x.(A)
	if !ok {
		s.Fatalf("%s answered a %T", app.NameOf(q), x)
	}
	return a
}

func (s *stage) open(subject string) desk.ID {
	s.Helper()
	who := s.do(app.SavePerson{Person: desk.Person{Name: "Rosa Quispe"}}).ID
	return s.do(app.OpenCase{Opened: desk.Opened{Person: who, Subject: subject, Category: "impresoras.cola", Impact: 2, Urgency: 2}}).ID
}

func (s *stage) kase(id desk.ID) app.OneCaseAnswer {
	s.Helper()
	return ask[app.OneCaseAnswer](s, app.OneCase{ID: id})
}

func nobody(s *stage) {
	s.refused(s.Context(), app.NotSignedIn, app.TakeCase{})
	if _, err := s.d.Ask(s.Context(), app.Cases{}); app.CodeOf(err) != app.NotSignedIn {
		s.Errorf("nobody read the cases: %v", err)
	}
	if _, err := s.d.Ask(s.Context(), app.Status{}); err != nil {
		s.Errorf("the name of the desk is not told before signing in: %v", err)
	}
	s.do(app.SignOut{})
	s.refused(s.ctx, app.NotSignedIn, app.TakeCase{})
}

func passwords(s *stage) {
	s.refused(s.Context(), app.BadPassword, app.SignIn{Login: "admin", Password: "no es"})
	s.refused(s.Context(), app.BadPassword, app.SignIn{Login: "nadie", Password: password})
	s.signIn("ADMIN")
}

func once(s *stage) {
	s.refused(s.ctx, app.Conflict, app.CreateDesk{Name: "Otra", Zone: "America/Lima", Password: password})
}

func roles(s *stage) {
	id := s.open("uno")
	for role, may := range map[desk.Role]bool{desk.AgentRole: true, desk.ViewerRole: false} {
		s.do(app.SaveAgent{Agent: desk.Agent{Name: role.String(), Login: role.String(), Role: role}, Password: password})
		_, err := s.d.Do(s.signIn(role.String()), app.TakeCase{Case: id})
		if may != (err == nil) || !may && app.CodeOf(err) != app.NotAllowed {
			s.Errorf("%s takes a case: %v", role, err)
		}
	}
}

func life(s *stage) {
	id := s.open("No imprime")
	group := ask[app.TheModelAnswer](s, app.TheModel{}).Model.Groups["redes"]
	s.do(app.TakeCase{Case: id})
	s.do(app.HandOffCase{Case: id, Group: group, Reason: "puerto 14"})
	s.do(app.SuspendCase{Case: id, Reason: "parts"})
	s.do(app.ResumeCase{Case: id})
	s.do(app.AddNote{Case: id, Text: "llegó el módulo", Public: true})
	s.do(app.ResolveCase{Case: id, Text: "módulo cambiado"})
	s.do(app.ReopenCase{Case: id, Text: "volvió"})
	s.do(app.ResolveCase{Case: id, Text: "ahora sí"})
	s.do(app.CloseCase{Case: id})
	k := s.kase(id)
	if k.Case.Status != desk.Closed || k.Case.Reopens != 1 || len(k.Timeline) != 10 || k.Row.Group != "Redes y comunicaciones" {
		s.Errorf("it ended %v with %d reopenings and %d moments, in %q", k.Case.Status, k.Case.Reopens, len(k.Timeline), k.Row.Group)
	}
	byNumber := ask[app.OneCaseAnswer](s, app.OneCase{Number: string(k.Case.Number)})
	if byNumber.ID != id {
		s.Errorf("the number %s leads to another case", k.Case.Number)
	}
}

func merge(s *stage) {
	a, b := s.open("uno"), s.open("lo mismo")
	s.do(app.MergeCase{Case: b, Into: a})
	if st := s.kase(b).Case.Status; st != desk.Merged {
		s.Fatalf("merged it is %v", st)
	}
	s.do(app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: b}, Reason: "eran dos"})
	if st, n := s.kase(b).Case.Status, len(s.kase(a).Case.Absorbed); st != desk.New || n != 0 {
		s.Errorf("after undo it is %v and the other holds %d", st, n)
	}
}

func promise(s *stage) {
	p := ask[app.PromiseAnswer](s, app.Promise{Impact: 2, Urgency: 2})
	for _, r := range s.kase(s.open("uno")).Clocks {
		if off := r.Due.UnixMilli() - p.Resolve; r.Kind == sla.Resolve && (off < 0 || off > 60_000) {
			s.Errorf("promised %v, due %v", time.UnixMilli(p.Resolve), r.Due)
		}
	}
	if p.Priority != 2 || len(p.Why) == 0 {
		s.Errorf("the promise is %+v", p)
	}
}

func watch(s *stage) {
	ctx, stop := context.WithTimeout(s.ctx, 30*time.Second)
	defer stop()
	n := 0
	for c := range s.d.Watch(ctx, app.Interest{Types: []desk.Type{desk.CaseType}}) {
		if n++; n == 1 {
			if !c.Snapshot {
				s.Error("the first change is no snapshot mark")
			}
			s.open("uno")
			continue
		}
		if len(c.Entities) == 1 && c.Entities[0].Type == desk.CaseType {
			return
		}
		if !c.Snapshot {
			s.Errorf("told of %+v", c)
		}
	}
	s.Error("the watch ended without telling of the case")
}

func slow(s *stage) {
	ctx, stop := context.WithCancel(s.ctx)
	defer stop()
	first := true
	for range s.d.Watch(ctx, app.Interest{}) {
		if !first {
			return
		}
		first = false
		for range 600 { // more than is kept; this reader takes none meanwhile
			s.do(app.ReserveNumber{})
			s.do(app.SaveArea{Area: desk.Area{Name: "Despacho"}})
		}
	}
}

func twice(s *stage) {
	at := time.Now().Add(-time.Hour)
	calls := app.ImportCalls{Calls: []phone.Call{{PBX: "x", UniqueID: "1", OfferedAt: at, EndedAt: at.Add(time.Minute)}, {PBX: "x"}}}
	if im := s.do(calls).Import; im.Imported != 1 || len(im.Rejected) != 1 {
		s.Errorf("first %+v", im)
	}
	if im := s.do(calls).Import; im.Imported != 0 || im.Known != 1 {
		s.Errorf("second %+v", im)
	}
	if rows := ask[app.CallsAnswer](s, app.Calls{}).Rows; len(rows) != 1 || rows[0].Call.UniqueID != "1" {
		s.Errorf("there are %+v", rows)
	}
}

func found(s *stage) {
	s.do(app.ImportRecords{Articles: []desk.Article{{Ref: "KB-1", Lang: "es", Title: "Cola de impresión en pausa"}}})
	limit := time.After(20 * time.Second)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		hits := ask[app.SearchAnswer](s, app.Search{Text: "impresion pausa", Kind: "article"}).Hits
		if len(hits) == 1 && hits[0].Ref == "KB-1" {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			s.Fatalf("found only %+v", hits)
		}
	}
}

func codes(s *stage) {
	id := s.open("uno")
	s.refused(s.ctx, app.Invalid, app.OpenCase{})
	s.refused(s.ctx, app.NotFound, app.TakeCase{Case: desk.DerivedID("no")})
	s.refused(s.ctx, app.Conflict, app.CloseCase{Case: id})
	_, err := s.d.Do(s.ctx, app.CloseCase{Case: id})
	var e *app.Error
	if !errors.As(err, &e) || e.Form == "" || len(e.Args) == 0 || e.Msg == "" {
		s.Errorf("the error crossed as %#v", err)
	}
}

func stopped(s *stage) {
	ctx, stop := context.WithCancel(s.ctx)
	stop()
	if _, err := s.d.Do(ctx, app.SaveArea{Area: desk.Area{Name: "Nunca"}}); err == nil {
		s.Log("a command given with a stopped context went through: it was quick")
	}
	s.open("después")
}

// names checks that whatever can be asked or done can be named, encoded and
// decoded: a face may live in another program.
func names(t *testing.T) {
	for _, n := range app.CommandNames() {
		p, ok := app.NewCommand(n)
		if !ok {
			t.Fatalf("%s cannot be made", n)
		}
		roundTrip(t, n, p)
		if app.AsCommand(p) == nil {
			t.Errorf("%s is no command", n)
		}
	}
	for _, n := range app.QueryNames() {
		p, _ := app.NewQuery(n)
		roundTrip(t, n, p)
		if app.AsQuery(p) == nil {
			t.Errorf("%s is no query", n)
		}
		a, ok := app.NewAnswer(n)
		if !ok {
			t.Errorf("%s has no answer", n)
			continue
		}
		roundTrip(t, n+"Answer", a)
	}
}

func roundTrip(t *testing.T, name string, p any) {
	t.Helper()
	b, err := json.Marshal(p)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	q := reflect.New(reflect.TypeOf(p).Elem()).Interface()
	if err := json.Unmarshal(b, q); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}
