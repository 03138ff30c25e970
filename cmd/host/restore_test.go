package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/sla"
	"punto/store/backup"
	"punto/sync/stream"
)

// recovery replaces the recovery key of a site by one that the test knows. The host
// must not run meanwhile: it writes site.json when it learns of addresses.
func recovery(t testing.TB, s *seat) string {
	t.Helper()
	key, recipient, err := backup.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	conf, err := stream.LoadMembership(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	conf.Recovery = recipient
	if err := conf.Save(s.dir); err != nil {
		t.Fatal(err)
	}
	s.start(t)
	return key
}

// open registers a case as the administrator of a seat and remembers it.
func (s *seat) open(t testing.TB, all map[desk.ID]desk.Number, subject string) {
	t.Helper()
	r, err := s.Do(s.admin(t), app.OpenCase{Opened: desk.Opened{Subject: subject}})
	if err != nil {
		t.Fatal(err)
	}
	for id, n := range all {
		if n == r.Number && id != r.ID {
			t.Errorf("the number %s was given to two cases", n)
		}
	}
	all[r.ID] = r.Number
}

func (s *seat) holds(t testing.TB, all map[desk.ID]desk.Number) {
	t.Helper()
	for id, n := range all {
		a, err := s.Ask(s.Owner(context.Background()), app.OneCase{ID: id})
		if err != nil || a.(app.OneCaseAnswer).Case.Number != n {
			t.Errorf("%s has not case %s: %v", s.address, n, err)
		}
	}
	if f := s.db.Frozen(); len(f) > 0 {
		t.Errorf("%s has frozen %x", s.address, f)
	}
}

func TestYesterdaysBackupOnOneOfThreeLosesAndForksNothing(t *testing.T) {
	a := founded(t)
	b, c := a.join(t, "ventanilla"), a.join(t, "bodega")
	key := recovery(t, b)
	all := map[desk.ID]desk.Number{}
	for i := range 400 { // more than a block
		b.open(t, all, fmt.Sprint("antes del respaldo ", i))
	}
	b.do(t, app.Backup{To: filepath.Join(t.TempDir(), "unused.age")})
	file := filepath.Join(t.TempDir(), "ayer.age")
	b.do(t, app.Backup{To: file})
	for i := range 50 {
		b.open(t, all, fmt.Sprint("después del respaldo ", i))
	}
	until(t, "the same on three", func() bool { return alike(t, a, b, c) })
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(raw), "antes del respaldo") {
		t.Fatal("the backup can be read without the key", err)
	}
	other, _, _ := backup.NewKey()
	if _, err := Restore(t.Context(), file, t.TempDir(), other, nil); err == nil {
		t.Fatal("another key opened the backup")
	}
	for _, at := range []int{len(raw) / 3, len(raw) / 2, len(raw) - 40} {
		bad := append([]byte(nil), raw...)
		bad[at] ^= 1
		broken := filepath.Join(t.TempDir(), "broken.age")
		if err := os.WriteFile(broken, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(t.Context(), broken, t.TempDir(), key, nil); err == nil {
			t.Fatalf("a backup with a flipped bit at %d of %d was restored", at, len(raw))
		}
	}
	d := &seat{dir: t.TempDir(), address: b.address}
	r, err := Restore(t.Context(), file, d.dir, key, nil)
	if err != nil || r.Events < 400 {
		t.Fatal(r, err)
	}
	d.start(t)
	t.Cleanup(func() { _ = d.Close() })
	for i := range 20 {
		d.open(t, all, fmt.Sprint("tras restaurar ", i))
	}
	until(t, "the same on three again", func() bool { return alike(t, a, c, d) })
	for _, s := range []*seat{a, c, d} {
		s.holds(t, all)
	}
}

func TestCopiedFolderThatRunsBesideItsOriginalLosesAndForksNothing(t *testing.T) {
	a := founded(t)
	b := a.join(t, "ventanilla")
	all := map[desk.ID]desk.Number{}
	for i := range 30 {
		b.open(t, all, fmt.Sprint("antes de la copia ", i))
	}
	until(t, "the same on both", func() bool { return alike(t, a, b) })
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	c := &seat{dir: filepath.Join(t.TempDir(), "copia"), address: fmt.Sprintf("127.0.0.1:%d", freePort(t))}
	if err := os.CopyFS(c.dir, os.DirFS(b.dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(c.dir, "desk.sock")); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	conf, err := stream.LoadMembership(c.dir)
	if err != nil {
		t.Fatal(err)
	}
	conf.Listen, conf.Address = c.address, ""
	if err := conf.Save(c.dir); err != nil {
		t.Fatal(err)
	}
	b.start(t)
	c.start(t)
	t.Cleanup(func() { _ = c.Close() })
	if b.db.Origin() == c.db.Origin() {
		t.Fatal("the copy goes on as its original")
	}
	for i := range 20 { // both at once
		b.open(t, all, fmt.Sprint("en el original ", i))
		c.open(t, all, fmt.Sprint("en la copia ", i))
	}
	until(t, "the same on three", func() bool { return alike(t, a, b, c) })
	for _, s := range []*seat{a, b, c} {
		s.holds(t, all)
	}
}

func TestEventsCarriedOnAStickArrive(t *testing.T) {
	a := founded(t)
	b := a.join(t, "faena")
	if err := b.Close(); err != nil { // no network from here on
		t.Fatal(err)
	}
	all := map[desk.ID]desk.Number{}
	for i := range 300 {
		a.open(t, all, fmt.Sprint("caso ", i))
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	x, err := Open(t.Context(), b.dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	y, err := Open(t.Context(), a.dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "eventos")
	n, err := y.Export(t.Context(), file, x.Held())
	if err != nil || n < 300 {
		t.Fatal(n, err)
	}
	got, err := x.Import(t.Context(), file)
	if err != nil || got.Events != int(n) || got.Refused != 0 {
		t.Fatal(got, n, err)
	}
	if again, err := x.Import(t.Context(), file); err != nil || again.Events != 0 {
		t.Fatal("twice:", again, err)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file+".cut", raw[:len(raw)*2/3], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Import(t.Context(), file+".cut"); err == nil {
		t.Fatal("a cut file was taken without a word")
	}
	d, e := &seat{Host: x}, &seat{Host: y}
	if !alike(t, d, e) {
		t.Fatal("the two do not hold the same")
	}
	d.holds(t, all)
	if err := errors.Join(x.Close(), y.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestSessionsCarryEverythingWhereGossipIsBlocked(t *testing.T) {
	a := founded(t)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(a.address)
	var n int
	_, _ = fmt.Sscan(port, &n)
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", n+1)) // nobody gossips here
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	a.start(t)
	b := a.join(t, "ventanilla")
	all := map[desk.ID]desk.Number{}
	b.open(t, all, "por la sesión")
	a.open(t, all, "y de vuelta")
	until(t, "the same on both", func() bool { return alike(t, a, b) && len(all) == 2 })
	until(t, "each sees the other", func() bool { return a.site(t).Nodes[1].Alive && b.site(t).Nodes[0].Alive })
	a.holds(t, all)
	b.holds(t, all)
}

// A workstation whose clock is an hour ahead notices it against two others, says
// so in a signed event, and what it wrote before has the true time everywhere.
func TestTimesOfAWrongClockAreTakenOffEverywhere(t *testing.T) {
	a := founded(t)
	a.do(t, app.SaveCalendar{ID: calendarOf(t, a), Calendar: sla.AlwaysOpen("America/Lima")})
	b := a.join(t, "ventanilla")
	all := map[desk.ID]desk.Number{}
	before := time.Now()
	b.open(t, all, "con el reloj corrido")
	var id desk.ID
	for id = range all {
	}
	// its clock was an hour ahead all the time: what it says of when is an hour late
	if err := b.Measured(t.Context(), time.Hour, 2); err != nil {
		t.Fatal(err)
	}
	until(t, "the same on both", func() bool { return alike(t, a, b) })
	for _, s := range []*seat{a, b} {
		x, err := s.Ask(s.Owner(context.Background()), app.OneCase{ID: id})
		if err != nil {
			t.Fatal(err)
		}
		at := time.UnixMilli(x.(app.OneCaseAnswer).Case.OpenedAt)
		if d := before.Add(-time.Hour).Sub(at); d > 10*time.Second || d < -10*time.Second {
			t.Errorf("%s says that it was opened at %s, not at %s", s.address, at, before.Add(-time.Hour))
		}
	}
	b.open(t, all, "ya corregido")
	for id, n := range all {
		x, err := b.Ask(b.Owner(context.Background()), app.OneCase{ID: id})
		if err != nil {
			t.Fatal(err)
		}
		at := time.UnixMilli(x.(app.OneCaseAnswer).Case.OpenedAt)
		if d := before.Add(-time.Hour).Sub(at); d > 10*time.Second || d < -10*time.Second {
			t.Errorf("case %s was opened at %s", n, at)
		}
	}
}

func calendarOf(t testing.TB, s *seat) desk.ID {
	t.Helper()
	a, err := s.Ask(s.Owner(context.Background()), app.Records{Type: desk.ContractType})
	if err != nil {
		t.Fatal(err)
	}
	return a.(app.RecordsAnswer).Contracts[0].Of.Calendar
}

// A file of a case follows its event, and goes on where it stopped.
func TestFilesFollowTheEventsThatNameThem(t *testing.T) {
	a := founded(t)
	b := a.join(t, "ventanilla")
	r := a.do(t, app.OpenCase{Opened: desk.Opened{Subject: "La planilla no abre"}})
	content := make([]byte, 3<<20)
	for i := range content {
		content[i] = byte(i * i >> 7)
	}
	a.do(t, app.AttachFile{Case: r.ID, Name: "planilla.xlsx", Content: content})
	until(t, "the file on b", func() bool {
		x, err := b.Ask(b.Owner(context.Background()), app.OneCase{ID: r.ID})
		if err != nil || len(x.(app.OneCaseAnswer).Case.Files) != 1 {
			return false
		}
		h := x.(app.OneCaseAnswer).Case.Files[0].Hash
		f, err := b.Ask(b.Owner(context.Background()), app.FileContent{Case: r.ID, Hash: fmt.Sprintf("%x", h)})
		return err == nil && string(f.(app.FileContentAnswer).Content) == string(content) && f.(app.FileContentAnswer).Name == "planilla.xlsx"
	})
	if _, err := a.Do(a.Owner(t.Context()), app.AttachFile{Case: r.ID, Name: "grande", Content: make([]byte, 26<<20)}); app.CodeOf(err) != app.Invalid {
		t.Error("a file of 26 MB:", err)
	}
}

// A desk of one workstation that was copied to another place goes on there: who
// wrote what came before stays known, and people sign in as before.
func TestCopiedDeskOfOneWorkstationGoesOn(t *testing.T) {
	dir := t.TempDir()
	h, err := Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &seat{Host: h, dir: dir}
	s.do(t, app.CreateDesk{Name: "Obra", Zone: "America/Lima", Password: "cobre y sal"})
	all := map[desk.ID]desk.Number{}
	s.open(t, all, "antes de la copia")
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "copia")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	for range 2 { // and again when it is opened a second time
		c, err := Open(t.Context(), to, nil)
		if err != nil {
			t.Fatal(err)
		}
		x := &seat{Host: c, dir: to}
		x.open(t, all, "en la copia")
		x.holds(t, all)
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := Rebuild(t.Context(), to, nil); err != nil {
		t.Fatal(err)
	}
	c, err := Open(t.Context(), to, nil)
	if err != nil {
		t.Fatal(err)
	}
	x := &seat{Host: c, dir: to}
	x.holds(t, all)
	if n := x.site(t).Refused; n != 0 {
		t.Errorf("%d events of before are refused", n)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}
