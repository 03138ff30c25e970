// Command tour drives the window over a demonstration desk on a virtual display,
// and leaves pictures of its pages and the month's report: what `make run` does
// where there is no display.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"punto/app/demo"
	"punto/packaging/drive"
)

func main() {
	punto := flag.String("punto", "bin/punto", "the window's program")
	data := flag.String("data", "out/demo", "folder of the demonstration")
	out := flag.String("out", "out", "folder for the pictures")
	flag.Parse()
	ctx := context.Background()
	if gone := drive.Missing(); gone != "" {
		fmt.Fprintf(os.Stderr, "tour: %s is not installed: run make deps\n", gone)
		os.Exit(1)
	}
	for _, size := range []string{"1366x768", "1920x1080"} {
		for _, look := range []string{"light", "dark"} {
			if err := tour(ctx, *punto, *data, *out, size, look); err != nil {
				fmt.Fprintln(os.Stderr, "tour:", err)
				os.Exit(1)
			}
		}
	}
}

// tour signs in, takes a call, registers and derives or solves, and looks at a
// case, the queue and the month.
func tour(ctx context.Context, punto, data, out, size, look string) (err error) {
	s, err := drive.Open(ctx, size)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var args []string
	if look == "dark" {
		args = append(args, "--dark")
	}
	w, err := s.Start(ctx, punto, data, size, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Kill()) }()
	shot := func(name string) func() error {
		return func() error {
			file := filepath.Join(out, fmt.Sprintf("%s-%s-%s.png", name, size, look))
			fmt.Println(file)
			return s.Shot(file)
		}
	}
	draft := func(what string, ok func(drive.Draft) bool) func() error {
		return func() error { return w.UntilDraft(ctx, what, ok) }
	}
	key := func(k ...string) func() error { return func() error { return w.Key(k...) } }
	typed := func(s string) func() error { return func() error { return w.Type(s) } }
	subject := "No imprime en la impresora de guias"
	page := func(name string) func() error { return func() error { return w.UntilPage(ctx, name) } }
	away := func(name string) func() error { return func() error { return w.UntilLeft(ctx, name) } }
	turn := func(k string) func() error {
		return func() error {
			was, err := w.Title()
			return errors.Join(err, w.Key(k), w.UntilLeft(ctx, was))
		}
	}
	before := time.Now()
	printed := func() error {
		return drive.Until(ctx, "the month's report", func() (bool, error) {
			files, err := filepath.Glob(filepath.Join(data, "informes", "*.pdf"))
			return slices.ContainsFunc(files, func(f string) bool {
				i, err := os.Stat(f)
				return err == nil && i.Size() > 0 && i.ModTime().After(before)
			}), err
		})
	}
	steps := []func() error{
		page("Entrar"), shot("entrar"), func() error { return w.SignIn(ctx, "ana.soto", demo.Password) },
		key("ctrl+2"), typed("4070"), draft("the extension", func(d drive.Draft) bool { return d.Who == "4070" }), key("Return"),
		draft("the caller", func(d drive.Draft) bool { return d.Person != "" }), typed(subject), draft("what happens", func(d drive.Draft) bool { return d.What == subject }),
		key("Return"), typed("impresora desp"), shot("atender-categoria"), key("Return"),
		draft("the category", func(d drive.Draft) bool { return d.Category != "" }), key("2"), key("2"),
		typed("Desde las 9:50 la cola queda en pausa. Hay 14 camiones esperando."), draft("the description", func(d drive.Draft) bool { return d.Text != "" }),
		shot("atender"),
	}
	end := []func() error{key("F9"), page("¿Cómo se resolvió?"), typed("se reinicio la cola"), key("Return")}
	if look == "dark" {
		end = []func() error{key("F10"), page("¿A qué grupo?"), shot("derivar"), key("Return")}
	}
	steps = append(steps, end...)
	steps = append(steps, draft("the next draft", func(d drive.Draft) bool { return d.Who == "" }),
		key("ctrl+F4"), page("Supervisión"), shot("casos"), key("Down", "Down", "Return"), away("Supervisión"), shot("caso"),
		key("ctrl+e"), func() error { return w.UntilTitle(ctx, "Por qué este plazo") }, shot("por-que"),
		key("ctrl+F5"), away("Por qué este plazo"), turn("alt+Left"), shot("mes"), key("F9"), printed, shot("informe"), key("F1"), shot("teclas"),
		key("Escape"), key("ctrl+F8"), page("Puestos"), shot("puestos"), key("ctrl+F11"), page("Conflictos"), shot("conflictos"))
	for i, f := range steps {
		if err := f(); err != nil {
			return errors.Join(fmt.Errorf("step %d at %s %s: %w", i+1, size, look, err), s.Shot(filepath.Join(out, "failed.png")))
		}
	}
	return nil
}
