package host_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"os"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"punto/app"
	"punto/app/desk"
	"punto/cmd/host"
	"punto/store"
)

func TestMain(m *testing.M) {
	if strings.HasSuffix(os.Getenv("PUNTO_CHECK_TABLES"), "deadly") {
		p, _ := os.FindProcess(os.Getpid())
		_ = p.Kill()
		select {}
	}
	if host.Child() {
		return
	}
	if dir := os.Getenv(childEnv); dir != "" {
		child(dir)
		return
	}
	state, err := os.MkdirTemp("", "punto-state-")
	if err != nil {
		panic(err)
	}
	_ = os.Setenv("PUNTO_STATE", state)
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(state)
		os.Exit(code)
	}))
}

func attach(t *testing.T, dir string) *host.Access {
	t.Helper()
	d, err := host.Attach(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d
}

func do(ctx context.Context, t *testing.T, d app.Desk, c app.Command) app.Receipt {
	t.Helper()
	r, err := d.Do(ctx, c)
	if err != nil {
		t.Fatalf("%s: %v", app.NameOf(c), err)
	}
	return r
}

func signIn(t *testing.T, d app.Desk) context.Context {
	t.Helper()
	return app.WithSession(t.Context(), do(t.Context(), t, d, app.SignIn{Login: "admin", Password: "cobre y sal"}).Token)
}

// newDesk makes a desk in dir by whoever hosts it.
func newDesk(t *testing.T, d *host.Access) {
	t.Helper()
	do(d.Owner(t.Context()), t, d, app.CreateDesk{Name: "Minera Los Andes", Zone: "America/Lima", Password: "cobre y sal"})
}

func subjects(ctx context.Context, t *testing.T, d app.Desk) (out []string) {
	t.Helper()
	a, err := d.Ask(ctx, app.Cases{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range a.(app.CasesAnswer).Rows {
		out = append(out, r.Subject)
	}
	return out
}

func TestTheSecondProgramAttachesToTheFirstsEngine(t *testing.T) {
	dir := t.TempDir()
	first := attach(t, dir)
	newDesk(t, first)
	second := attach(t, dir)
	if !first.Hosted() || second.Hosted() {
		t.Fatalf("hosted: first %v, second %v", first.Hosted(), second.Hosted())
	}
	one, two := signIn(t, first), signIn(t, second)
	changes, end := iter.Pull(first.Watch(one, app.Interest{Types: []desk.Type{desk.CaseType}}))
	defer end()
	if c, ok := changes(); !ok || !c.Snapshot {
		t.Fatal("the first window's watch did not begin")
	}
	r := do(two, t, second, app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Category: "impresoras.cola", Impact: 2, Urgency: 2}})
	if c, ok := changes(); !ok || len(c.Entities) != 1 || c.Entities[0].ID != r.ID {
		t.Errorf("the first window was told %+v, not of the case %s", c, r.ID)
	}
	if got := subjects(one, t, first); len(got) != 1 || got[0] != "No imprime" {
		t.Errorf("the first window lists %q", got)
	}
}

func TestBothDoorsGiveTheSameAnswers(t *testing.T) {
	dir := t.TempDir()
	first := attach(t, dir)
	newDesk(t, first)
	second := attach(t, dir)
	r := do(second.Owner(t.Context()), t, second, app.OpenCase{Opened: desk.Opened{Subject: "Sin red en el piso 4", Category: "impresoras.cola", Impact: 1, Urgency: 1}})
	for _, q := range []app.Query{app.Status{}, app.Cases{}, app.OneCase{ID: r.ID}, app.Explain{ID: r.ID}, app.TheModel{},
		app.Records{Type: desk.GroupType}, app.Records{Type: desk.AgentType}, app.Records{Type: desk.ContractType}, app.Search{Text: "red"}} {
		here, err := first.Ask(first.Owner(t.Context()), q)
		if err != nil {
			t.Errorf("%s: %v", app.NameOf(q), err)
			continue
		}
		there, err := second.Ask(second.Owner(t.Context()), q)
		if err != nil {
			t.Errorf("%s over the socket: %v", app.NameOf(q), err)
			continue
		}
		a, b := blurred(t, here), blurred(t, there)
		if a != b {
			t.Errorf("%s differs over the socket:\n%s\n%s", app.NameOf(q), a, b)
		}
	}
}

// blurred is an answer without what moves between two questions: the time a
// clock has run.
func blurred(t *testing.T, a app.Answer) string {
	t.Helper()
	switch v := a.(type) {
	case app.OneCaseAnswer:
		for i := range v.Clocks {
			v.Clocks[i].Elapsed = 0
		}
		v.Row.Clock.Elapsed = 0
		a = v
	case app.CasesAnswer:
		for i := range v.Rows {
			v.Rows[i].Clock.Elapsed = 0
		}
		a = v
	case app.ExplainAnswer:
		for i := range v.Runs {
			v.Runs[i].Elapsed = 0
		}
		for i := range v.Clocks {
			v.Clocks[i].Run.Elapsed = 0
		}
		a = v
	}
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWhenTheHostClosesTheOtherHostsAndNothingIsLost(t *testing.T) {
	dir := t.TempDir()
	first := attach(t, dir)
	newDesk(t, first)
	second := attach(t, dir)
	session := signIn(t, second)
	do(session, t, second, app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Category: "impresoras.cola", Impact: 2, Urgency: 2}})
	changes, end := iter.Pull(second.Watch(t.Context(), app.Interest{}))
	defer end()
	changes()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if c, ok := changes(); !ok || !c.Snapshot {
		t.Errorf("the watch went on with %+v, %v: a snapshot mark of the new host is due", c, ok)
	}
	if !second.Hosted() {
		t.Error("nobody took the folder over")
	}
	if _, err := second.Ask(session, app.Cases{}); app.CodeOf(err) != app.NotSignedIn {
		t.Errorf("a session of the host that has ended gave %v", err)
	}
	if got := subjects(signIn(t, second), t, second); len(got) != 1 {
		t.Errorf("after the take-over the list is %q", got)
	}
}

