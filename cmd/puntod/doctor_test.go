package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/cmd/host"
	"punto/store/backup"
)

// founded is a site of one workstation, closed, and the folder of its backups.
func founded(t *testing.T) (data, to string) {
	t.Helper()
	t.Setenv("PUNTO_STATE", t.TempDir())
	t.Setenv("PUNTO_SERVICE", filepath.Join(t.TempDir(), "none"))
	data, to = t.TempDir(), filepath.Join(t.TempDir(), "respaldos")
	h := opened(t, data)
	if _, err := h.Do(h.Owner(t.Context()), app.CreateDesk{Name: "Obra", Zone: "America/Lima", Password: "cobre y sal"}); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := host.Found(t.Context(), data, "central", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	return data, to
}

func opened(t *testing.T, data string) *host.Host {
	t.Helper()
	h, err := host.Open(t.Context(), data, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h
}

// said is what doctor finds about something.
func said(t *testing.T, data, about string) (all []finding) {
	t.Helper()
	d := &doctor{f: &flags{data: data}}
	d.examine(context.Background())
	for _, x := range d.findings {
		if x.About == about {
			all = append(all, x)
		}
	}
	if len(all) == 0 {
		t.Fatalf("doctor says nothing of %s", about)
	}
	return all
}

// Doctor tells a sound folder, one in use, one whose holder was killed, a damaged one
// and none apart. Only where there is no desk does it speak of making one.
func TestDoctorTellsWhatIsWithAFolder(t *testing.T) {
	data, _ := founded(t)
	expect := func(data, level, found, advice string) {
		t.Helper()
		x := said(t, data, "store")[0]
		if x.Level != level || !strings.Contains(x.Found, found) || !strings.Contains(x.Advice, advice) {
			t.Errorf("doctor says %+v", x)
		}
		if strings.Contains(x.Advice, "puntod init") != (found == "there is no desk") {
			t.Errorf("it advises %q where %s", x.Advice, x.Found)
		}
	}
	expect(data, "ok", "every chain and signature proven", "")
	h := opened(t, data)
	for range 20 {
		if _, err := h.Do(h.Owner(t.Context()), app.OpenCase{Opened: desk.Opened{Subject: "no enciende"}}); err != nil {
			t.Fatal(err)
		}
	}
	expect(data, "warn", "in use", "")
	killed := filepath.Join(t.TempDir(), "killed") // what is on the disk between two commits is what a kill leaves
	if err := h.Log.Update(t.Context(), func(desk.Tx) error { return os.CopyFS(killed, os.DirFS(data)) }); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	logs, _ := filepath.Glob(filepath.Join(killed, "db", "*.mem"))
	if len(logs) == 0 {
		t.Fatal("there is no log of a memtable to be cut")
	}
	before, err := os.Stat(logs[0])
	if err != nil {
		t.Fatal(err)
	}
	expect(killed, "ok", "was killed", "start the service")
	if after, err := os.Stat(logs[0]); err != nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		t.Error("doctor has written into the folder", err)
	}
	whole, err := os.ReadFile(logs[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(logs[0], make([]byte, len(whole)), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(killed, "bad", "damaged", "puntod restore")
	if err := os.WriteFile(logs[0], whole, 0o600); err != nil {
		t.Fatal(err)
	}
	opened(t, killed) // and it does recover
	if err := os.Remove(filepath.Join(data, "db", "MANIFEST")); err != nil {
		t.Fatal(err)
	}
	expect(data, "bad", "MANIFEST", "puntod join")
	expect(t.TempDir(), "bad", "there is no desk", "puntod init")
}

func TestRunMakesNoDesk(t *testing.T) {
	typo := filepath.Join(t.TempDir(), "typo")
	c := root()
	c.SetArgs([]string{"run", "--data", typo})
	err := c.ExecuteContext(t.Context())
	if codeOf(err) != host.ExitNoDesk || !strings.Contains(err.Error(), typo) || !strings.Contains(err.Error(), "puntod init") {
		t.Fatal(err)
	}
	if _, err := os.Stat(typo); !os.IsNotExist(err) {
		t.Error("it has made the folder", err)
	}
}

// Files that are dated in the future, empty or cut are no backups: they neither end
// the daily ones nor count with doctor.
func TestOnlyWholeBackupsCount(t *testing.T) {
	data, to := founded(t)
	h := opened(t, data)
	if err := os.WriteFile(scheduleFile(data), []byte(`{"dir":"`+to+`","at":"02:30","keep":3}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(to, 0o700); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for _, at := range []time.Time{now.AddDate(3, 0, 0), now.Add(-time.Minute)} {
		if err := os.WriteFile(backup.Name(to, at), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bad := func() {
		t.Helper()
		xs := said(t, data, "backup")
		if last := xs[len(xs)-1]; last.Level != "bad" {
			t.Errorf("doctor says %+v", xs)
		}
	}
	bad()
	made := func(now time.Time) (n int) {
		t.Helper()
		before, _ := backup.List(data)
		if err := backupDue(t.Context(), h, data, now); err != nil {
			t.Fatal(err)
		}
		after, err := backup.List(data)
		if err != nil {
			t.Fatal(err)
		}
		return len(after) - len(before)
	}
	if n := made(now); n != 1 {
		t.Fatalf("%d backups beside a file of the future and an empty one", n)
	}
	if n := made(now.Add(time.Second)); n != 0 {
		t.Errorf("%d more in the same day", n)
	}
	xs := said(t, data, "backup")
	if len(xs) != 2 || xs[0].Level != "warn" || xs[1].Level != "ok" {
		t.Errorf("doctor says %+v", xs)
	}
	ms, err := backup.List(data)
	if err != nil || len(ms) != 1 {
		t.Fatal(ms, err)
	}
	whole, err := os.ReadFile(ms[0].File)
	if err != nil {
		t.Fatal(err)
	}
	whole[len(whole)/2] ^= 1
	if err := os.WriteFile(ms[0].File, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	bad() // by its contents
	if err := os.Truncate(ms[0].File, 100); err != nil {
		t.Fatal(err)
	}
	bad()
	if n := made(now.Add(2 * time.Second)); n != 1 {
		t.Errorf("%d backups after the last one was cut", n)
	}
	ahead := now.AddDate(1, 0, 0) // the clock was wrong for a while
	if n := made(ahead); n != 1 {
		t.Errorf("%d backups a year later", n)
	}
	if n := made(now.AddDate(0, 0, 2)); n != 1 {
		t.Errorf("%d backups two days later, when one of next year is there", n)
	}
}
