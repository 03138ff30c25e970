package search

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// A folder copied while the index is being fed is what a crash leaves behind,
// or worse. Opened again it is either fresh and empty, or holds at least what
// its mark says.
func TestAfterACrashTheMarkNeverRunsAhead(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	dir := filepath.Join(t.TempDir(), "search")
	x := open(t, dir)
	defer shut(t, x)
	fedDocs, kept := 0, 0
	for round := range 25 {
		for range 1 + r.IntN(4) {
			docs := make([]Doc, 1+r.IntN(40))
			for i := range docs {
				docs[i] = caseDoc(r, fedDocs+i)
			}
			if err := x.Put(t.Context(), docs...); err != nil {
				t.Fatal(err)
			}
			fedDocs += len(docs)
			if err := x.SetMark([]byte(strconv.Itoa(fedDocs))); err != nil {
				t.Fatal(err)
			}
		}
		if r.IntN(3) == 0 {
			if err := x.Sync(); err != nil {
				t.Fatal(err)
			}
		}
		copied := filepath.Join(t.TempDir(), fmt.Sprint(round), "search")
		copyWhileWritten(t, dir, copied)
		if afterCrash(t, copied) {
			kept++
		}
	}
	t.Logf("%d of 25 crashes kept an index", kept)
	if kept == 0 {
		t.Error("no crash kept anything: the index is as good as never on disk")
	}
}

// afterCrash reports whether the index survived; if so it has what it claims.
func afterCrash(t *testing.T, dir string) bool {
	t.Helper()
	x := open(t, dir)
	defer shut(t, x)
	mark, err := x.Mark()
	if err != nil {
		t.Fatal(err)
	}
	n, err := x.Count()
	if err != nil {
		t.Fatal(err)
	}
	if mark == nil {
		return n > 0
	}
	claimed, err := strconv.Atoi(string(mark))
	if err != nil {
		t.Fatal(err)
	}
	if n < uint64(claimed) {
		t.Errorf("the mark says %d documents, %d are there", claimed, n)
	}
	last := fmt.Sprintf("B-%d-%d", claimed-1, (claimed-1)%10)
	if got := ask(t, x, Query{Text: last}); len(got) == 0 || got[0] != fmt.Sprintf("case-%06d", claimed-1) {
		t.Errorf("the document before the mark, %s, is not found: %v", last, got)
	}
	return true
}

// copyWhileWritten copies what can be copied; files that vanish meanwhile were
// being cleaned up.
func copyWhileWritten(t *testing.T, from, to string) {
	t.Helper()
	for _, sub := range []string{"", dataDir} {
		if err := os.MkdirAll(filepath.Join(to, sub), 0o700); err != nil {
			t.Fatal(err)
		}
		files, err := os.ReadDir(filepath.Join(from, sub))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if f.IsDir() {
				continue
			}
			b, err := os.ReadFile(filepath.Join(from, sub, f.Name()))
			if os.IsNotExist(err) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(to, sub, f.Name()), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