// Nothing tells a program at rest that the host has closed: its next call finds out,
// and is answered.
func TestTheNextCallAfterTheHostHasClosedIsAnswered(t *testing.T) {
	dir := t.TempDir()
	first := attach(t, dir)
	newDesk(t, first)
	second := attach(t, dir)
	if _, err := second.Ask(t.Context(), app.Status{}); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	do(second.Owner(t.Context()), t, second, app.ReserveNumber{})
	if !second.Hosted() {
		t.Error("nobody took the folder over")
	}
}

func TestManyProgramsThatStartAtOnceShareOneEngine(t *testing.T) {
	dir := t.TempDir()
	var mu sync.Mutex
	var desks []*host.Access
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			d, err := host.Attach(t.Context(), dir, nil)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			desks = append(desks, d)
		})
	}
	all.Wait()
	hosts := 0
	for _, d := range desks {
		if d.Hosted() {
			hosts++
			defer d.Close() // last, when those attached to it have gone
			continue
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
	if hosts != 1 {
		t.Errorf("%d of 6 programs host the folder", hosts)
	}
}

func TestAFolderHeldByAProgramThatDoesNotAnswerIsNamed(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: it waits for the patience of a start")
	}
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := host.Attach(t.Context(), dir, nil); !errors.Is(err, store.ErrLocked) {
		t.Errorf("a held folder gave %v", err)
	}
}

func TestTheSearchAnswersWithTheImportedReference(t *testing.T) {
	dir := t.TempDir()
	first := attach(t, dir)
	newDesk(t, first)
	second := attach(t, dir)
	ctx := second.Owner(t.Context())
	do(ctx, t, second, app.ImportRecords{Articles: []desk.Article{{Ref: "kb/17", Title: "La impresión sale en blanco", Body: "Cambie el tóner.", Lang: "es"}}})
	if err := second.Fed(ctx); err != nil {
		t.Fatal(err)
	}
	a, err := second.Ask(ctx, app.Search{Text: "impresion toner", Kind: "article"})
	if err != nil {
		t.Fatal(err)
	}
	hits := a.(app.SearchAnswer).Hits
	if len(hits) != 1 || hits[0].Ref != "kb/17" || hits[0].ID.IsZero() || hits[0].Title != "La impresión sale en blanco" {
		t.Errorf("found %+v", hits)
	}
}
