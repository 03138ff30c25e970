package kv

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"punto/app/desk"
)

// A database that is open removes tables that it has merged into others: it cuts them
// to nothing first. Whoever proves the tables meanwhile finds no damage in that.
func TestATableThatIsMergedAwayWhileItIsProvenIsNoDamage(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if err := checkTable(1, filepath.Join(dir, "gone.sst")); err != nil {
		t.Errorf("one that is gone: %v", err)
	}
	if err := checkTable(2, file("cut.sst", "")); err != nil {
		t.Errorf("one that was cut to nothing: %v", err)
	}
	if err := checkTable(3, file("bad.sst", "this is no table, and stays what it is")); !errors.Is(err, desk.ErrDamaged) {
		t.Errorf("one that is none: %v", err)
	}
}
