package host

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"punto/app/desk"
	"punto/store"
)

// The tables are read by a process of its own: what it finds is told, and so is that it
// died of it.
func TestTheTablesAreReadByAChild(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 600 {
		e := desk.Event{Stamp: desk.Stamp(i + 1), Kind: desk.CaseNoted, Version: 1, Entity: desk.Entity{Type: desk.CaseType, ID: desk.ID{byte(i)}}, Body: make([]byte, 200)}
		if err := db.Update(context.Background(), func(tx desk.Tx) error { return tx.Append(&e) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	check := checkApart(slog.New(slog.DiscardHandler))
	if err := check(dir); err != nil {
		t.Errorf("a sound folder: %v", err)
	}
	if err := check(filepath.Join(t.TempDir(), "deadly")); !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "dies") {
		t.Errorf("a child that dies is told as %v", err)
	}
	tables, _ := filepath.Glob(filepath.Join(dir, "db", "*.sst"))
	if len(tables) == 0 {
		t.Fatal("there are no tables")
	}
	b, err := os.ReadFile(tables[0])
	if err == nil {
		b[len(b)/3] ^= 0x40
		err = os.WriteFile(tables[0], b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := check(dir); !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), filepath.Base(tables[0])) {
		t.Errorf("a damaged table is told as %v", err)
	}
}
