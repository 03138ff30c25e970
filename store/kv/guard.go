package kv

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/table"

	"punto/app/desk"
)

// What Badger would open without a word although something is missing is looked at
// before it: it would throw tables away, or begin empty.

func dataDir(dir string) string      { return filepath.Join(dir, "db") }
func manifestPath(dir string) string { return filepath.Join(dataDir(dir), badger.ManifestFilename) }

func keptPath(dir string) string { return filepath.Join(dir, "MANIFEST.kept") }

// guardManifest refuses a folder whose tables Badger would throw away: it opens
// without error when its MANIFEST is missing or cut.
func guardManifest(dir string, o badger.Options) error {
	tables, err := filepath.Glob(filepath.Join(dataDir(dir), "*.sst"))
	if err != nil {
		return err
	}
	f, err := os.Open(manifestPath(dir))
	if errors.Is(err, os.ErrNotExist) {
		if _, err := os.Stat(keptPath(dir)); err == nil || len(tables) > 0 {
			return desk.Damaged("the database has lost its MANIFEST (a copy is kept as MANIFEST.kept)")
		}
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	m, good, err := badger.ReplayManifestFile(f, 0, o)
	if err != nil {
		return desk.Damaged("the MANIFEST of the database does not parse: %v", err)
	}
	fi, err := f.Stat()
	if err != nil {
		return err
	}
	if fi.Size() != good {
		return desk.Damaged("the MANIFEST of the database is cut: %d of %d bytes make sense", good, fi.Size())
	}
	for id := range m.Tables { // an unlisted table is what a kill left half written
		if err := checkFooter(table.NewFilename(id, dataDir(dir))); errors.Is(err, os.ErrNotExist) {
			return desk.Damaged("the database has lost its table %d", id)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// keepManifest keeps a copy of the MANIFEST aside, for a person to repair with.
func keepManifest(dir string, readOnly bool) error {
	if readOnly {
		return nil
	}
	b, err := os.ReadFile(manifestPath(dir))
	if err != nil {
		return err
	}
	return os.WriteFile(keptPath(dir), b, 0o600)
}

// registrySound tells whether the registry of keys is as Badger makes it for a
// database without encryption: 16 random bytes and a text. It holds nothing more,
// so that a damaged one is done without.
func registrySound(db string) bool {
	const text = "Hello Badger"
	b, err := os.ReadFile(filepath.Join(db, badger.KeyRegistryFileName))
	return errors.Is(err, os.ErrNotExist) || err == nil && len(b) == 16+len(text) && string(b[16:]) == text
}

// guardRegistry sets a damaged registry aside; Badger makes another.
func guardRegistry(dir string, log *slog.Logger) error {
	if registrySound(dataDir(dir)) {
		return nil
	}
	name := filepath.Join(dataDir(dir), badger.KeyRegistryFileName)
	log.Warn("the file was damaged and holds nothing that is needed: it was set aside and is made anew", "file", name, "kept", name+".damaged")
	return os.Rename(name, name+".damaged")
}

// Holds tells whether a folder holds a database, or held one.
func Holds(dir string) bool {
	for _, name := range []string{manifestPath(dir), keptPath(dir)} {
		if _, err := os.Stat(name); err == nil {
			return true
		}
	}
	return false
}
