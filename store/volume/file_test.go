package volume

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestOneHoldsAFileAtATime(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lock")
	a, err := Hold(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Hold(file); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
		t.Errorf("a second one is told: %v", err)
	}
	if err := a.Release(); err != nil {
		t.Fatal(err)
	}
	b, err := Hold(file)
	if err != nil {
		t.Fatal("after it was given back:", err)
	}
	if err := b.Release(); err != nil {
		t.Fatal(err)
	}
	if err := (*Lock)(nil).Release(); err != nil {
		t.Error(err)
	}
}

func TestWhoOnlyReadsAFolderWritesNothingForIt(t *testing.T) {
	dir := t.TempDir()
	l, err := HoldFolder(dir, true)
	if err != nil || l != nil {
		t.Error(l, err)
	}
	if es, _ := os.ReadDir(dir); len(es) > 0 {
		t.Error(es)
	}
	w, err := HoldFolder(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := HoldFolder(dir, true); !errors.Is(err, ErrLocked) {
		t.Errorf("a reader beside a writer: %v", err)
	}
	if err := w.Release(); err != nil {
		t.Fatal(err)
	}
}

func TestAFileIsReplacedWholeAndACopyIsAnotherFolder(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	for _, text := range []string{"one", "another, longer"} {
		if err := errors.Join(Replace(path, []byte(text)), SyncDir(dir)); err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(path); string(b) != text || err != nil {
			t.Errorf("%q: %v", b, err)
		}
	}
	if es, _ := os.ReadDir(dir); len(es) != 1 {
		t.Errorf("it leaves %v", es)
	}
	a, err := FolderID(dir)
	if again, err2 := FolderID(dir); err != nil || err2 != nil || a != again {
		t.Error(a, again, err, err2)
	}
	if b, err := FolderID(t.TempDir()); err != nil || b == a {
		t.Errorf("two folders are %s and %s: %v", a, b, err)
	}
}
