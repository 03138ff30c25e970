package search

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// damagedEnv marks a process of its own for damage, over which scorch leaves parts
// of itself behind.
const damagedEnv = "PUNTO_DAMAGED_SEARCH"

// Bits flip in the files of an index. It opens or is begun anew; whatever is put
// into it, every call and every close has an end; and opened again it can be fed.
func TestEveryCloseOfADamagedIndexEnds(t *testing.T) {
	if os.Getenv(damagedEnv) == "" {
		c := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v", fmt.Sprintf("-test.short=%v", testing.Short()))
		c.Env = append(os.Environ(), damagedEnv+"=1")
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	master := filepath.Join(t.TempDir(), "search")
	x := open(t, master)
	for i := range 6 {
		docs := make([]Doc, 50)
		for j := range docs {
			docs[j] = caseDoc(r, 50*i+j)
		}
		if err := x.Put(t.Context(), docs...); err != nil {
			t.Fatal(err)
		}
		if err := x.Sync(); err != nil {
			t.Fatal(err)
		}
	}
	shut(t, x)
	files, err := filepath.Glob(filepath.Join(master, dataDir, "*"))
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	damages, broken := 30, 0
	if testing.Short() {
		damages = 6
	}
	for n := range damages {
		dir := filepath.Join(t.TempDir(), "search")
		if err := os.CopyFS(dir, os.DirFS(master)); err != nil {
			t.Fatal(err)
		}
		for range 1 + n%8 {
			rel, _ := filepath.Rel(master, files[r.IntN(len(files))])
			b, err := os.ReadFile(filepath.Join(dir, rel))
			if err != nil {
				t.Fatal(err)
			}
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
			if err := os.WriteFile(filepath.Join(dir, rel), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		done := make(chan bool)
		go func() {
			defer close(done)
			x, err := Open(dir, nil)
			if err != nil {
				t.Errorf("seed %d, damage %d: it does not open: %v", seed, n, err)
				return
			}
			for i := range 10 {
				docs := make([]Doc, 40) // old ones again, so that segments are read and merged
				for j := range docs {
					docs[j] = caseDoc(r, r.IntN(300))
				}
				if err := x.Put(t.Context(), docs...); err != nil {
					if !errors.Is(err, ErrDamaged) {
						t.Errorf("seed %d, damage %d: put %d: %v", seed, n, i, err)
					}
					broken++
					break
				}
			}
			if err := x.Close(); err != nil {
				t.Logf("seed %d, damage %d: it closed with %v", seed, n, err)
			}
			again := open(t, dir)
			if err := again.Put(t.Context(), caseDoc(r, 1)); err != nil {
				if errors.Is(err, ErrDamaged) { // it shows only now, and the next opening begins anew
					again.Close()
					again = open(t, dir)
					err = again.Put(t.Context(), caseDoc(r, 1))
				}
				if err != nil {
					t.Errorf("seed %d, damage %d: opened again it takes nothing: %v", seed, n, err)
				}
			}
			again.Close()
		}()
		select {
		case <-done:
		case <-time.After(3 * time.Minute):
			t.Fatalf("seed %d: damage %d: something never ends", seed, n)
		}
	}
	t.Logf("%d damages, %d told by Put", damages, broken)
}
