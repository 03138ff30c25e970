package kv

import (
	"errors"
	"maps"
	"os"
	"slices"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
	"github.com/dgraph-io/badger/v4/table"

	"punto/app/desk"
)

// CheckTables reads every block of every table of a data folder, which somebody else
// may have open, and proves it by its checksum. It holds one table at a time. The error
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
		return desk.Damaged("the MANIFEST of the database does not parse: %v", err)
	}
	for _, id := range slices.Sorted(maps.Keys(m.Tables)) {
		if err := checkTable(id, table.NewFilename(id, dataDir(dir))); err != nil {
			return err
		}
	}
	return nil
}

// checkTable proves one table. It is read and not mapped: a table that is merged into
// others is cut to nothing before it is removed, which would end whoever has it mapped.
// One that is gone, or was cut meanwhile, is none.
func checkTable(id uint64, path string) (err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = desk.Damaged("table %s: %v", path, p)
		}
		if now, gone := os.Stat(path); err != nil && (gone != nil || now.Size() == 0 || now.Size() != int64(len(b))) {
			err = nil
		}
	}()
	if err != nil {
		return desk.Damaged("table %s: %v", path, err)
	}
	t, err := table.OpenInMemoryTable(b, id, &table.Options{ReadOnly: true, BlockSize: 4 << 10, Compression: options.ZSTD, ChkMode: options.NoVerification})
	if err == nil {
		err = t.VerifyChecksum()
	}
	if err != nil {
		return desk.Damaged("table %s: %v", path, err)
	}
	return nil
}
