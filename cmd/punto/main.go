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
	"sync"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"punto/app"
	"punto/app/demo"
	"punto/app/local"
	"punto/app/phone"
	"punto/cmd/host"
	"punto/store/volume"
	"punto/ui"
	"punto/ui/keep"
	"punto/ui/look"
	"punto/ui/pages"
	"punto/ui/pages/cases"
	"punto/ui/pages/issuing"
)

func main() {
	if host.Child() {
		return
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "punto:", err)
		os.Exit(host.ExitCode(err))
	}
}

// program is what run was asked for and what it has opened.
type program struct {
	data, lang    string
	dark          bool
	width, height float32
	fixed         ui.Fixed

	app    fyne.App
	win    fyne.Window
	log    *slog.Logger
	desk   *host.Access
	own    string
	drafts string
	held   *volume.Lock
	idle   rest
	shown  shown
	window *ui.Window // on Fyne's goroutine
}

func run() (err error) {
	p := &program{log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	if err := p.flags(); err != nil {
		return err
	}
	if url := flag.Arg(0); url != "" { // a softphone's link: the window that is open shows its caller
		if told, err := pop(p.data, url); told || err != nil {
			return err
		}
	}
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("there is no display: start punto in a desktop session, or set DISPLAY")
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p.app = fyneapp.NewWithID("punto")
	p.win = p.app.NewWindow("Punto")
	p.win.SetPadded(false)
	p.win.SetMaster() // with it goes every other window
	retry := make(chan struct{}, 1)
	screen, err := startScreen(p.win, p.lang, p.dark, p.data, retry)
	if err != nil {
		return err
	}
	o := &opening{retry: retry, open: p.open,
		tell: func(t ui.Trouble, err error) {
			p.idle.post(func() {
				screen.Tell(t, err)
				p.win.SetTitle(screen.Title())
			})
		},
		ready: func() { p.idle.post(func() { p.show(ctx) }) }}
	var running sync.WaitGroup
	p.win.Resize(fyne.NewSize(p.width, p.height))
	p.app.Lifecycle().SetOnStarted(func() {
		if !p.fixed.Size {
			p.win.Resize(onScreen(p.win, fyne.NewSize(p.width, p.height)))
		}
		running.Go(func() { o.run(ctx) })
		running.Go(func() { p.ticks(ctx) })
		running.Go(func() { p.idle.run(ctx) })
	})
	p.win.SetOnClosed(func() { p.idle.over.Store(true) })
	p.win.ShowAndRun()
	cancel()
	running.Wait()
	if p.window != nil {
		err = p.window.Close()
	} else if !errors.Is(o.err, context.Canceled) {
		err = o.err
	}
	return errors.Join(err, p.close())
}

func (p *program) flags() error {
	data := flag.String("data", host.DefaultData(""), "folder of the desk (PUNTO_DATA)")
	dark := flag.Bool("dark", false, "begin in the dark palette")
	lang := flag.String("lang", "", "language: es, en or pt; none = the system's")
	size := flag.String("size", "1366x768", "size of the window")
	flag.Parse()
	flag.Visit(func(f *flag.Flag) { // what is said here holds against what an agent had last
		switch f.Name {
		case "dark":
			p.fixed.Look = true
		case "lang":
			p.fixed.Lang = true
		case "size":
			p.fixed.Size = true
		}
	})
	p.data, p.dark, p.lang = *data, *dark, ui.SystemLanguage(*lang, os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	if _, err := fmt.Sscanf(*size, "%fx%f", &p.width, &p.height); err != nil || p.width < 100 || p.height < 100 {
		return fmt.Errorf("%q is not a size: write one such as 1366x768", *size)
	}
	return nil
}

// pop has the program that holds the desk bring up the caller of a link; false where none
// runs, and a window is opened.
func pop(data, url string) (told bool, err error) {
	if _, _, err := phone.ParseURL(url); err != nil {
		return false, err
	}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	c, err := local.Dial(ctx, data)
	if errors.Is(err, local.ErrNobody) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = c.Do(ctx, app.PopCaller{URL: url})
	return true, errors.Join(err, c.Close())
}

// open opens the desk, or the part of it that the last try did not.
func (p *program) open(ctx context.Context) (err error) {
	if p.desk == nil {
		if p.desk, err = host.AttachWith(ctx, p.data, p.log, host.Options{Network: true}); err != nil {
			return err
		}
		if !p.desk.Hosted() {
			debug.SetGCPercent(30) // the desk is another program's: little is made here, and little need lie about
		}
	}
	if p.own, err = ownFolder(p.data); err != nil {
		return err
	}
	if p.held == nil {
		if p.drafts, p.held, err = draftsFile(p.own); err != nil {
			return err
		}
	}
	_, err = keep.OpenDrafts(p.drafts)
	return err
}

// show puts the desk into the window.
func (p *program) show(ctx context.Context) {
	if ctx.Err() != nil { // it was closed meanwhile
		return
	}
	var prefs string
	if conf, err := os.UserConfigDir(); err == nil {
		prefs = filepath.Join(conf, "punto", "windows.json")
	}
	all := pages.All(pages.Program{Report: reporter(p.desk, p.own), Slip: slipper(p.desk, p.own), Join: p.desk.Join, Test: tested, System: cases.System{Open: p.shown.open, Picture: clipped}, Issue: issuing.Tools{Open: p.shown.open, Model: modeller(p.desk)},
		Demo: func(ctx context.Context, zone string, progress func(done, all int)) (string, string, error) {
			return "ana.soto", demo.Password, demo.Create(p.desk.Owner(ctx), p.desk, 1, time.Now(), zone, progress)
		}})
	w, err := ui.New(ctx, ui.Config{Desk: p.desk, Pages: all, SetTitle: p.win.SetTitle, Notify: p.notify, Post: p.idle.post, Drafts: p.drafts, Lang: p.lang,
		Palette: palette(p.dark), SetTheme: p.app.Settings().SetTheme,
		Prefs: prefs, Fixed: p.fixed, Resize: func(s fyne.Size) { p.win.Resize(onScreen(p.win, s)) }})
	if err != nil { // its drafts were read a moment ago
		p.log.Error("the window cannot be made", "err", err)
		return
	}
	p.window = w
	p.win.SetContent(w.Content())
	p.win.SetTitle(w.Title())
	w.SetCanvas(p.win.Canvas())
	p.win.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) {
		var paths []string
		for _, u := range uris {
			if u.Scheme() == "file" {
				paths = append(paths, u.Path())
			}
		}
		w.Drop(paths)
	})
}

// notify has the system tell the user something, where it has who does.
func (p *program) notify(title, text string) {
	if runtime.GOOS == "linux" && os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		return
	}
	go p.app.SendNotification(fyne.NewNotification(title, text)) // it may wait for the system
}

// ticks tells the window once a second that time goes by.
func (p *program) ticks(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			p.idle.post(func() {
				if p.window != nil {
					p.window.Tick()
				}
			})
		case <-ctx.Done():
			return
		}
	}
}

func (p *program) close() (err error) {
	err = errors.Join(p.held.Release(), p.shown.close())
	if p.desk != nil {
		err = errors.Join(err, p.desk.Close())
	}
	return err
}

func palette(dark bool) *look.Palette {
	if dark {
		return look.Dark()
	}
	return look.Light()
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
