package host

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/store"
	"punto/store/backup"
	"punto/sync/stream"
)

// A backup is opened by the recovery key, and yet nothing in it is believed: it
// must hold the events that it says, all of members of its site, one after another
// and signed.
func TestABackupThatIsNotWholeIsNotRestored(t *testing.T) {
	a := founded(t)
	key := recovery(t, a)
	all := map[desk.ID]desk.Number{}
	for i := range 20 {
		a.open(t, all, fmt.Sprint("caso ", i))
	}
	file := filepath.Join(t.TempDir(), "good.age")
	a.do(t, app.Backup{To: file})
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	good, err := backup.Open(f, key)
	if err != nil {
		t.Fatal(err)
	}
	m, own := good.Manifest, a.db.Origin()
	conf, err := stream.LoadMembership(a.dir)
	if err != nil {
		t.Fatal(err)
	}
	made := func(log backup.Log, points desk.Vector, site string) string {
		m := m
		m.Points, m.Site = points, bytes.Replace(m.Site, []byte(`"ca":`), []byte(site), 1)
		var b bytes.Buffer
		if err := backup.Write(t.Context(), &b, conf.Recovery, m, log, func(func([]byte, error) bool) {}); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "made.age")
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	more := desk.Vector{own: m.Points[own] + 1000}
	unknown := desk.Vector{own: m.Points[own], 77: 1}

	foreign := founded(t) // another site, with its own certificates
	for i := range 3 {
		foreign.open(t, map[desk.ID]desk.Number{}, fmt.Sprint("ajeno ", i))
	}
	strange, err := store.Open(t.Context(), store.Options{Memory: &store.Memory{}}) // the log of this site, and an identity that another site has signed
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = strange.Close() })
	for _, db := range []*store.DB{a.db, foreign.db} {
		for _, id := range db.Identities() {
			if err := strange.Introduce(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, db := range []*store.DB{a.db, foreign.db} {
		if _, err := strange.Bulk(t.Context(), runsOf(t, db)); err != nil {
			t.Fatal(err)
		}
	}
	const sound = `"ca":`
	for name, made := range map[string]string{
		"that has fewer events than it says": made(a.db, more, sound),
		"without an origin that it says":     made(a.db, unknown, sound),
		"with the log of another site":       made(foreign.db, foreign.db.Vector(), sound),
		"with a stranger's events as well":   made(strange, m.Points, sound),
		"without the key of its site":        made(a.db, m.Points, `"cb":`),
	} {
		if r, err := Restore(t.Context(), made, filepath.Join(t.TempDir(), "new"), key, nil); err == nil {
			t.Errorf("a backup %s is restored: %+v", name, r)
		}
	}
	into := filepath.Join(t.TempDir(), "new")
	r, err := Restore(t.Context(), made(a.db, m.Points, sound), into, key, nil)
	if err != nil || r.Events < m.Points[own] {
		t.Fatalf("the same log, written again, is not restored: %+v, %v", r, err)
	}
	if _, err := Restore(t.Context(), file, into, key, nil); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("a restore into a folder that is not empty: %v", err)
	}
	if _, err := Restore(t.Context(), filepath.Join(into, "punto.json"), t.TempDir(), key, nil); err == nil {
		t.Error("a file that is not there is restored")
	}
}

// runsOf is all that a log holds.
func runsOf(t *testing.T, db *store.DB) (runs []desk.Run) {
	t.Helper()
	err := db.View(func(r *store.Reader) error {
		for o, n := range db.Vector() {
			for seq := uint64(1); seq <= n; {
				run, _, err := r.RunAt(o, seq)
				if err != nil {
					return err
				}
				runs, seq = append(runs, run), run.Last()+1
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return runs
}
