package kv

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"

	"punto/app/desk"
	"punto/store/volume"
)

// BadgerOptions are the small options of the design, for the database of a folder; every
// commit is synced and every block that is read is checked.
func BadgerOptions(dir string, memtable int64) badger.Options {
	return badger.DefaultOptions(dataDir(dir)).WithSyncWrites(true).WithDetectConflicts(false).
		WithMemTableSize(memtable).WithNumMemtables(2).WithNumLevelZeroTables(3).WithNumLevelZeroTablesStall(8).
		WithNumCompactors(2).WithBlockCacheSize(16 << 20).WithIndexCacheSize(8 << 20).WithValueLogFileSize(volume.ValueLogBytes).
		WithBaseLevelSize(32 << 20).WithCompression(options.ZSTD).WithZSTDCompressionLevel(1).WithMetricsEnabled(false).
		WithChecksumVerificationMode(options.OnBlockRead).WithLogger(nil)
}

// Folder is the disk of a data folder.
type Folder struct {
	Killed   bool // of a folder that is only read: who wrote it was killed
	Registry bool // the same: its registry of keys is damaged, and is not needed

	db       *badger.DB // another one after a Renew
	room     *volume.Space
	voice    *voice
	dir      string                 // of the desk
	look     func(dir string) error // proves its tables
	temp     string                 // of a folder that is only read; removed at the end
	pack     Packer
	applying sync.RWMutex // held while a journal is applied, or the database changes
	readers  readers
}

// openBadger turns a panic over damaged files into an error, and tries again
// once when a kill has left an empty memtable file, and once without the reserve.
func openBadger(o badger.Options, r *volume.Space, v *voice) (*badger.DB, error) {
	type opened struct {
		b   *badger.DB
		err error
	}
	o = o.WithLogger(v)
	for {
		x, ok := ends(r, v, func() (x opened) { x.b, x.err = tryBadger(o); return x })
		switch {
		case !ok:
			return nil, r.Full()
		case !volume.NoRoom(x.err):
			return x.b, x.err
		case !r.Spend():
			return nil, fmt.Errorf("%w; the database said: %v", r.Full(), x.err)
		}
	}
}

func tryBadger(o badger.Options) (b *badger.DB, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = desk.Damaged("the database does not open: %v", p)
		}
	}()
	b, err = badger.Open(o)
	if err != nil && strings.Contains(err.Error(), "Create a new file") {
		b, err = badger.Open(o)
	}
	return b, err
}

// Close ends also on a full volume: what is not in a table yet stays in the log
// files, and is in one when the folder is opened again. The error is then
// desk.ErrFull; the closing goes on behind it for as long as the process lives, which
// alone has the folder until then.
func (d *Folder) Close() error {
	return errors.Join(d.close(), keepManifest(d.dir, d.db.Opts().ReadOnly))
}

func (d *Folder) close() error {
	err, ok := ends(d.room, d.voice, func() error {
		for !d.db.Opts().ReadOnly && !d.room.Closable() {
			d.voice.wait()
		}
		return errors.Join(d.db.Close(), d.room.Tidy())
	})
	if !ok {
		return d.room.Full()
	}
	if d.temp != "" {
		err = errors.Join(err, os.RemoveAll(d.temp))
	}
	return err
}

// Check implements Disk: it reads every table.
func (d *Folder) Check() error { return d.look(d.dir) }

// Snapshot implements Disk.
func (d *Folder) Snapshot() Snapshot {
	d.readers.yield()
	d.applying.RLock()
	defer d.applying.RUnlock()
	d.readers.enter()
	return badgerSnapshot{d.db.NewTransaction(false), &d.readers}
}

type badgerSnapshot struct {
	txn     *badger.Txn
	readers *readers
}

func (s badgerSnapshot) Discard() {
	s.txn.Discard()
	s.readers.leave()
}

func (s badgerSnapshot) Get(key []byte) ([]byte, error) {
	item, err := s.txn.Get(key)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read key %x: %w", key, err)
	}
	v, err := whole(s.txn, item)
	if err != nil {
		return nil, fmt.Errorf("read value of %x: %w", key, err)
	}
	return v, nil
}

func (s badgerSnapshot) Iterate(prefix []byte, reverse bool) Iterator {
	o := badger.IteratorOptions{Reverse: reverse}
	if !reverse {
		o.Prefix = prefix
	}
	return badgerIterator{s.txn.NewIterator(o), s.txn}
}

type badgerIterator struct {
	*badger.Iterator
	txn *badger.Txn
}

func (i badgerIterator) Key() []byte            { return i.Item().KeyCopy(nil) }
func (i badgerIterator) Value() ([]byte, error) { return whole(i.txn, i.Item()) }

// Apply implements Disk.
func (d *Folder) Apply(p *Pending) error {
	if err := d.room.Prepare(); err != nil && !volume.NoRoom(err) {
		return err
	}
	if int64(p.bytes) < d.db.MaxBatchSize()*8/10 && int64(len(p.values)) < d.db.MaxBatchCount()*8/10 {
		txn := d.db.NewTransaction(true)
		defer txn.Discard()
		for k, v := range p.values {
			if err := put(txn, []byte(k), v); err != nil {
				return err
			}
		}
		return txn.Commit()
	}
	n, err := d.writeJournal(p)
	if err != nil {
		return err
	}
	return d.replay(n)
}

type setter interface {
	Set(key, value []byte) error
	SetEntry(e *badger.Entry) error
	Delete(key []byte) error
}

// Badger keeps what is larger than a megabyte in its value log, whose files have
// no blocks ahead, and refuses what is larger than one of them. A block of large
// events is: such a value is kept in pieces, and its key, so marked, says how many.
// Pieces of a value that is deleted stay; one that is written again is over them.
const (
	pieceBytes = 512 << 10
	inPieces   = 1
)

func pieceKey(k []byte, n int) []byte {
	return binary.BigEndian.AppendUint32(append([]byte{tablePiece}, k...), uint32(n))
}

func put(s setter, k, v []byte) error {
	if v == nil {
		return s.Delete(k)
	}
	if len(v) <= pieceBytes {
		return s.Set(k, v)
	}
	n := 0
	for p := range slices.Chunk(v, pieceBytes) {
		if err := s.Set(pieceKey(k, n), p); err != nil {
			return err
		}
		n++
	}
	return s.SetEntry(badger.NewEntry(k, binary.BigEndian.AppendUint32(nil, uint32(n))).WithMeta(inPieces))
}

// whole is a copy of the value of an item.
func whole(txn *badger.Txn, item *badger.Item) ([]byte, error) {
	v, err := item.ValueCopy([]byte{})
	if err != nil || item.UserMeta() != inPieces {
		return v, err
	}
	if len(v) != 4 {
		return nil, desk.Damaged("the count of pieces")
	}
	all := []byte{}
	for n := range int(binary.BigEndian.Uint32(v)) {
		piece, err := txn.Get(pieceKey(item.Key(), n))
		if err != nil {
			return nil, desk.Damaged("piece %d: %v", n, err)
		}
		if err := piece.Value(func(p []byte) error { all = append(all, p...); return nil }); err != nil {
			return nil, err
		}
	}
	return all, nil
}
