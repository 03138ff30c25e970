// Package drive works a real window with real keys on a virtual display: Xvfb,
// xdotool and ImageMagick, as make installs them. The tests of the window and
// the tour of `make run` use it.
package drive

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	c := exec.CommandContext(ctx, "Xvfb", "-displayfd", "3", "-screen", "0", size+"x24", "-nolisten", "tcp") //nolint:gosec // the callers are tests and the tour
	c.ExtraFiles = []*os.File{w}
	if err := c.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start Xvfb: %w", err), w.Close())
	}
	_ = w.Close()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the display gave no number: %w", err), c.Process.Kill())
	}
	return &Screen{display: ":" + strings.TrimSpace(line), xvfb: c}, nil
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
}

// Start runs the program over a folder; lang is such as "es_PE.UTF-8".
func (s *Screen) Start(ctx context.Context, punto, data, size string, args ...string) (*Window, error) {
	log, err := os.Create(filepath.Join(data, "window.log")) //nolint:gosec // the caller's folder
	if err != nil {
		return nil, err
	}
	w := &Window{Screen: s, data: data, log: log}
	w.cmd = exec.CommandContext(ctx, punto, append([]string{"--data", data, "--size", size, "--lang", "es"}, args...)...) //nolint:gosec // the caller's program
	w.cmd.Env = append(os.Environ(), "DISPLAY="+s.display, "LIBGL_ALWAYS_SOFTWARE=1")
	w.cmd.Stdout, w.cmd.Stderr = log, log
	if err := w.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", punto, err)
	}
	if err := w.x("search", "--sync", "--name", "^Punto$"); err != nil {
		return nil, errors.Join(err, w.Kill())
	}
	return w, w.x("search", "--name", "^Punto$", "windowfocus")
}

// Kill ends the window as a power cut would.
func (w *Window) Kill() error {
	err := w.cmd.Process.Kill()
	_ = w.cmd.Wait() // it was killed
	return errors.Join(err, w.log.Close())
}

func (s *Screen) x(args ...string) error {
	c := exec.Command("xdotool", args...) //nolint:gosec // the callers are tests and the tour
	c.Env = append(os.Environ(), "DISPLAY="+s.display)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("xdotool %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}

// Type types a text.
func (s *Screen) Type(text string) error { return s.x("type", "--delay", "15", "--", text) }

// Key presses keys such as "Return" or "ctrl+2".
func (s *Screen) Key(keys ...string) error {
	return s.x(append([]string{"key", "--delay", "60"}, keys...)...)
}

// Shot writes the screen as a PNG.
func (s *Screen) Shot(file string) error {
	c := exec.Command("import", "-window", "root", file) //nolint:gosec // the caller names the file
	c.Env = append(os.Environ(), "DISPLAY="+s.display)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("take a picture: %w: %s", err, out)
	}
	return nil
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

// Until asks ten times a second whether something has come about.
func Until(ctx context.Context, what string, ok func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
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
			return fmt.Errorf("waited 30 s for: %s", what)
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

// SignIn goes through the first page.
func (w *Window) SignIn(ctx context.Context, login, password string) error {
	file := w.file()
	before, _ := os.ReadFile(file) //nolint:gosec // none is fine
	for try := 0; ; try++ {        // the first keys may come before the page stands
		if err := errors.Join(w.Key("ctrl+a"), w.Type(login), w.Key("Return"), w.Type(password), w.Key("Return")); err != nil {
			return err
		}
		short, cancel := context.WithTimeout(ctx, 5*time.Second)
		err := Until(short, "a draft after signing in", func() (bool, error) {
			now, _ := os.ReadFile(file)               //nolint:gosec // none is fine
			return string(now) != string(before), nil // a draft was brought into the form
		})
		cancel()
		if err == nil || try == 3 {
			return err
		}
	}
}
