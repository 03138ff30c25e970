// Command punto is the window of the help desk. It attaches to the engine that
// holds the desk's folder, and hosts it when nobody does.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"punto/app/demo"
	"punto/app/local"
	"punto/cmd/host"
	"punto/ui"
	"punto/ui/look"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "punto:", err)
		os.Exit(1)
	}
}

func run() (err error) {
	data := flag.String("data", host.DefaultData(""), "folder of the desk (PUNTO_DATA)")
	dark := flag.Bool("dark", false, "begin in the dark palette")
	lang := flag.String("lang", "", "language: es, en or pt; none = the system's")
	size := flag.String("size", "1366x768", "size of the window")
	flag.Parse()
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("there is no display: start punto in a desktop session, or set DISPLAY")
	}
	var width, height float32
	if _, err := fmt.Sscanf(*size, "%fx%f", &width, &height); err != nil || width < 100 || height < 100 {
		return fmt.Errorf("%q is not a size: write one such as 1366x768", *size)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	desk, err := host.AttachWith(ctx, *data, log, host.Options{Network: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, desk.Close()) }()

	own, err := ownFolder(*data)
	if err != nil {
		return err
	}
	drafts, held, err := draftsFile(own)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, held.Release()) }()
	if !desk.Hosted() {
		debug.SetGCPercent(30) // the desk is another program's: little is made here, and little need lie about
	}
	a := fyneapp.NewWithID("punto")
	palette := look.Light()
	if *dark {
		palette = look.Dark()
	}
	var win fyne.Window
	idle := &rest{}
	w, err := ui.New(ctx, ui.Config{Desk: desk, SetTitle: func(s string) { win.SetTitle(s) }, Post: idle.post, Drafts: drafts, Lang: language(*lang),
		Palette: palette, SetTheme: a.Settings().SetTheme, Report: reporter(desk, own), Join: desk.Join,
		Demo: func(ctx context.Context, zone string, progress func(done, all int)) (string, string, error) {
			return "ana.soto", demo.Password, demo.Create(desk.Owner(ctx), desk, 1, time.Now(), zone, progress)
		}})
	if err != nil {
		return err
	}
	win = a.NewWindow(w.Title())
	win.SetPadded(false)
	win.SetContent(w.Content())
	win.Resize(fyne.NewSize(width, height))
	w.SetCanvas(win.Canvas())
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	go func() {
		for {
			select {
			case <-tick.C:
				idle.post(w.Tick)
			case <-ctx.Done():
				return
			}
		}
	}()
	win.SetOnClosed(func() { idle.over.Store(true) })
	go idle.run(ctx)
	win.ShowAndRun()
	cancel()
	return w.Close()
}

// ownFolder is where this user's drafts and reports lie: beside the desk, or in a
// folder of the user's where the service holds the desk.
func ownFolder(data string) (string, error) {
	if _, serves := local.Serves(data); !serves {
		return data, nil
	}
	conf, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("find a folder for the drafts: %w", err)
	}
	own := filepath.Join(conf, "punto")
	return own, os.MkdirAll(own, 0o700)
}

func language(chosen string) string {
	for _, s := range []string{chosen, os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")} {
		if s != "" && !strings.HasPrefix(s, "C") && s != "POSIX" {
			return s
		}
	}
	return "es"
}
