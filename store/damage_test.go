package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// killedFolder is the folder of a writer that was killed after it had acknowledged
// some events, a few of them in tables, and what it acknowledged.
func killedFolder(t *testing.T) (dir string, acked uint64) {
	t.Helper()
	dir = t.TempDir()
	db := openLoose(t, dir)
	fill(t, db, 3000)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	s := bufio.NewScanner(out)
	for n := 0; s.Scan(); n++ {
		if acked, err = strconv.ParseUint(s.Text(), 10, 64); err != nil {
			t.Fatal(s.Text())
		}
		if n == 40 {
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Wait()
	return dir, acked
}

// copySparse copies a folder, and of files that end in nothing only what is before.
func copySparse(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(p string, d os.DirEntry, err error) error {
		rel, rerr := filepath.Rel(from, p)
		if err = errors.Join(err, rerr); err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		name := filepath.Join(to, rel)
		return errors.Join(os.WriteFile(name, bytes.TrimRight(b, "\x00"), 0o600), os.Truncate(name, int64(len(b))))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A hundred bits flip at random in the folder of a killed writer, half of them in
// its memtable and a quarter in the last commit: each is named, or changes nothing.
func TestNoFlippedBitOfAKilledWriterIsSilent(t *testing.T) {
	master, acked := killedFolder(t)
	whole := t.TempDir()
	copySparse(t, master, whole)
	db := openLoose(t, whole)
	want, err := db.Digest()
	have := db.Vector()[db.Origin()]
	if err != nil || have < acked {
		t.Fatalf("%d of %d acknowledged: %v", have, acked, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	top, _ := filepath.Glob(master + "/*")
	inner, _ := filepath.Glob(master + "/db/*")
	var files, memtables []string
	for _, f := range append(top, inner...) {
		if fi, err := os.Stat(f); err == nil && !fi.IsDir() && fi.Size() > 0 {
			files = append(files, f)
		}
		if fi, err := os.Stat(f); err == nil && fi.Size() > 0 && strings.HasSuffix(f, ".mem") { // others wait to be used
			memtables = append(memtables, f)
		}
	}
	if len(memtables) == 0 {
		t.Fatal("the killed writer left no memtable")
	}
	flips, named := 100, 0
	if testing.Short() {
		flips = 20
	}
	for i := range flips {
		f := files[r.IntN(len(files))]
		if i%2 == 0 {
			f = memtables[len(memtables)-1]
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		used := len(bytes.TrimRight(b, "\x00"))
		at := r.IntN(max(used, 1))
		if i%4 == 0 { // in the last commit: one event with its view and index takes some 600 bytes
			at = used - 1 - r.IntN(min(600, used))
		}
		dir := t.TempDir()
		copySparse(t, master, dir)
		rel, _ := filepath.Rel(master, f)
		one, err := os.OpenFile(filepath.Join(dir, rel), os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = one.WriteAt([]byte{b[at] ^ 1<<r.IntN(8)}, int64(at)); errors.Join(err, one.Close()) != nil {
			t.Fatal(err)
		}
		db, err := Open(context.Background(), Options{Dir: dir})
		if err != nil {
			named++
			continue
		}
		if err := errors.Join(db.Checked(), db.Verify(context.Background())); err != nil {
			named++
		} else if seq := db.Vector()[db.Origin()]; seq >= acked && seq < have {
			t.Log("a commit that was never acknowledged is gone")
		} else if got, err := db.Digest(); err != nil || got != want {
			t.Errorf("seed %d: a bit at %d of %d in %s is silent: %v", seed, at, used, rel, err)
		}
		db.Close()
		_ = os.RemoveAll(dir)
	}
	t.Logf("%d flips, %d named, the others harmless", flips, named)
}
