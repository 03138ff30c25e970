package main_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"punto/app"
	"punto/app/desk"
)

// A filler takes all of a small volume while the service writes, and again while it
// is closed and started. Nothing that was acknowledged is lost and nobody sees a
// dump; who asks is answered, and doctor says what it is; with room it goes on by
// itself.
func TestTheServiceLivesThroughAFullDisk(t *testing.T) {
	volume := t.TempDir()
	if err := unix.Mount("tmpfs", volume, "tmpfs", 0, "size=64m"); err != nil {
		t.Skip("SKIPPED: a small volume cannot be mounted here, so the service is not tried on a full disk: run as root:", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(volume, unix.MNT_DETACH) })
	dir := t.TempDir()
	s := &station{t: t, bin: built(t, dir), data: filepath.Join(volume, "data")}
	t.Cleanup(func() {
		if s.cmd != nil {
			s.kill()
		}
		if t.Failed() {
			t.Logf("the service:\n%s", tail(s.log.String(), 6000))
		}
	})
	out := s.puntod("init", "--name", "Obra", "--zone", "America/Lima", "--node", "central", "--listen", "127.0.0.1:0", "--json")
	setPassword(t, s, out)
	s.start()

	filler := filepath.Join(volume, "filler")
	crowd := func() {
		f, err := os.OpenFile(filler, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		for b := make([]byte, 64<<10); len(b) > 0; {
			if _, err := f.Write(b); err != nil {
				b = b[:len(b)/2]
			}
		}
		_ = f.Close()
	}
	l := &ledger{cases: map[desk.ID]desk.Number{}, notes: map[string]desk.ID{}}
	write := func() error {
		r, err := s.do(app.OpenCase{Opened: desk.Opened{Subject: "con el disco lleno", Impact: 2, Urgency: 2}})
		if err == nil {
			l.mu.Lock()
			l.cases[r.ID] = r.Number
			l.mu.Unlock()
		}
		return err
	}
	var first error
	var writer sync.WaitGroup
	writer.Go(func() {
		for first == nil {
			first = write()
		}
	})
	within(t, time.Minute, "it writes", func() bool { l.mu.Lock(); defer l.mu.Unlock(); return len(l.cases) > 20 })
	crowd()
	writer.Wait()
	if app.CodeOf(first) != app.DiskFull {
		t.Fatal("a full disk is told as", first)
	}
	crowd() // not a byte is left
	if x := ask[app.NodesAnswer](s, app.Nodes{}); !x.Room.Full || !ask[app.StatusAnswer](s, app.Status{}).Room.Full {
		t.Errorf("the window is not told: %+v", x.Room)
	}
	l.check(t, s)
	doctor := func() string {
		out, err := s.command("doctor").CombinedOutput()
		if x := (*exec.ExitError)(nil); !errors.As(err, &x) || x.ExitCode() != 4 || strings.Contains(string(out), "goroutine ") {
			t.Errorf("doctor: %v\n%s", err, out)
		}
		return string(out)
	}
	if out := doctor(); !strings.Contains(out, "the desk can only be read") || !strings.Contains(out, "free some") {
		t.Errorf("doctor:\n%s", out)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	within(t, time.Minute, "it goes on by itself", func() bool { return write() == nil })

	crowd()
	s.kill()
	crowd()
	if out := doctor(); !strings.Contains(out, "was killed") || strings.Contains(out, "puntod init") {
		t.Errorf("doctor after a kill on a full disk:\n%s", out)
	}
	end := s.command("run")
	said, ended := &strings.Builder{}, make(chan error, 1)
	end.Stderr = said
	if err := end.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { ended <- end.Wait() }()
	select {
	case err := <-ended:
		if x := (*exec.ExitError)(nil); !errors.As(err, &x) || x.ExitCode() != 10 || !strings.Contains(said.String(), "free some") {
			t.Errorf("started on a full disk: %v\n%s", err, said)
		}
	case <-time.After(20 * time.Second): // it has found room enough to be read
		_ = end.Process.Kill()
		<-ended
	}
	for _, x := range []string{s.log.String(), said.String()} {
		if strings.Contains(x, "goroutine ") || strings.Contains(x, "fatal error") {
			t.Errorf("a dump:\n%s", x)
		}
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	s.start()
	if err := write(); err != nil {
		t.Fatal(err)
	}
	l.check(t, s)
	t.Logf("%d cases acknowledged, all there", len(l.cases))
}
