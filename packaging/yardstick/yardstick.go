// Package yardstick is what the benchmarks are measured against: the same events in
// a Badger with the same small options, without index, views or network.
package yardstick

import (
	"runtime"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"

	"punto/app/desk"
	"punto/store"
)

// Frames are the exact frames that a log holds after a vector.
func Frames(b testing.TB, db *store.DB, since desk.Vector) (fs [][]byte) {
	b.Helper()
	err := db.View(func(r *store.Reader) error {
		for o, n := range db.Vector() {
			for s := since[o] + 1; s <= n; s++ {
				f, err := r.Frame(o, s)
				if err != nil {
					return err
				}
				fs = append(fs, f)
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return fs
}

// small are the small options of package store.
func small(dir string) badger.Options {
	return badger.DefaultOptions(dir).WithSyncWrites(true).WithDetectConflicts(false).WithMemTableSize(16 << 20).WithNumMemtables(2).
		WithNumLevelZeroTables(3).WithNumLevelZeroTablesStall(8).WithNumCompactors(2).WithBlockCacheSize(16 << 20).WithIndexCacheSize(8 << 20).
		WithValueLogFileSize(64 << 20).WithBaseLevelSize(32 << 20).WithCompression(options.ZSTD).WithZSTDCompressionLevel(1).WithMetricsEnabled(false).
		WithChecksumVerificationMode(options.OnBlockRead).WithLogger(nil)
}

// key is that of a frame, as the log keys it.
func key(f []byte) []byte { return append([]byte{0x11}, f[:16]...) }

// Batch writes frames into an empty Badger in a folder by its WriteBatch, and gives
// the time from its opening to the flush.
func Batch(b testing.TB, dir string, fs [][]byte) time.Duration {
	b.Helper()
	runtime.GC()
	return timed(b, dir, func(db *badger.DB) error {
		wb := db.NewWriteBatch()
		defer wb.Cancel()
		for _, f := range fs {
			if err := wb.Set(key(f), f); err != nil {
				return err
			}
		}
		return wb.Flush()
	})
}

// Singly is the time of n durable writes of one frame, a transaction each.
func Singly(b testing.TB, dir string, n int, f []byte) time.Duration {
	b.Helper()
	return timed(b, dir, func(db *badger.DB) error {
		for range n {
			if err := db.Update(func(txn *badger.Txn) error { return txn.Set(key(f), f) }); err != nil {
				return err
			}
		}
		return nil
	})
}

// Hold does something while a Badger that Batch wrote is open.
func Hold(b testing.TB, dir string, do func()) {
	b.Helper()
	timed(b, dir, func(*badger.DB) error { do(); return nil })
}

func timed(b testing.TB, dir string, work func(*badger.DB) error) time.Duration {
	b.Helper()
	db, err := badger.Open(small(dir))
	if err != nil {
		b.Fatal(err)
	}
	from := time.Now()
	err = work(db)
	took := time.Since(from)
	if cerr := db.Close(); err != nil || cerr != nil {
		b.Fatal(err, cerr)
	}
	return took
}
