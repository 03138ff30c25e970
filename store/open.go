package store

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
	"github.com/klauspost/compress/zstd"

	"punto/app/desk"
)

// Format is the version of the folder's format.
const Format = 1

// badgerOptions are the small options of the design; every commit is synced and
// every block that is read is checked.
func badgerOptions(o Options) badger.Options {
	return badger.DefaultOptions(dataDir(o.Dir)).WithSyncWrites(true).WithDetectConflicts(false).
		WithMemTableSize(16 << 20).WithNumMemtables(2).WithNumLevelZeroTables(3).WithNumLevelZeroTablesStall(8).
		WithNumCompactors(2).WithBlockCacheSize(16 << 20).WithIndexCacheSize(8 << 20).WithValueLogFileSize(64 << 20).
		WithBaseLevelSize(32 << 20).WithCompression(options.ZSTD).WithZSTDCompressionLevel(1).WithMetricsEnabled(false).
		WithChecksumVerificationMode(options.OnBlockRead).WithReadOnly(o.ReadOnly).WithLogger(nil)
}

// Open opens or makes a data folder and checks it: format, MANIFEST, heads,
// tail. Errors: ErrLocked, ErrDamaged, ErrNewer.
func Open(ctx context.Context, o Options) (_ *DB, err error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	if err := os.Chmod(o.Dir, 0o700); err != nil { //nolint:gosec // a folder
		return nil, fmt.Errorf("close the data folder to others: %w", err)
	}
	bo := badgerOptions(o)
	if err := guardManifest(o.Dir, bo); err != nil {
		return nil, err
	}
	b, err := openBadger(bo)
	if err != nil {
		return nil, lockedBy(o.Dir, fmt.Errorf("open %s: %w", o.Dir, err))
	}
	db := &DB{badger: b, dir: o.Dir, readOnly: o.ReadOnly, log: o.Logger, queue: make(chan *request, groupCalls),
		quit: make(chan struct{}), written: make(chan struct{}), checked: make(chan struct{})}
	if err := db.start(); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return db, nil
}

// openBadger turns a panic over damaged files into an error, and tries again
// once when a kill has left an empty memtable file.
func openBadger(o badger.Options) (b *badger.DB, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = damage("the database does not open: %v", p)
		}
	}()
	b, err = badger.Open(o)
	if err != nil && strings.Contains(err.Error(), "Create a new file") {
		b, err = badger.Open(o)
	}
	return b, err
}

func (db *DB) start() (err error) {
	if db.zip, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest)); err != nil {
		return err
	}
	if db.unzip, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxMemory(maxBlockBytes)); err != nil {
		return err
	}
	if err := db.format(); err != nil {
		return err
	}
	if err := db.recoverJournal(); err != nil {
		return err
	}
	marked, turn, err := readMarks(db.dir)
	if err != nil {
		return err
	}
	if err := db.identify(len(marked) > 0); err != nil {
		return err
	}
	if err := db.checkStart(marked); err != nil {
		return err
	}
	if db.marks, err = openMarks(db.dir, turn, db.readOnly); err != nil {
		return err
	}
	if !db.readOnly && len(db.headsNow) > 0 {
		db.marks.note(db.headsNow)
	}
	go db.write()
	go db.check()
	return nil
}

// check reads every table once, in the background.
func (db *DB) check() {
	defer close(db.checked)
	if err := db.checkTables(); err != nil {
		_ = db.fail(err) // kept in db, told to every later call
	}
}

// checkTables reads every block of every table; Badger's own check panics over
// some of the damage.
func (db *DB) checkTables() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = damage("a table: %v", p)
		}
	}()
	if err := db.badger.VerifyChecksum(); err != nil {
		return damage("a table: %v", err)
	}
	return nil
}

// format writes or checks the version of the format.
func (db *DB) format() error {
	key := tableKey(tableMeta, []byte("format"))
	var v []byte
	err := db.badger.View(func(txn *badger.Txn) error {
		item, err := txn.Get(key)
		if err == nil {
			v, err = item.ValueCopy(nil)
		}
		return err
	})
	if errors.Is(err, badger.ErrKeyNotFound) {
		if db.readOnly {
			return damage("the database has no format version")
		}
		return db.badger.Update(func(txn *badger.Txn) error { return txn.Set(key, binary.BigEndian.AppendUint16(nil, Format)) })
	}
	if err != nil {
		return fmt.Errorf("read the format version: %w", err)
	}
	if len(v) != 2 || binary.BigEndian.Uint16(v) > Format {
		return fmt.Errorf("%w: it has format %x, this program knows %d; update the program", ErrNewer, v, Format)
	}
	return nil
}

// recoverJournal applies a journal that a crash interrupted, or drops one that
// was never made valid.
func (db *DB) recoverJournal() error {
	var n, parts uint32
	valid := false
	err := db.badger.View(func(txn *badger.Txn) error {
		it := txn.NewIterator(badger.IteratorOptions{Prefix: []byte{tableJournal}})
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			if i := binary.BigEndian.Uint32(it.Item().Key()[1:]); i > 0 {
				parts = max(parts, i)
				continue
			}
			v, err := it.Item().ValueCopy(nil)
			if err != nil || len(v) != 4 {
				return damage("the journal's head")
			}
			n, valid = binary.BigEndian.Uint32(v), true
		}
		return nil
	})
	if err != nil || db.readOnly {
		return err
	}
	if valid {
		return db.replay(n)
	}
	if parts == 0 {
		return nil
	}
	return db.badger.Update(func(txn *badger.Txn) error { return dropJournal(txn, parts) })
}

// identify reads or makes the node's key and incarnation: 32 + 16 random bytes.
// A lost key starts a new incarnation; the old events keep their public key.
func (db *DB) identify(used bool) error {
	path := filepath.Join(db.dir, "node.key")
	b, err := os.ReadFile(path) //nolint:gosec // inside our folder
	if errors.Is(err, os.ErrNotExist) && !db.readOnly {
		if used {
			db.log.Warn("the node key is missing: a new incarnation starts")
		}
		b = make([]byte, 48)
		_, _ = rand.Read(b) // never fails
		err = writeSynced(path, b)
	}
	if err != nil {
		return fmt.Errorf("node key: %w", err)
	}
	if len(b) != 48 {
		return damage("the node key has %d bytes and not 48", len(b))
	}
	db.key = ed25519.NewKeyFromSeed(b[:32])
	copy(db.pub[:], db.key[32:])
	sum := sha256.Sum256(append(db.pub[:], b[32:]...))
	db.origin = desk.Origin(binary.BigEndian.Uint64(sum[:]))
	return nil
}

func writeSynced(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // inside our folder
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}
