// Package drive works a real window with real keys on a virtual display: Xvfb,
// xdotool and ImageMagick, as make installs them. The tests of the window and
// the tour of `make run` use it.
package drive

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Missing names the programs that are not there; "" when all are.
func Missing() string {
	var gone []string
	for _, p := range []string{"Xvfb", "xdotool", "import"} {
		if _, err := exec.LookPath(p); err != nil {
			gone = append(gone, p)
		}
	}
	return strings.Join(gone, ", ")
}

// Screen is a virtual display.
type Screen struct {
	display string
	xvfb    *exec.Cmd
}

// Open starts a display of a size such as "1366x768".
func Open(ctx context.Context, size string) (*Screen, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	// -r: a key that a busy machine is late to let go of does not repeat, without the Ctrl that went before it
	c := exec.CommandContext(ctx, "Xvfb", "-displayfd", "3", "-screen", "0", size+"x24", "-nolisten", "tcp", "-noreset", "-r") //nolint:gosec // the callers are tests and the tour
	c.ExtraFiles = []*os.File{w}
	if err := c.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start Xvfb: %w", err), w.Close())
	}
	_ = w.Close()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the display gave no number: %w", err), c.Process.Kill())
	}
	s := &Screen{display: ":" + strings.TrimSpace(line), xvfb: c}
	err = Until(ctx, "the display to answer", func() (bool, error) {
		_, err := s.ask("getdisplaygeometry")
		return err == nil, nil
	})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close ends the display.
func (s *Screen) Close() error {
	err := s.xvfb.Process.Kill()
	_ = s.xvfb.Wait() // it was killed
	return err
}

// Window is a running punto.
type Window struct {
	*Screen
	Drafted string // name of its file of drafts; "" = drafts.json
	data    string
	cmd     *exec.Cmd
	log     *os.File
	id      string        // of the X window
	gone    chan struct{} // closed when the program has ended
}

// Start runs the program over a folder; lang is such as "es_PE.UTF-8".
func (s *Screen) Start(ctx context.Context, punto, data, size string, args ...string) (*Window, error) {
	log, err := os.Create(filepath.Join(data, "window.log"))
	if err != nil {
		return nil, err
	}
	w := &Window{Screen: s, data: data, log: log, gone: make(chan struct{})}
	w.cmd = exec.CommandContext(ctx, punto, append([]string{"--data", data, "--size", size, "--lang", "es"}, args...)...) //nolint:gosec // the caller's program
	w.cmd.Env = append(os.Environ(), "DISPLAY="+s.display, "LIBGL_ALWAYS_SOFTWARE=1")
	w.cmd.Stdout, w.cmd.Stderr = log, log
	if err := w.cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", punto, err), log.Close())
	}
	go func() {
		_ = w.cmd.Wait() // how it ended is in its log
		close(w.gone)
	}()
	if err := w.focus(ctx); err != nil {
		return nil, errors.Join(err, w.Kill())
	}
	return w, nil
}

// focus waits for the window to be there, to be viewable, and to have the keys:
// on a busy machine these come one after the other, and a window that is not yet
// viewable refuses the keys (BadMatch).
func (w *Window) focus(ctx context.Context) error {
	return Until(ctx, "the window viewable, with the keys", func() (bool, error) {
		if w.ended() {
			return false, fmt.Errorf("the window ended before it was seen: %s", w.said())
		}
		id, err := w.ask("search", "--onlyvisible", "--name", titled)
		if err != nil || id == "" {
			return false, nil // not there yet
		}
		w.id = strings.Fields(id)[0]
		if w.x("windowfocus", w.id) != nil {
			return false, nil // not viewable yet
		}
		has, err := w.ask("getwindowfocus")
		return err == nil && has == w.id, nil
	})
}

// titled is what the titles of Punto's windows end with.
const titled = "Punto$"

// ended tells whether the program is no more.
func (w *Window) ended() bool {
	select {
	case <-w.gone:
		return true
	default:
		return false
	}
}

// said is what the program wrote on its standard streams.
func (w *Window) said() string {
	b, _ := os.ReadFile(filepath.Join(w.data, "window.log"))
	return strings.TrimSpace(string(b))
}

// Title is what the window shows, as it tells the system.
func (w *Window) Title() (string, error) { return w.ask("getwindowname", w.id) }

// UntilPage waits for a page to have come up with all that it asked for, and its
// first field to have the keys; a question in the action bar counts as one. name
// is in the window's language.
func (w *Window) UntilPage(ctx context.Context, name string) error {
	return w.until(ctx, "the page "+name, func(t string) bool { return t == name+" · Punto" })
}

// UntilTitle is UntilPage for a page whose name only begins so.
func (w *Window) UntilTitle(ctx context.Context, begins string) error {
	return w.until(ctx, "a page "+begins, func(t string) bool { return strings.HasPrefix(t, begins) })
}

// UntilLeft waits for any other page than that to have come up.
func (w *Window) UntilLeft(ctx context.Context, name string) error {
	return w.until(ctx, "another page than "+name, func(t string) bool { return !strings.HasPrefix(t, name) })
}

