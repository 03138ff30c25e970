package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"punto/app/desk"
)

// Who closes a folder of many cases rewrites its files for seconds: what stands
// there meanwhile is nobody's damage.
func TestAFolderThatIsBeingWrittenIsInUseAndNotDamaged(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	manifest := filepath.Join(dir, "db", "MANIFEST")
	whole, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	for what, half := range map[string][]byte{"cut": whole[:len(whole)-1], "half written": append(whole[:len(whole):len(whole)], 0, 0, 0), "not there yet": nil} {
		if err := os.WriteFile(manifest, half, 0o600); err != nil {
			t.Fatal(err)
		}
		if half == nil {
			if err := os.Remove(manifest); err != nil {
				t.Fatal(err)
			}
		}
		for _, readOnly := range []bool{false, true} {
			if _, err := Open(context.Background(), Options{Dir: dir, ReadOnly: readOnly}); !errors.Is(err, ErrLocked) || errors.Is(err, ErrDamaged) {
				t.Errorf("a MANIFEST that is %s under another's hands (read only: %v): %v", what, readOnly, err)
			}
		}
	}
	if err := os.WriteFile(manifest, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, dir)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// Openers that come while others close are told to wait, until one gets in.
func TestOpenersTakeTurns(t *testing.T) {
	dir := t.TempDir()
	if err := open(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for range 6 {
				db, err := Open(context.Background(), Options{Dir: dir})
				for errors.Is(err, ErrLocked) {
					db, err = Open(context.Background(), Options{Dir: dir})
				}
				if err != nil {
					t.Errorf("the next opener was told: %v", err)
					return
				}
				if err := db.Update(context.Background(), func(tx desk.Tx) error { return tx.PutMeta("turn", make([]byte, 1<<16)) }); err != nil {
					t.Error(err)
				}
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestReadersShareAFolderAndKeepWritersOut(t *testing.T) {
	dir := t.TempDir()
	if err := open(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	var readers []*DB
	for range 2 {
		db, err := Open(context.Background(), Options{Dir: dir, ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		readers = append(readers, db)
	}
	if _, err := Open(context.Background(), Options{Dir: dir}); !errors.Is(err, ErrLocked) {
		t.Errorf("a writer beside two readers: %v", err)
	}
	for _, db := range readers {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := open(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
}
