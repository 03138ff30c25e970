package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"punto/app"
	"punto/cmd/host"
	"punto/store"
)

func TestTheDailyBackupIsMadeOnceADayAndOldOnesGo(t *testing.T) {
	t.Setenv("PUNTO_STATE", t.TempDir())
	data, to := t.TempDir(), filepath.Join(t.TempDir(), "respaldos")
	h, err := host.Open(t.Context(), data, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Do(h.Owner(t.Context()), app.CreateDesk{Name: "Obra", Zone: "America/Lima", Password: "cobre y sal"}); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := host.Found(t.Context(), data, "central", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if h, err = host.Open(t.Context(), data, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	count := func() int {
		files, err := filepath.Glob(filepath.Join(to, "punto-*.age"))
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	day := time.Date(2026, 11, 23, 1, 0, 0, 0, time.Local)
	due := func(now time.Time) {
		t.Helper()
		if err := backupDue(context.Background(), h, data, now); err != nil {
			t.Fatal(err)
		}
	}
	due(day)
	if count() != 0 {
		t.Fatal("a backup that nobody asked for")
	}
	if err := os.WriteFile(scheduleFile(data), []byte(fmt.Sprintf(`{"dir":%q,"at":"02:30","keep":3}`, to)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		after time.Duration
		want  int
	}{{0, 1}, {time.Minute, 1}, {2 * time.Hour, 2}, {3 * time.Hour, 2}, {26 * time.Hour, 3}, {50 * time.Hour, 3}, {51 * time.Hour, 3}, {200 * time.Hour, 3}} {
		due(day.Add(x.after)) // yesterday's was missed: it is made at once
		if n := count(); n != x.want {
			t.Errorf("%v later there are %d backups, not %d", x.after, n, x.want)
		}
	}
	if err := os.WriteFile(scheduleFile(data), []byte(`{"dir":"/","at":"never"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if backupDue(context.Background(), h, data, day) == nil {
		t.Error("a time that is none is taken")
	}
}

func TestWhatFailsHasAnExitCodeOfItsOwn(t *testing.T) {
	wrap := func(err error) error { return fmt.Errorf("open the desk: %w", err) }
	for _, x := range []struct {
		err  error
		code int
	}{
		{errors.New("anything"), host.ExitFailed},
		{wrap(store.ErrLocked), host.ExitInUse},
		{wrap(store.ErrDamaged), host.ExitDamaged},
		{wrap(store.ErrNewer), host.ExitNewer},
		{wrap(&net.OpError{Op: "listen", Err: os.NewSyscallError("bind", syscall.EADDRINUSE)}), host.ExitNoPort},
		{wrap(os.ErrPermission), host.ExitNotAllowed},
		{wrap(&app.Error{Code: app.NotAllowed}), host.ExitNotAllowed},
		{wrap(coded{exitNotRunning, errors.New("stopped")}), exitNotRunning},
	} {
		if got := codeOf(x.err); got != x.code {
			t.Errorf("%v gives %d, not %d", x.err, got, x.code)
		}
	}
}