// until waits for a title that is so, of a page that waits for nothing.
func (w *Window) until(ctx context.Context, what string, ok func(title string) bool) error {
	var at string
	err := Until(ctx, what, func() (bool, error) {
		t, err := w.Title()
		if w.ended() {
			return false, fmt.Errorf("the window ended: %s", w.said())
		}
		at = t
		return err == nil && !strings.Contains(t, " … ·") && ok(t), nil
	})
	if err != nil {
		return fmt.Errorf("%w; it shows %q", err, at)
	}
	return nil
}

// Pid is its process.
func (w *Window) Pid() int { return w.cmd.Process.Pid }

// Kill ends the window as a power cut would.
func (w *Window) Kill() error {
	err := w.cmd.Process.Kill()
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	<-w.gone
	return errors.Join(err, w.log.Close())
}

func (s *Screen) x(args ...string) error {
	_, err := s.ask(args...)
	return err
}

// ask is what xdotool answers.
func (s *Screen) ask(args ...string) (string, error) {
	c := exec.Command("xdotool", args...) //nolint:gosec // the callers are tests and the tour
	c.Env = append(os.Environ(), "DISPLAY="+s.display)
	out, err := c.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("xdotool %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out)), nil
}

// Type types a text.
func (s *Screen) Type(text string) error { return s.Breath(15*time.Millisecond, text) }

// Breath types texts with keys between them (text, key, text and so on) in one
// breath, with the same pause between any two.
func (s *Screen) Breath(pause time.Duration, textsAndKeys ...string) error {
	var args []string
	delay := fmt.Sprint(pause.Milliseconds())
	for i, a := range textsAndKeys {
		if i%2 == 0 {
			args = append(args, "type", "--delay", delay, "--args", "1", a)
		} else {
			args = append(args, "sleep", fmt.Sprint(pause.Seconds()), "key", "--delay", delay, a, "sleep", fmt.Sprint(pause.Seconds()))
		}
	}
	return s.x(args...)
}

// Key presses keys such as "Return" or "ctrl+2".
func (s *Screen) Key(keys ...string) error {
	return s.x(append([]string{"key", "--delay", "60"}, keys...)...)
}

// Shot writes the screen as a PNG once it stands still: two pictures running are
// the same. A screen that never does (a clock ticks on it) is taken as it is.
func (s *Screen) Shot(file string) error {
	b, err := s.still()
	if err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o644) //nolint:gosec // a picture for everybody to look at
}

func (s *Screen) still() (last []byte, err error) {
	for range 25 {
		now, err := s.picture()
		if err != nil {
			return nil, err
		}
		if bytes.Equal(now, last) {
			break
		}
		last = now
	}
	return last, nil
}

// Picture is the screen once it stands still, as Shot writes it.
func (s *Screen) Picture() (image.Image, error) {
	b, err := s.still()
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(b))
}

func (s *Screen) picture() ([]byte, error) {
	var out, said bytes.Buffer
	c := exec.Command("import", "-silent", "-window", "root", "-define", "png:exclude-chunks=date,time", "png:-")
	c.Env = append(os.Environ(), "DISPLAY="+s.display)
	c.Stdout, c.Stderr = &out, &said
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("take a picture: %w: %s", err, said.String())
	}
	return out.Bytes(), nil
}

// Draft is what a test may know of a draft in the window's file.
type Draft struct {
	ID       string `json:"id"`
	Number   string `json:"number"`
	Person   string `json:"person"`
	Who      string `json:"who"`
	What     string `json:"what"`
	Category string `json:"category"`
	Impact   int    `json:"impact"`
	Urgency  int    `json:"urgency"`
	Text     string `json:"text"`
}

func (w *Window) file() string {
	if w.Drafted == "" {
		return filepath.Join(w.data, "drafts.json")
	}
	return filepath.Join(w.data, w.Drafted)
}

// Drafts reads the drafts that the window has saved.
func (w *Window) Drafts() ([]Draft, error) {
	b, err := os.ReadFile(w.file())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var ds []Draft
	return ds, json.Unmarshal(b, &ds)
}

// hang is how long something may take to come about before it counts as never: a
// bound against hanging, far above what any loaded machine needs.
const hang = 3 * time.Minute

// Until asks ten times a second whether something has come about.
func Until(ctx context.Context, what string, ok func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, hang)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		done, err := ok()
		if err != nil || done {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("waited %s for: %s", hang, what)
		}
	}
}

// UntilDraft waits for the newest draft to be so.
func (w *Window) UntilDraft(ctx context.Context, what string, ok func(Draft) bool) error {
	return Until(ctx, what, func() (bool, error) {
		ds, err := w.Drafts()
		return err == nil && len(ds) > 0 && ok(ds[len(ds)-1]), err
	})
}

// SignIn goes through the first page of a window in Spanish, and waits for the page
// that the agent lands on.
func (w *Window) SignIn(ctx context.Context, login, password string) error {
	if err := w.UntilPage(ctx, "Entrar"); err != nil {
		return err
	}
	if err := errors.Join(w.Key("ctrl+a"), w.Type(login), w.Key("Return"), w.Type(password), w.Key("Return")); err != nil {
		return err
	}
	return w.UntilLeft(ctx, "Entrar")
}
