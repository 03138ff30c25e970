package host

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"punto/app"
	"punto/app/desk"
	"punto/store"
)

// part is one entry of a backup.
type part struct {
	name string
	b    []byte
}

// unpack opens a backup.
func unpack(t *testing.T, file, key string) (m manifest, parts []part) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	id, err := age.ParseX25519Identity(key)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := age.Decrypt(f, id)
	if err != nil {
		t.Fatal(err)
	}
	in := tar.NewReader(plain)
	if m, err = readManifest(in); err != nil {
		t.Fatal(err)
	}
	for {
		e, err := in.Next()
		if errors.Is(err, io.EOF) {
			return m, parts
		}
		b, rerr := io.ReadAll(in)
		if err = errors.Join(err, rerr); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part{e.Name, b})
	}
}

// pack makes a backup that its key opens, whatever is in it.
func pack(t *testing.T, key string, m manifest, parts []part) string {
	t.Helper()
	id, err := age.ParseX25519Identity(key)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	sealed, err := age.Encrypt(&b, id.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	out := tar.NewWriter(sealed)
	j, err := json.Marshal(m)
	if err = errors.Join(err, entry(out, manifestName, j)); err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if err := entry(out, p.name, p.b); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "made.age")
	if err := errors.Join(out.Close(), sealed.Close(), os.WriteFile(file, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	return file
}

// logOf are the parts of a log as it is carried.
func logOf(t *testing.T, db *store.DB) []part {
	t.Helper()
	var b bytes.Buffer
	if _, err := db.Carry(t.Context(), &b, nil); err != nil {
		t.Fatal(err)
	}
	return []part{{logPart + "000001", b.Bytes()}}
}

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
	m, parts := unpack(t, file, key)
	own := a.db.Origin()
	more := desk.Vector{own: m.Points[own] + 1}
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
	cut := parts[0]
	cut.b = cut.b[:len(cut.b)/2]
	flipped := parts[0]
	flipped.b = bytes.Clone(flipped.b)
	flipped.b[len(flipped.b)/2] ^= 1
	with := func(do func(*manifest)) manifest { x := m; do(&x); return x }
	for name, made := range map[string]string{
		"one event fewer than it says":     pack(t, key, with(func(m *manifest) { m.Points = more }), parts),
		"without an origin that it says":   pack(t, key, with(func(m *manifest) { m.Points = unknown }), parts),
		"without a log":                    pack(t, key, m, nil),
		"with half a log":                  pack(t, key, m, []part{cut}),
		"with a flipped bit in its log":    pack(t, key, m, []part{flipped}),
		"with the log of another site":     pack(t, key, with(func(m *manifest) { m.Points = foreign.db.Vector() }), logOf(t, foreign.db)),
		"with a stranger's events as well": pack(t, key, m, logOf(t, strange)),
		"of a newer version":               pack(t, key, with(func(m *manifest) { m.Version = 2 }), parts),
		"without the key of its node":      pack(t, key, with(func(m *manifest) { m.Seed = nil }), parts),
	} {
		if r, err := Restore(t.Context(), made, filepath.Join(t.TempDir(), "new"), key, nil); err == nil {
			t.Errorf("a backup %s is restored: %+v", name, r)
		}
	}
	into := filepath.Join(t.TempDir(), "new")
	r, err := Restore(t.Context(), pack(t, key, m, parts), into, key, nil)
	if err != nil || r.Events < m.Points[own] {
		t.Fatalf("the same parts, packed again, are not restored: %+v, %v", r, err)
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
