package store

import (
	"errors"
	"maps"
	"os"
	"slices"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
	"github.com/dgraph-io/badger/v4/table"
	"github.com/dgraph-io/ristretto/v2/z"
)

// CheckTables reads every block of every table of a data folder, which somebody else
// may have open, and proves it by its checksum. It maps one table at a time. The error
// is ErrDamaged; some damage ends the process that looks at it, which is why a program
// may have another one do so (Options.Check).
func CheckTables(dir string) error {
	f, err := os.Open(manifestPath(dir))
	if errors.Is(err, os.ErrNotExist) {
		return nil // nothing was written yet
	}
	if err != nil {
		return err
	}
	m, _, err := badger.ReplayManifestFile(f, 0, badger.DefaultOptions(dataDir(dir)).WithLogger(nil))
	if err = errors.Join(err, f.Close()); err != nil {
		return damage("the MANIFEST of the database does not parse: %v", err)
	}
	for _, id := range slices.Sorted(maps.Keys(m.Tables)) {
		if err := checkTable(table.NewFilename(id, dataDir(dir))); err != nil {
			return err
		}
	}
	return nil
}

// checkTable proves one table; one that is gone was merged into others meanwhile.
func checkTable(path string) (err error) {
	mapped, err := z.OpenMmapFile(path, os.O_RDONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return damage("table %s: %v", path, err)
	}
	defer func() {
		if p := recover(); p != nil {
			err = damage("table %s: %v", path, p)
		}
		err = errors.Join(err, mapped.Close(-1)) // its length stays
	}()
	t, err := table.OpenTable(mapped, table.Options{ReadOnly: true, BlockSize: 4 << 10, Compression: options.ZSTD, ChkMode: options.NoVerification})
	if err == nil {
		err = t.VerifyChecksum()
	}
	if err != nil {
		return damage("table %s: %v", path, err)
	}
	return nil
}
