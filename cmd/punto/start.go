package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"fyne.io/fyne/v2"

	"punto/cmd/host"
	"punto/ui"
)

// opening is the desk on its way into the window: opened behind a window that is
// shown already, so that who started Punto by a click sees what it waits for and
// what went wrong. What can pass is tried again, by itself or when asked to.
type opening struct {
	open  func(context.Context) error // opens the desk; it is called by one goroutine
	tell  func(ui.Trouble, error)     // shows what is so
	ready func()                      // puts the desk into the window
	retry chan struct{}               // somebody wants another try
	err   error                       // the last one; read after run has ended
}

// pause is between two tries of what may pass by itself.
const pause = time.Second

// run tries until the desk is open or ctx ends. Each failure is also told on
// standard error, once.
func (o *opening) run(ctx context.Context) {
	said := ""
	for {
		o.err = o.open(ctx)
		if o.err == nil {
			o.ready()
			return
		}
		if ctx.Err() != nil {
			return
		}
		if s := o.err.Error(); s != said {
			said = s
			fmt.Fprintln(os.Stderr, "punto:", o.err)
		}
		trouble := troubleOf(o.err)
		o.tell(trouble, o.err)
		var again <-chan time.Time
		if trouble == ui.InUse || trouble == ui.Full {
			again = time.After(pause)
		}
		select {
		case <-o.retry:
			o.tell(ui.NoTrouble, nil)
		case <-again:
		case <-ctx.Done():
			return
		}
	}
}

// troubleOf is what a person has to know of a failure.
func troubleOf(err error) ui.Trouble {
	switch host.ExitCode(err) {
	case host.ExitInUse:
		return ui.InUse
	case host.ExitDamaged:
		return ui.Damaged
	case host.ExitNewer:
		return ui.Newer
	case host.ExitNotAllowed:
		return ui.Denied
	case host.ExitFull:
		return ui.Full
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded): // a program that holds the folder took the call and does not answer
		return ui.InUse
	case errors.Is(err, errManyWindows):
		return ui.Windows
	case errors.Is(err, fs.ErrPermission):
		return ui.Denied
	}
	return ui.Failed
}

// startScreen is the window until the desk is open.
func startScreen(win fyne.Window, lang string, dark bool, data string, retry chan struct{}) (*ui.Start, error) {
	s, err := ui.NewStart(lang, palette(dark), data, func() {
		select {
		case retry <- struct{}{}:
		default: // one is asked for already
		}
	}, win.Close)
	if err != nil {
		return nil, err
	}
	win.SetContent(s.Content())
	win.SetTitle(s.Title())
	s.SetCanvas(win.Canvas())
	return s, nil
}
