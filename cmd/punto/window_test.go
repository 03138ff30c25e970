package main_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/cmd/host"
	"punto/packaging/drive"
)

const password = "una clave larga"

// prepare makes a desk with an agent, a known caller and a document.
func prepare(t *testing.T, dir string) {
	t.Helper()
	h, err := host.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx := h.Owner(t.Context())
	for _, c := range []app.Command{
		app.CreateDesk{Name: "Prueba", Zone: "America/Lima", AlwaysOpen: true, Prefix: "B", Password: password},
		app.SaveAgent{Agent: desk.Agent{Name: "Ana Soto", Login: "ana", Role: desk.AgentRole}, Password: password},
		app.ImportRecords{People: []desk.Person{{Name: "Rosa Quispe Mamani", Extension: "4471", Ref: "1"}}, Areas: []string{"Despacho"}, Sites: []string{"Planta"}},
		app.ImportRecords{Articles: []desk.Article{{Ref: "KB-1", Title: "Cola de impresión en pausa", Lang: "es", Body: "Reiniciar el servicio."}}},
	} {
		if _, err := h.Do(ctx, c); err != nil {
			t.Fatalf("%s: %v", app.NameOf(c), err)
		}
	}
	if err := h.Fed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}

// tags are those of this test, so that what was compiled for it serves the window.
func tags() string {
	b, _ := debug.ReadBuildInfo()
	for _, s := range b.Settings {
		if s.Key == "-tags" {
			return strings.ReplaceAll(s.Value, ",", " ")
		}
	}
	return ""
}

func build(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "punto")
	if out, err := exec.Command("go", "build", "-tags", tags(), "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("build the window: %v\n%s", err, out)
	}
	return bin
}

// steps fails the test at the first step that fails, with a picture of it.
func steps(t *testing.T, w *drive.Window, all ...func() error) {
	t.Helper()
	for i, f := range all {
		if err := f(); err != nil {
			shot := filepath.Join(os.TempDir(), "punto-failed.png")
			_ = w.Shot(shot)
			t.Fatalf("step %d: %v (see %s)", i+1, err, shot)
		}
	}
}

func only(t *testing.T, d *host.Access, ctx context.Context) app.CaseRow {
	t.Helper()
	x, err := d.Ask(ctx, app.Cases{By: "opened"})
	if err != nil {
		t.Fatal(err)
	}
	rows := x.(app.CasesAnswer).Rows
	if len(rows) == 0 {
		return app.CaseRow{}
	}
	return rows[0]
}

// A known caller's case is registered and solved by the keyboard alone; a second
// is handed off; a third, half told, outlives a kill of the window.
func TestTheIntakeByKeyboardAlone(t *testing.T) {
	if gone := drive.Missing(); gone != "" {
		t.Skipf("SKIPPED: no %s on this machine: `make deps` installs them", gone)
	}
	ctx, dir, bin := t.Context(), t.TempDir(), build(t)
	prepare(t, dir)
	s, err := drive.Open(ctx, "1366x768")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w, err := s.Start(ctx, bin, dir, "1366x768")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if w != nil {
			_ = w.Kill()
		}
	})

	key := func(k ...string) func() error { return func() error { return w.Key(k...) } }
	typed := func(s string) func() error { return func() error { return w.Type(s) } }
	draft := func(what string, ok func(drive.Draft) bool) func() error {
		return func() error { return w.UntilDraft(ctx, what, ok) }
	}
	page := func(name string) func() error { return func() error { return w.UntilPage(ctx, name) } }
	tell := func(subject string) []func() error {
		return []func() error{
			key("ctrl+2"), typed("4471"), draft("the extension", func(d drive.Draft) bool { return d.Who == "4471" }),
			key("Return"), draft("Rosa", func(d drive.Draft) bool { return d.Who == "Rosa Quispe Mamani" && d.Person != "" }),
			typed(subject), draft("what happens", func(d drive.Draft) bool { return d.What == subject }),
			key("Return"), typed("impresora despacho"), key("Return"), draft("the category", func(d drive.Draft) bool { return d.Category == "impresoras.despacho" }),
			key("2"), key("2"), draft("impact and urgency", func(d drive.Draft) bool { return d.Impact == 2 && d.Urgency == 2 }),
			typed("Desde las 9"), draft("the description", func(d drive.Draft) bool { return d.Text == "Desde las 9" }),
		}
	}
	steps(t, w, func() error { return w.SignIn(ctx, "ana", password) })
	steps(t, w, tell("No imprime la de guias")...)
	d, err := host.Attach(ctx, dir, nil) // the window hosts the engine: this attaches to it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if d.Hosted() {
		t.Error("a second program opened the folder behind the window's back")
	}
	owner := d.Owner(ctx)
	registered := func(subject string, s desk.Status) func() error {
		return func() error {
			return drive.Until(ctx, subject+" is "+s.String(), func() (bool, error) { r := only(t, d, owner); return r.Subject == subject && r.Status == s, nil })
		}
	}
	steps(t, w, key("F9"), page("¿Cómo se resolvió?"), typed("se reinicio la cola"), key("Return"), registered("No imprime la de guias", desk.Resolved))
	x, err := d.Ask(owner, app.OneCase{ID: only(t, d, owner).ID})
	if err != nil {
		t.Fatal(err)
	}
	if k := x.(app.OneCaseAnswer); !k.Case.Solution.Online || k.Person.Name != "Rosa Quispe Mamani" || k.Case.Priority != 2 || k.Case.Solution.Text != "se reinicio la cola" {
		t.Errorf("registered: online %v, %s, priority %d, %q", k.Case.Solution.Online, k.Person.Name, k.Case.Priority, k.Case.Solution.Text)
	}

	twoWindows(t, bin, dir)

	fresh := draft("a new draft", func(d drive.Draft) bool { return d.Who == "" })
	steps(t, w, fresh)
	steps(t, w, tell("Otra vez no imprime")...)
	steps(t, w, key("F10"), page("¿A qué grupo?"), key("Return"), registered("Otra vez no imprime", desk.Assigned), fresh)

	steps(t, w, typed("4471"), draft("the extension", func(d drive.Draft) bool { return d.Who == "4471" }), key("Return"),
		draft("Rosa", func(d drive.Draft) bool { return d.Person != "" }), typed("A medio contar"), draft("half told", func(d drive.Draft) bool { return d.What == "A medio contar" }))
	if err := w.Kill(); err != nil {
		t.Fatal(err)
	}
	if w, err = s.Start(ctx, bin, dir, "1366x768"); err != nil {
		t.Fatal(err)
	}
	steps(t, w, func() error { return w.SignIn(ctx, "ana", password) },
		key("F11"), page("¿Qué se espera?"), typed("se espera al usuario"), key("Return"), registered("A medio contar", desk.Pending))
}

// A second window on the folder attaches to the first's engine, and its drafts are
// its own.
func twoWindows(t *testing.T, bin, dir string) {
	t.Helper()
	s2, err := drive.Open(t.Context(), "1366x768")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s2.Close() }()
	w, err := s2.Start(t.Context(), bin, dir, "1366x768")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Kill() }()
	w.Drafted = "drafts-2.json"
	steps(t, w, func() error { return w.SignIn(t.Context(), "ana", password) }, func() error { return w.Type("4471") },
		func() error {
			return w.UntilDraft(t.Context(), "the second window's draft", func(d drive.Draft) bool { return d.Who == "4471" })
		})
}
