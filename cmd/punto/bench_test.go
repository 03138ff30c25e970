package main_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/cmd/host"
	"punto/packaging/drive"
)

// BenchmarkWindow is a real window over a desk of 210,000 cases, 20,000 of them open,
// that another program holds: what it holds in memory above a window with one word in it,
// how long the board takes to come up, and how long anything keeps Fyne's goroutine while
// a supervisor types a filter, walks the list and goes from page to page. On a virtual
// display most of that is the software that draws in the place of a graphics card.
func BenchmarkWindow(b *testing.B) {
	if gone := drive.Missing(); gone != "" {
		b.Skipf("SKIPPED: no %s on this machine: `make deps` installs them", gone)
	}
	const all, open, batch = 210_000, 20_000, 5_000
	dir := b.TempDir()
	d, err := host.AttachWith(b.Context(), dir, nil, host.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	ctx := d.Owner(b.Context())
	do := func(c app.Command) {
		if _, err := d.Do(ctx, c); err != nil {
			b.Fatalf("%s: %v", app.NameOf(c), err)
		}
	}
	do(app.CreateDesk{Name: "Prueba", Zone: "America/Lima", AlwaysOpen: true, Prefix: "B", Password: password})
	do(app.SaveAgent{Agent: desk.Agent{Name: "Pedro Lagos", Login: "pedro", Role: desk.SupervisorRole}, Password: password})
	at := time.Now().Add(-200 * time.Hour).UnixMilli()
	for i := 0; i < all; i += batch {
		var c app.ImportCases
		for j := i; j < i+batch; j++ {
			h := app.CaseHistory{Ref: fmt.Sprint("B", j), At: at + int64(j)*3_000, Person: fmt.Sprintf("Usuario Apellido%d", j%900), Group: []string{"Redes", "Soporte", "Aplicaciones"}[j%3],
				Opened: desk.Opened{Subject: fmt.Sprintf("La impresora no responde en el puesto%d", j), Kind: desk.Incident, Impact: 1 + j%4, Urgency: 1 + j%3}}
			if j < all-open {
				h.Steps = []app.CaseStep{{At: h.At + 600_000, Kind: desk.CaseResolved, Agent: "Ana", Text: "cola reiniciada"}}
			}
			c.Cases = append(c.Cases, h)
		}
		do(c)
	}
	s, err := drive.Open(b.Context(), "1366x768")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	file := filepath.Join(b.TempDir(), "frames")
	b.Setenv("PUNTO_EMPTY", "1")
	empty, err := s.Start(b.Context(), os.Args[0], b.TempDir(), "1366x768")
	if err != nil {
		b.Fatal(err)
	}
	plain := resident(b, empty)
	_ = empty.Kill()
	b.Setenv("PUNTO_EMPTY", "")
	b.Setenv("PUNTO_FRAMES", file)
	w, err := s.Start(b.Context(), os.Args[0], dir, "1366x768")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = w.Kill() }()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	must(w.SignIn(b.Context(), "pedro", password))
	work := func(what string, f func()) {
		from := time.Now()
		f()
		b.ReportMetric(longest(b, file, from), what+"-ms")
	}
	for b.Loop() {
		work("open", func() {
			must(errors.Join(w.Key("ctrl+F2"), w.UntilLeft(b.Context(), "Supervisión"), w.Key("ctrl+F4"), w.UntilTitle(b.Context(), "Supervisión")))
		})
		work("type", func() {
			must(errors.Join(w.Key("ctrl+f"), w.Breath(70*time.Millisecond, "redes puesto20"), w.Key("ctrl+a", "BackSpace"), w.Breath(70*time.Millisecond, "la impresora")))
			must(errors.Join(w.Key("ctrl+a", "BackSpace", "Escape"), w.UntilTitle(b.Context(), "Supervisión")))
		})
		work("walk", func() {
			must(w.Key(append(slices.Repeat([]string{"Down"}, 60), slices.Repeat([]string{"Next"}, 30)...)...))
			must(errors.Join(w.Key("End"), w.UntilTitle(b.Context(), "Supervisión"), w.Key("Home"), w.UntilTitle(b.Context(), "Supervisión")))
		})
		work("pages", func() {
			for _, key := range []string{"ctrl+F1", "ctrl+F3", "ctrl+F5", "ctrl+F6", "ctrl+F7", "ctrl+F8", "ctrl+F4"} {
				must(w.Key(key))
				must(drive.Until(b.Context(), "the page of "+key, func() (bool, error) {
					t, err := w.Title()
					return err == nil && !strings.Contains(t, " … ·"), nil
				}))
			}
		})
	}
	b.ReportMetric(plain, "empty-MB")
	b.ReportMetric(resident(b, w), "window-MB")
}

// longest is the longest wait since an instant, in milliseconds.
func longest(b *testing.B, file string, from time.Time) (most float64) {
	f, err := os.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for in := bufio.NewScanner(f); in.Scan(); {
		var at, took int64
		if _, err := fmt.Sscan(in.Text(), &at, &took); err == nil && at >= from.UnixMilli() {
			most = max(most, float64(took)/1000)
		}
	}
	return most
}

// resident is what a window holds in memory, in MB, once its page stands.
func resident(b *testing.B, w *drive.Window) float64 {
	time.Sleep(3 * time.Second) // what was made to draw it has gone
	s, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.Pid()))
	if err != nil {
		b.Skipf("SKIPPED: this system does not tell what a process holds: %v", err)
	}
	for line := range strings.Lines(string(s)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.Fields(kb)[0])
			if err != nil {
				b.Fatal(err)
			}
			return float64(n) / 1024
		}
	}
	b.Fatal("no VmRSS")
	return 0
}
