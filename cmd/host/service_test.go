package host

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"punto/app"
	"punto/app/local"
)

// IT installs the service while a window holds the folder: the window lets go of
// it, works through the service, and when the service is down it says so and never
// opens the folder behind its back.
func TestWindowHandsTheFolderOverToTheServiceAndWaitsForIt(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("PUNTO_SERVICE", filepath.Join(t.TempDir(), "service.json"))
	dir := t.TempDir()
	d, err := AttachWith(t.Context(), dir, nil, Options{Network: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	owner := d.Owner(t.Context())
	if _, err := d.Do(owner, app.CreateDesk{Name: "Obra", Zone: "America/Lima", Password: "cobre y sal"}); err != nil || !d.Hosted() {
		t.Fatal(err, d.Hosted())
	}
	if err := (local.Service{Data: dir}).Write(); err != nil { // what puntod install writes
		t.Fatal(err)
	}
	until(t, "the window lets go of the folder", func() bool { return !d.Hosted() })
	down := func(when string) {
		t.Helper()
		var e *app.Error
		if _, err := d.Ask(owner, app.Status{}); !errors.As(err, &e) || e.Code != app.Unavailable || e.Form != ErrServiceDown.Error() || d.Hosted() {
			t.Fatalf("%s: %v, hosted %v", when, err, d.Hosted())
		}
	}
	down("before the service is up")
	serve := func() func() {
		h, err := OpenWith(t.Context(), dir, nil, Options{Network: true, Service: true})
		if err != nil {
			t.Fatal(err)
		}
		l, err := local.Listen(dir)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- local.Serve(ctx, l, h) }()
		return func() {
			stop()
			if err := errors.Join(<-done, h.Close()); err != nil {
				t.Error(err)
			}
		}
	}
	stop := serve()
	a, err := d.Ask(owner, app.Status{})
	if err != nil || a.(app.StatusAnswer).Desk.Name != "Obra" {
		t.Fatal(a, err)
	}
	stop()
	down("after the service has ended")
	defer serve()()
	until(t, "the window works again", func() bool { _, err := d.Ask(owner, app.Status{}); return err == nil })
	if err := os.Remove(local.ServiceFile()); err != nil {
		t.Fatal(err)
	}
}

// The first-run wizard joins the empty folder that the window holds.
func TestWindowJoinsASiteFromItsEmptyFolder(t *testing.T) {
	a := founded(t)
	t.Setenv("PUNTO_SERVICE", filepath.Join(t.TempDir(), "service.json"))
	d, err := AttachWith(t.Context(), t.TempDir(), nil, Options{Network: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	for _, wrong := range []string{"no es un código", "ABCDE-ABCDE-ABCDE-ABCDE"} {
		if err := d.Join(t.Context(), wrong, a.address, nil); app.CodeOf(err) != app.Conflict {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if err := d.Join(t.Context(), a.do(t, app.Invite{}).Secret, a.address, nil); err != nil {
		t.Fatal(err)
	}
	x, err := d.Ask(t.Context(), app.Status{})
	if err != nil || x.(app.StatusAnswer).Desk.Name != "Obra" || x.(app.StatusAnswer).Node != "B" {
		t.Fatal(x, err)
	}
	if _, err := d.Do(t.Context(), app.SignIn{Login: "admin", Password: "cobre y sal"}); err != nil {
		t.Fatal(err)
	}
}
