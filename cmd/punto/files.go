package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"punto/ui/pages/cases"
)

// What the window asks of the system about files: to show one, and the picture that was
// copied. Both are done by programs that the system has.

// shown is a folder of its own for the files that were opened; it goes with the program.
type shown struct {
	mu  sync.Mutex
	dir string
}

// runs are the endings of files that a system runs and does not show.
var runs = []string{".exe", ".com", ".bat", ".cmd", ".msi", ".msp", ".scr", ".pif", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh", ".hta", ".lnk", ".url", ".reg", ".jar", ".cpl", ".dll",
	".sh", ".bash", ".run", ".desktop", ".appimage", ".deb", ".rpm", ".py", ".pl", ".rb", ".app", ".command", ".chm", ".iso", ".inf"}

// open writes a file and has the system show it. One without an ending, or with the
// ending of a program, is only written.
func (s *shown) open(name string, content []byte) (at string, opened bool, err error) {
	s.mu.Lock()
	if s.dir == "" {
		s.dir, err = os.MkdirTemp("", "punto-")
	}
	dir := s.dir
	s.mu.Unlock()
	if err != nil {
		return "", false, err
	}
	one, err := os.MkdirTemp(dir, "") // two files may have one name
	if err != nil {
		return "", false, err
	}
	at = filepath.Join(one, plainName(name))
	if err := os.WriteFile(at, content, 0o600); err != nil {
		return "", false, err
	}
	if ext := strings.ToLower(filepath.Ext(at)); ext == "" || slices.Contains(runs, ext) {
		return at, false, nil
	}
	var c *exec.Cmd
	switch runtime.GOOS {
	case "windows":
		c = exec.Command("rundll32", "url.dll,FileProtocolHandler", at) //nolint:gosec // a file of our own
	case "darwin":
		c = exec.Command("open", at) //nolint:gosec // a file of our own
	default:
		c = exec.Command("xdg-open", at) //nolint:gosec // a file of our own
	}
	if err := c.Start(); err != nil {
		return at, false, err
	}
	go func() { _ = c.Wait() }() // it ends when it likes
	return at, true, nil
}

// plainName is the name of a file as every system takes it.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
	if r := []rune(strings.Trim(name, ". ")); len(r) > 0 {
		return string(r[max(0, len(r)-120):])
	}
	return "archivo"
}

func (s *shown) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dir == "" {
		return nil
	}
	return os.RemoveAll(s.dir)
}

// clipped is the picture in the clipboard.
func clipped(ctx context.Context) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, 5*time.Second)
	defer stop()
	tools := [][]string{{"xclip", "-selection", "clipboard", "-t", "image/png", "-o"}}
	switch {
	case runtime.GOOS == "windows":
		tools = [][]string{{"powershell", "-NoProfile", "-STA", "-Command", "Add-Type -A System.Windows.Forms,System.Drawing; $i=[Windows.Forms.Clipboard]::GetImage(); " +
			"if($i){$m=New-Object IO.MemoryStream; $i.Save($m,[Drawing.Imaging.ImageFormat]::Png); $o=[Console]::OpenStandardOutput(); $o.Write($m.ToArray(),0,$m.Length)}"}}
	case os.Getenv("WAYLAND_DISPLAY") != "":
		tools = append([][]string{{"wl-paste", "--type", "image/png"}}, tools...)
	}
	for _, t := range tools {
		b, err := exec.CommandContext(ctx, t[0], t[1:]...).Output() //nolint:gosec // one of those above
		switch {
		case errors.Is(err, exec.ErrNotFound):
			continue
		case err != nil: // there is none of that kind
			return nil, nil
		}
		return b, nil
	}
	return nil, cases.ErrNoTool
}
