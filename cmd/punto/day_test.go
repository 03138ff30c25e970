package main_test

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/cmd/host"
	"punto/packaging/drive"
)

// fill runs commands as the owner of a desk that no program holds.
func fill(t *testing.T, dir string, cs ...app.Command) {
	t.Helper()
	h, err := host.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cs {
		if _, err := h.Do(h.Owner(t.Context()), c); err != nil {
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

// window opens a window on a desk of its own, made by prepare and cs, and signs
// Ana in.
func window(t *testing.T, cs ...app.Command) *drive.Window {
	t.Helper()
	if gone := drive.Missing(); gone != "" {
		t.Skipf("SKIPPED: no %s on this machine: `make deps` installs them", gone)
	}
	dir, bin := t.TempDir(), build(t)
	prepare(t, dir)
	fill(t, dir, cs...)
	s, err := drive.Open(t.Context(), "1366x768")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w, err := s.Start(t.Context(), bin, dir, "1366x768")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Kill() })
	steps(t, w, func() error { return w.SignIn(t.Context(), "ana", password) })
	return w
}

// ink counts what is drawn on a page, between the top bar and the action bar.
func ink(img image.Image) (n int) {
	b := img.Bounds()
	seen := map[[3]uint32]int{}
	for y := b.Min.Y + 90; y < b.Max.Y-60; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, b, _ := img.At(x, y).RGBA()
			seen[[3]uint32{r, g, b}]++
		}
	}
	for _, m := range seen {
		if m < 20_000 { // not a ground
			n += m
		}
	}
	return n
}

// What was not seen for longer than Fyne keeps it is whole when it comes back:
// every page, with what stands in its fields.
func TestEveryPageIsWholeAfterItWasAway(t *testing.T) {
	const kept = time.Second
	t.Setenv("FYNE_CACHE", kept.String()) // a minute, as it comes
	w := window(t, app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Impact: 2, Urgency: 2}})
	pages := []struct{ key, name string }{{"ctrl+F1", "Atender"}, {"ctrl+F3", "Llamadas"}, {"ctrl+F4", "Supervisión"}, {"ctrl+F5", "Análisis"},
		{"ctrl+F6", "Soluciones"}, {"ctrl+F7", "Usuarios"}, {"ctrl+F8", "Puestos"}, {"ctrl+F11", "Conflictos"}}
	away := func() {
		t.Helper()
		steps(t, w, func() error { return w.Key("ctrl+F2") }, func() error { return w.UntilPage(t.Context(), "Casos") })
	}
	look := func(i int) int {
		t.Helper()
		steps(t, w, func() error { return w.Key(pages[i].key) }, func() error { return w.UntilLeft(t.Context(), "Casos") })
		img, err := w.Picture()
		if err != nil {
			t.Fatal(err)
		}
		return ink(img)
	}
	steps(t, w, func() error { return w.Breath(15*time.Millisecond, "4471", "Return", "No imprime la de guias") },
		func() error {
			return w.UntilDraft(t.Context(), "a draft", func(d drive.Draft) bool { return d.Person != "" && d.What == "No imprime la de guias" })
		})
	away()
	before := make([]int, len(pages))
	for i := range pages {
		before[i] = look(i)
		away()
	}
	time.Sleep(kept + 11*time.Second) // Fyne throws away every ten seconds at most, and tells nobody
	shots := os.Getenv("PUNTO_SHOTS")
	for i, p := range pages {
		after := look(i)
		t.Logf("%s: %d points drawn before, %d after", p.name, before[i], after)
		if shots != "" {
			if err := w.Shot(filepath.Join(shots, "away-"+p.name+".png")); err != nil {
				t.Fatal(err)
			}
		}
		if after < before[i]*9/10 {
			t.Errorf("%s lost what stood there: %d of %d points are drawn", p.name, after, before[i])
		}
		away()
	}
}

// Twenty callers, each typed with Enter and the subject behind in one breath at
// 70 ms a key, on a machine that has other work: each is the right one.
func TestAFastTypistGetsTheRightCaller(t *testing.T) {
	people := app.ImportRecords{}
	for i := range 40 {
		people.People = append(people.People, desk.Person{Name: fmt.Sprintf("Persona %c%c", 'A'+i/10, 'A'+i%10), Extension: fmt.Sprint(4500 + i), Ref: fmt.Sprint(100 + i)})
	}
	w := window(t, people)
	var done atomic.Bool
	defer done.Store(true)
	for range runtime.NumCPU() {
		go func() {
			for !done.Load() { // other work
			}
		}()
	}
	for i := range 20 {
		p := people.People[(i*7)%40]
		end := []string{"Return", "Tab"}[i%2]
		subject := fmt.Sprintf("asunto %d", i)
		steps(t, w, func() error { return w.Key("ctrl+n") },
			func() error { return w.Breath(70*time.Millisecond, p.Extension, end, subject) },
			func() error {
				return w.UntilDraft(t.Context(), fmt.Sprintf("the caller of %q", subject), func(d drive.Draft) bool {
					settled := d.What == subject && d.Person != "" && d.Who != p.Extension
					if settled && d.Who != p.Name {
						t.Errorf("%s became %q, not %q", p.Extension, d.Who, p.Name)
					}
					return settled
				})
			})
	}
}
