package rooms_test

import (
	"context"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
	"punto/app/rooms"
	"punto/app/sla"
	"punto/store"
)

// bench is a desk on a clock that the test moves.
type bench struct {
	*testing.T
	*engine.Engine
	ctx   context.Context
	clock time.Time
	log   *store.DB
}

func newBench(t *testing.T) *bench {
	t.Helper()
	lima, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{T: t, clock: time.Date(2026, 11, 23, 9, 0, 0, 0, lima)}
	if b.log, err = store.Open(t.Context(), store.Options{Memory: &store.Memory{}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.log.Close() })
	b.Engine, err = rooms.Open(t.Context(), engine.Config{Log: b.log, Now: func() time.Time { return b.clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	b.ctx = b.Owner(t.Context())
	b.do(app.CreateDesk{Name: "Minera Los Andes", Zone: "America/Lima", Password: "cobre y sal"})
	r, err := b.Do(t.Context(), app.SignIn{Login: "Admin", Password: "cobre y sal"})
	if err != nil {
		t.Fatal(err)
	}
	b.ctx = app.WithSession(t.Context(), r.Token)
	return b
}

func (b *bench) do(c app.Command) app.Receipt {
	b.Helper()
	r, err := b.Do(b.ctx, c)
	if err != nil {
		b.Fatalf("%s: %v", app.NameOf(c), err)
	}
	return r
}

func (b *bench) refused(code app.Code, c app.Command) {
	b.Helper()
	if _, err := b.Do(b.ctx, c); app.CodeOf(err) != code {
		b.Errorf("%s gave %v, not the code %s", app.NameOf(c), err, code)
	}
}

func ask[A any](b *bench, q app.Query) A {
	b.Helper()
	x, err := b.Ask(b.ctx, q)
	if err != nil {
		b.Fatalf("%s: %v", app.NameOf(q), err)
	}
	a, ok := x.(A)
	if !ok {
		b.Fatalf("%s answered a %T", app.NameOf(q), x)
	}
	return a
}

func (b *bench) kase(id desk.ID) app.OneCaseAnswer {
	b.Helper()
	return ask[app.OneCaseAnswer](b, app.OneCase{ID: id})
}

// rosa is a user who calls, and her case.
func (b *bench) rosa() (person, kase desk.ID) {
	b.Helper()
	area := b.do(app.SaveArea{Area: desk.Area{Name: "Despacho"}})
	p := b.do(app.SavePerson{Person: desk.Person{Name: "Rosa Quispe Mamani", Extension: "4471", VIP: true, Area: area.ID}})
	c := b.do(app.OpenCase{Opened: desk.Opened{Person: p.ID, Subject: "No imprime", Category: "impresoras.cola", Impact: 2, Urgency: 2, Modality: desk.ByPhone}})
	return p.ID, c.ID
}

func TestACallerIsKnownByTheExtension(t *testing.T) {
	b := newBench(t)
	id, _ := b.rosa()
	who := ask[app.WhoAnswer](b, app.Who{Text: "447"})
	if len(who.People) != 1 || who.People[0].ID != id || who.People[0].Area != "Despacho" {
		t.Fatalf("447 found %+v", who.People)
	}
	card := ask[app.OnePersonAnswer](b, app.OnePerson{ID: id})
	if len(card.Open) != 1 || !card.Hours {
		t.Errorf("the card shows %d open cases, hours open %v", len(card.Open), card.Hours)
	}
}

// A call comes with a number as the exchange writes it, the record has it as somebody
// typed it.
func TestACallerIsKnownHoweverTheNumberIsWritten(t *testing.T) {
	b := newBench(t)
	rosa := b.do(app.SavePerson{Person: desk.Person{Name: "Rosa Quispe Mamani", Extension: "4471", Phones: []string{"(2) 2555-0101", "+56 9 8123 4501 anexo 3"}}})
	luis := b.do(app.SavePerson{Person: desk.Person{Name: "Luis Mamani", Phones: []string{"+56 9 8123 4502"}}})
	for text, want := range map[string][]desk.ID{"0056981234501": {rosa.ID}, "981234501": {rosa.ID}, "sip:56225550101@10.0.0.1": {rosa.ID}, "09 8123 4502": {luis.ID},
		"+595981234501": nil, "8123459": nil} {
		who := ask[app.WhoAnswer](b, app.Who{Text: text})
		if len(who.People) != len(want) || len(want) == 1 && who.People[0].ID != want[0] {
			t.Errorf("%s found %+v", text, who.People)
		}
	}
	b.do(app.SavePerson{ID: rosa.ID, Person: desk.Person{Name: "Rosa Quispe Mamani", Phones: []string{"225550199"}}})
	if who := ask[app.WhoAnswer](b, app.Who{Text: "0056981234501"}); len(who.People) != 0 {
		t.Errorf("a number that she has no more found %+v", who.People)
	}
}

func TestThePromiseShownIsThePromiseKept(t *testing.T) {
	b := newBench(t)
	p := ask[app.PromiseAnswer](b, app.Promise{Impact: 2, Urgency: 2})
	_, id := b.rosa()
	for _, r := range b.kase(id).Clocks {
		if r.Kind == sla.Resolve && r.Due.UnixMilli() != p.Resolve {
			t.Errorf("promised %v, due %v", time.UnixMilli(p.Resolve), r.Due)
		}
	}
	if p.Priority != 2 || p.Resolve == 0 || p.TakeUp == 0 {
		t.Errorf("the promise is %+v", p)
	}
}

func TestTheLifeOfACase(t *testing.T) {
	b := newBench(t)
	_, id := b.rosa()
	groups := ask[app.TheModelAnswer](b, app.TheModel{}).Model.Groups
	b.do(app.TakeCase{Case: id})
	b.do(app.HandOffCase{Case: id, Group: groups["redes"], Reason: "el puerto 14 pierde paquetes"})
	b.refused(app.Invalid, app.HandOffCase{Case: id, Group: groups["redes"]})
	b.clock = b.clock.Add(time.Hour)
	b.do(app.SuspendCase{Case: id, Reason: "parts"})
	b.refused(app.NotFound, app.SuspendCase{Case: id, Reason: "siesta"})
	b.clock = b.clock.Add(24 * time.Hour)
	row := b.kase(id).Row
	if row.Status != desk.Pending || row.Clock.Reason != "parts" {
		t.Errorf("while it waits for parts the row says %v, %+v", row.Status, row.Clock)
	}
	b.do(app.ResumeCase{Case: id})
	b.do(app.ResolveCase{Case: id, Text: "se cambió el módulo"})
	k := b.kase(id)
	if k.Case.Status != desk.Resolved || len(k.Case.HandOffs) != 2 || len(k.Timeline) != 6 {
		t.Errorf("status %v, %d hand-offs, %d moments", k.Case.Status, len(k.Case.HandOffs), len(k.Timeline))
	}
	if open := ask[app.CasesAnswer](b, app.Cases{}); len(open.Rows) != 0 {
		t.Errorf("a resolved case is still listed as open: %+v", open.Rows)
	}
	b.refused(app.Conflict, app.TakeCase{Case: id})
	b.do(app.ReopenCase{Case: id, Text: "volvió a fallar"})
	if s := b.kase(id).Case.Status; s != desk.InProgress {
		t.Errorf("reopened it is %v", s)
	}
	b.do(app.ResolveCase{Case: id, Text: "ahora sí"})
	b.clock = b.clock.Add(8 * 24 * time.Hour) // 30: outside the window a new case follows
	r := b.do(app.ReopenCase{Case: id, Text: "otra vez"})
	if r.ID == id || b.kase(r.ID).Case.Parent != id || b.kase(id).Case.Status != desk.Resolved {
		t.Error("outside the reopen window no linked case was made")
	}
}

func TestUndoOfAMergeGivesBothCasesBack(t *testing.T) {
	b := newBench(t)
	p, a := b.rosa()
	c := b.do(app.OpenCase{Opened: desk.Opened{Person: p, Subject: "Guías no imprimen", Category: "impresoras.cola"}})
	b.do(app.MergeCase{Case: c.ID, Into: a})
	if k := b.kase(c.ID).Case; k.Status != desk.Merged || k.Into != a {
		t.Fatalf("merged it is %v", k.Status)
	}
	if rows := ask[app.CasesAnswer](b, app.Cases{}).Rows; len(rows) != 1 { // 29: leaves the lists
		t.Errorf("%d open cases are listed", len(rows))
	}
	b.do(app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: c.ID}})
	if k := b.kase(c.ID).Case; k.Status != desk.New {
		t.Errorf("after undo it is %v", k.Status)
	}
	if k := b.kase(a).Case; len(k.Absorbed) != 0 {
		t.Error("the other case still absorbs it")
	}
	if rows := ask[app.CasesAnswer](b, app.Cases{}).Rows; len(rows) != 2 {
		t.Errorf("%d open cases are listed after undo", len(rows))
	}
}

func TestAMajorIncidentProposesItsChildren(t *testing.T) {
	b := newBench(t)
	p, parent := b.rosa()
	child := b.do(app.OpenCase{Opened: desk.Opened{Person: p, Subject: "Tampoco imprime"}})
	b.do(app.LinkCase{Case: child.ID, Parent: parent})
	r := b.do(app.ResolveCase{Case: parent, Text: "impresora repuesta"})
	if len(r.More) != 1 || r.More[0] != child.ID {
		t.Errorf("solving the parent proposes %v", r.More)
	}
}

func TestRolesAreHeldToTheirRights(t *testing.T) {
	b := newBench(t)
	_, id := b.rosa()
	for role, mayTake := range map[desk.Role]bool{desk.AgentRole: true, desk.TechnicianRole: true, desk.SupervisorRole: true, desk.AnalystRole: false, desk.ViewerRole: false} {
		login := role.String()
		r := b.do(app.SaveAgent{Agent: desk.Agent{Name: login, Login: login, Role: role}, Password: "una clave larga"})
		s, err := b.Do(t.Context(), app.SignIn{Login: login, Password: "una clave larga"})
		if err != nil || s.ID != r.ID {
			t.Fatalf("%s cannot sign in: %v", login, err)
		}
		_, err = b.Do(app.WithSession(t.Context(), s.Token), app.TakeCase{Case: id})
		if mayTake != (err == nil) {
			t.Errorf("%s takes a case: %v", login, err)
		}
		if _, err := b.Do(app.WithSession(t.Context(), s.Token), app.SaveContract{Contract: desk.Contract{Client: "x"}}); app.CodeOf(err) != app.NotAllowed {
			t.Errorf("%s changed a contract: %v", login, err)
		}
	}
	if _, err := b.Do(t.Context(), app.TakeCase{Case: id}); app.CodeOf(err) != app.NotSignedIn {
		t.Errorf("nobody took a case: %v", err)
	}
}

func TestGuessingPasswordsIsSlowedDown(t *testing.T) {
	b := newBench(t)
	var last error
	for range 4 {
		_, last = b.Do(t.Context(), app.SignIn{Login: "admin", Password: "no"})
	}
	if app.CodeOf(last) != app.TooSoon {
		t.Errorf("the fourth wrong password gave %v", last)
	}
	b.clock = b.clock.Add(10 * time.Minute)
	if _, err := b.Do(t.Context(), app.SignIn{Login: "admin", Password: "cobre y sal"}); err != nil {
		t.Errorf("after waiting: %v", err)
	}
}

func TestImportingTwiceIsImportingOnce(t *testing.T) {
	b := newBench(t)
	calls := app.ImportCalls{Calls: []phone.Call{{PBX: "x", UniqueID: "1", OfferedAt: b.clock}, {PBX: "x", UniqueID: "2", OfferedAt: b.clock}, {PBX: "x"}}}
	cases := app.ImportCases{Cases: []app.CaseHistory{{Ref: "SR 1", At: b.clock.Add(-time.Hour).UnixMilli(), Person: "Ann", Group: "G1",
		Opened: desk.Opened{Subject: "SR 1"}, Steps: []app.CaseStep{
			{At: b.clock.Add(-50 * time.Minute).UnixMilli(), Kind: desk.CaseTaken, Agent: "Siebel"},
			{At: b.clock.Add(-40 * time.Minute).UnixMilli(), Kind: desk.CaseHandedOff, Agent: "Siebel", Group: "G2", Level: 2},
			{At: b.clock.Add(-10 * time.Minute).UnixMilli(), Kind: desk.CaseResolved, Agent: "Other"}}}}}
	if im := b.do(calls).Import; im.Imported != 2 || len(im.Rejected) != 1 {
		t.Errorf("first: %+v", im)
	}
	if im := b.do(calls).Import; im.Imported != 0 || im.Known != 2 {
		t.Errorf("second: %+v", im)
	}
	if im := b.do(cases).Import; im.Imported != 1 {
		t.Errorf("first: %+v", im)
	}
	if im := b.do(cases).Import; im.Known != 1 || im.Imported != 0 {
		t.Errorf("second: %+v", im)
	}
	rows := ask[app.CasesAnswer](b, app.Cases{By: "opened"}).Rows
	if len(rows) != 1 || rows[0].Status != desk.Resolved || rows[0].HandOffs != 1 || rows[0].Person != "Ann" {
		t.Errorf("imported %+v", rows)
	}
}

func TestAnArticleInTwoLanguagesIsTwo(t *testing.T) {
	b := newBench(t)
	both := app.ImportRecords{Articles: []desk.Article{{Ref: "kb1", Lang: "es", Title: "Cola detenida"}, {Ref: "kb1", Lang: "en", Title: "Queue stopped"}}}
	b.do(both)
	if im := b.do(both).Import; im.Known != 2 {
		t.Errorf("second: %+v", im)
	}
	if as := ask[app.RecordsAnswer](b, app.Records{Type: desk.ArticleType}).Articles; len(as) != 2 {
		t.Errorf("%d articles", len(as))
	}
}

func TestWatchBeginsWithASnapshotAndTellsOfChanges(t *testing.T) {
	b := newBench(t)
	ctx, stop := context.WithCancel(b.ctx)
	defer stop()
	n := 0
	for c := range b.Watch(ctx, app.Interest{Types: []desk.Type{desk.CaseType}}) {
		switch n++; n {
		case 1:
			if !c.Snapshot {
				t.Fatal("the first change is no snapshot mark")
			}
			b.rosa()
		case 2:
			if len(c.Entities) != 1 || c.Entities[0].Type != desk.CaseType {
				t.Fatalf("told of %+v", c)
			}
			stop()
		}
	}
	if n != 2 {
		t.Errorf("%d changes", n)
	}
}

func TestACaseKeepsThePromiseItWasOpenedUnder(t *testing.T) { // 24
	b := newBench(t)
	_, id := b.rosa()
	due := func() (d time.Time) {
		for _, r := range b.kase(id).Clocks {
			if r.Kind == sla.Resolve {
				d = r.Due
			}
		}
		return d
	}
	before := due()
	k := ask[app.RecordsAnswer](b, app.Records{Type: desk.ContractType}).Contracts[0]
	for i := range k.Of.Targets {
		k.Of.Targets[i].Resolve, k.Of.Targets[i].TakeUp = 60, 30
	}
	b.do(app.SaveContract{ID: k.ID, Contract: k.Of})
	if after := due(); !after.Equal(before) || before.IsZero() {
		t.Errorf("due %v before the contract changed, %v after", before, after)
	}
	low := 4
	b.do(app.EditCase{Case: id, Edit: desk.Edited{Urgency: &low}})
	if now := due(); !now.Equal(b.clock.Add(time.Minute)) {
		t.Errorf("re-targeted under the new contract it is due %v", now)
	}
}

func TestACallThatHadNotEndedIsToldAgain(t *testing.T) {
	b := newBench(t)
	c := phone.Call{PBX: "x", UniqueID: "1", OfferedAt: b.clock}
	b.do(app.ImportCalls{Calls: []phone.Call{c}})
	c.EndedAt, c.Outcome = b.clock.Add(time.Minute), phone.Abandoned
	if im := b.do(app.ImportCalls{Calls: []phone.Call{c}}).Import; im.Imported != 1 {
		t.Errorf("%+v", im)
	}
	if rows := ask[app.CallsAnswer](b, app.Calls{}).Rows; len(rows) != 1 || rows[0].Call.Outcome != phone.Abandoned {
		t.Errorf("%+v", rows)
	}
}

func TestDerivingAnewChangesNothing(t *testing.T) {
	b := newBench(t)
	_, id := b.rosa()
	b.do(app.TakeCase{Case: id})
	b.do(app.SuspendCase{Case: id, Reason: "parts"})
	was, err := b.log.Checksum()
	if err != nil {
		t.Fatal(err)
	}
	b.clock = b.clock.Add(50 * time.Hour)
	if err := b.log.Rebuild(t.Context(), b.Engine); err != nil {
		t.Fatal(err)
	}
	if now, err := b.log.Checksum(); err != nil || now != was {
		t.Error("views or indexes are others", err)
	}
}

func TestAListShowsTheClocksOfTheCasePage(t *testing.T) {
	b := newBench(t)
	_, id := b.rosa()
	groups := ask[app.TheModelAnswer](b, app.TheModel{}).Model.Groups
	same := func(when string) {
		t.Helper()
		b.clock = b.clock.Add(37 * time.Minute)
		row := ask[app.CasesAnswer](b, app.Cases{}).Rows[0].Clock
		for _, r := range b.kase(id).Clocks {
			if r.ID == row.ID {
				if r.Elapsed != row.Elapsed || !r.Due.Equal(row.Due) || r.State != row.State || r.Late != row.Late || r.Reason != row.Reason {
					t.Errorf("%s: the list shows %+v, the page %+v", when, row, r)
				}
				return
			}
		}
		t.Errorf("%s: the page has no clock %q", when, row.ID)
	}
	same("opened")
	b.do(app.TakeCase{Case: id})
	same("taken")
	b.do(app.HandOffCase{Case: id, Group: groups["redes"], Reason: "x"})
	same("handed off")
	b.do(app.SuspendCase{Case: id, Reason: "parts"})
	same("paused")
	b.do(app.ResumeCase{Case: id})
	same("resumed")
	b.clock = b.clock.Add(90 * time.Hour)
	same("overdue")
	b.do(app.SuspendCase{Case: id, Reason: "user"})
	same("overdue and paused")
}

func TestAPendingCaseWakesOnItsDateOnce(t *testing.T) {
	b := newBench(t)
	_, id := b.rosa()
	synced := func(f func()) { // the timers run beside the test
		ctx, stop := context.WithCancel(b.ctx)
		done := make(chan error)
		go func() { done <- b.Engine.Run(ctx) }()
		f()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	b.do(app.SuspendCase{Case: id, Reason: "scheduled", Wake: b.clock.Add(time.Hour).UnixMilli()})
	b.clock = b.clock.Add(2 * time.Hour)
	synced(func() {
		ctx, stop := context.WithTimeout(b.ctx, 20*time.Second)
		defer stop()
		for range b.Watch(ctx, app.Interest{ID: id}) {
			if b.kase(id).Case.Status != desk.Pending {
				return
			}
		}
	})
	k := b.kase(id)
	if last := k.Timeline[len(k.Timeline)-1]; k.Case.Status != desk.New || last.Kind != desk.CaseResumed || last.Actor != "" || len(k.Timeline) != 3 {
		t.Errorf("after its date it is %v, %+v", k.Case.Status, k.Timeline)
	}
}
