package host

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/store"
)

// A backup that does not restore leaves no desk: neither an empty one that opens as
// if it were sound, nor half of one.
func TestAFailedRestoreLeavesNoDesk(t *testing.T) {
	a := founded(t)
	key := recovery(t, a)
	file := filepath.Join(t.TempDir(), "copia.age")
	for range 20 {
		a.do(t, app.OpenCase{Opened: desk.Opened{Subject: "La impresora no imprime"}})
	}
	a.do(t, app.Backup{To: file})
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"cut": raw[:len(raw)*2/3], "flipped": append(bytes.Clone(raw[:len(raw)-30]), append([]byte{raw[len(raw)-30] ^ 1}, raw[len(raw)-29:]...)...), "empty": nil} {
		for _, made := range []bool{false, true} {
			bad := filepath.Join(t.TempDir(), name)
			to := filepath.Join(t.TempDir(), "data")
			if err := os.WriteFile(bad, b, 0o600); err != nil {
				t.Fatal(err)
			}
			if made {
				if err := os.Mkdir(to, 0o700); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := Restore(t.Context(), bad, to, key, nil); err == nil {
				t.Fatalf("a backup that is %s was restored", name)
			}
			if es, _ := os.ReadDir(to); len(es) > 0 || store.Holds(to) || NeedDesk(to) == nil {
				t.Errorf("a backup that is %s has left %v", name, es)
			}
			if _, err := Examine(t.Context(), to); !errors.Is(err, ErrNoDesk) {
				t.Errorf("after it doctor says %v", err)
			}
			half := filepath.Join(to, ".restoring-1", "db") // as a kill leaves it
			if err := os.MkdirAll(half, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(half, "MANIFEST"), nil, 0o600); err != nil || store.Holds(to) {
				t.Error("half a restore is taken for a desk", err)
			}
			r, err := Restore(t.Context(), file, to, key, nil)
			if err != nil || r.Events < 20 || !store.Holds(to) {
				t.Fatal("after a failed restore:", r, err)
			}
			if x, err := Examine(t.Context(), to); err != nil || !x.Sound || x.Killed || x.Events < 20 {
				t.Error(x, err)
			}
			origins := 0
			for range 2 { // it is at home where it was moved to
				h, err := Open(t.Context(), to, nil)
				if err != nil {
					t.Fatal(err)
				}
				if n := len(h.Held()); origins != 0 && n != origins {
					t.Errorf("%d incarnations after another opening, not %d", n, origins)
				} else {
					origins = n
				}
				if err := h.Close(); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// What looks at a desk makes none.
func TestAFolderWithoutADeskIsSaidToHoldNone(t *testing.T) {
	dir := t.TempDir()
	for _, at := range []string{dir, filepath.Join(dir, "typo")} {
		if err := NeedDesk(at); !errors.Is(err, ErrNoDesk) {
			t.Error(err)
		}
		if _, err := Examine(t.Context(), at); !errors.Is(err, ErrNoDesk) {
			t.Error(err)
		}
	}
	if es, err := os.ReadDir(dir); err != nil || len(es) > 0 {
		t.Error(es, err)
	}
}

// The registry of keys of a database without encryption holds nothing: damage of it
// costs nothing, and is named.
func TestADamagedKeyRegistryIsNamedAndDoneWithout(t *testing.T) {
	dir := t.TempDir()
	h, err := Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Do(h.Owner(t.Context()), app.CreateDesk{Name: "Obra", Zone: "America/Lima", Password: "cobre y sal"}); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "db", "KEYREGISTRY")
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[20] ^= 4
	for what, b := range map[string][]byte{"flipped": flipped, "cut": whole[:20], "empty": {}, "longer": append(bytes.Clone(whole), 1, 2, 3)} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		x, err := Examine(t.Context(), dir)
		if err != nil || !x.Sound || x.Aside != name || x.Killed {
			t.Errorf("%s: %+v, %v", what, x, err)
		}
		if h, err = Open(t.Context(), dir, nil); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		if x, err := Examine(t.Context(), dir); err != nil || !x.Sound || x.Aside != "" {
			t.Errorf("%s, after it was opened: %+v, %v", what, x, err)
		}
	}
}
