package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"

	"punto/app/desk"
	"punto/store/volume"
)

// Format is the version of the folder's format. 2 packs the timelines: what format 1
// has derived is derived anew.
const Format = 2

// Open opens or makes a data folder and checks it: format, MANIFEST, heads,
// tail. Errors: ErrLocked, ErrDamaged, ErrNewer.
func Open(ctx context.Context, o Options) (_ *DB, err error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if o.Check == nil {
		o.Check = CheckTables
	}
	if o.step == nil {
		o.step = func(string) {}
	}
	db := &DB{dir: o.Dir, step: o.step, memory: o.Memory, readOnly: o.ReadOnly, log: o.Logger, queue: make(chan *request, groupCalls),
		quit: make(chan struct{}), written: make(chan struct{}), checked: make(chan struct{}), frozen: map[desk.Origin]bool{}}
	if db.zip, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(zipWindow)); err != nil {
		return nil, err
	}
	if db.unzip, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxMemory(maxBlockBytes), zstd.WithDecoderLowmem(true)); err != nil {
		return nil, err
	}
	if db.disk = o.Memory; o.Memory == nil {
		if db.disk, err = db.openFolder(o); err != nil {
			return nil, errors.Join(err, db.lock.Release())
		}
	}
	if err := db.start(o); err != nil {
		return nil, errors.Join(err, db.disk.close(), db.lock.Release())
	}
	return db, nil
}

// zipWindow is above what a block of usual events takes.
const zipWindow = 1 << 20

// openFolder takes the folder and opens what is in it. The lock is in db, also
// when it fails.
func (db *DB) openFolder(o Options) (_ disk, err error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	if err := os.Chmod(o.Dir, 0o700); err != nil { //nolint:gosec // a folder
		return nil, fmt.Errorf("close the data folder to others: %w", err)
	}
	if db.lock, err = volume.HoldFolder(o.Dir, o.ReadOnly); err != nil {
		return nil, err
	}
	db.room = newSpace(o)
	bo, temp := badgerOptions(o, db.room.Memtable()), ""
	defer func() {
		if err != nil && temp != "" {
			err = errors.Join(err, os.RemoveAll(temp))
		}
	}()
	if o.ReadOnly {
		err = halfRenewed(o.Dir)
	} else {
		err = settleRenewal(o.Dir)
	}
	if err != nil {
		return nil, err
	}
	if err := guardManifest(o.Dir, bo); err != nil {
		return nil, err
	}
	if o.ReadOnly {
		var at string
		if at, temp, db.killed, err = settled(o.Dir); err != nil {
			return nil, err
		}
		bo = bo.WithDir(at).WithValueDir(at)
		db.registry = !registrySound(dataDir(o.Dir))
	} else if err := errors.Join(db.room.Tidy(), db.room.ToOpen(), db.guardRegistry()); err != nil {
		return nil, err
	}
	volume.MapBlocks()
	v := newVoice(db.log)
	b, err := openBadger(bo, db.room, v)
	if err != nil && strings.Contains(err.Error(), "Cannot acquire directory lock") { // by a version that knew no other lock
		err = fmt.Errorf("%w: %w", ErrLocked, err)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", o.Dir, namedDamage(err))
	}
	d := &badgerDisk{DB: b, room: db.room, voice: v, dir: o.Dir, look: o.Check, temp: temp, zip: db.zip, unzip: db.unzip}
	if !o.ReadOnly {
		if err := db.room.Prepare(); err != nil && !volume.NoRoom(err) {
			return nil, errors.Join(fmt.Errorf("open %s: %w", o.Dir, err), d.close())
		}
	}
	return d, nil
}

// namedDamage is damage where Badger does not open its files for another reason
// than what the system says.
func namedDamage(err error) error {
	var system *os.PathError
	if volume.NoRoom(err) || errors.Is(err, ErrLocked) || errors.Is(err, ErrDamaged) || errors.Is(err, os.ErrPermission) || errors.As(err, &system) {
		return err
	}
	return damage("the database does not open: %v", err)
}

func (db *DB) start(o Options) error {
	var was marked
	if d, ok := db.disk.(*badgerDisk); ok {
		if err := d.recoverJournal(db.readOnly); err != nil {
			return err
		}
		var err error
		if was, err = readMarks(db.dir); err != nil {
			return err
		}
	}
	snap := db.disk.snapshot()
	err := db.load(&Reader{db: db, snap: snap}, was)
	snap.discard()
	if err != nil {
		return err
	}
	if db.memory == nil {
		if db.marks, err = openMarks(db.dir, was, db.readOnly); err != nil {
			return err
		}
	}
	go db.write()
	go db.check()
	return db.settleIn(o.Place)
}

// load reads and checks what must be known before anything is served.
func (db *DB) load(r *Reader, was marked) error {
	if err := db.format(r); err != nil {
		return err
	}
	if err := db.identify(r, len(was.heads) > 0); err != nil {
		return err
	}
	for k, err := range r.scan([]byte{tableFork}, nil, false, false) {
		if err != nil {
			return err
		}
		db.frozen[desk.Origin(binary.BigEndian.Uint64(k.Key[1:]))] = true
	}
	return errors.Join(db.loadDirty(r), db.checkStart(r, was))
}

// check reads every table once, in the background.
func (db *DB) check() {
	defer close(db.checked)
	if err := db.disk.check(); err != nil {
		_ = db.fail(err) // kept in db, told to every later call
	}
}

// format writes or checks the version of the format.
func (db *DB) format(r *Reader) error {
	key := tableKey(tableMeta, []byte("format"))
	v, err := r.get(key)
	if err != nil {
		return fmt.Errorf("read the format version: %w", err)
	}
	if v == nil {
		if db.readOnly {
			return damage("the database has no format version")
		}
		p := newPending()
		p.set(key, binary.BigEndian.AppendUint16(nil, Format))
		return db.disk.apply(p)
	}
	if len(v) != 2 || binary.BigEndian.Uint16(v) > Format {
		return fmt.Errorf("%w: it has format %x, this program knows %d; update the program", ErrNewer, v, Format)
	}
	if binary.BigEndian.Uint16(v) == Format || db.readOnly {
		return nil
	}
	p := newPending()
	p.set(rebuildKey, []byte{1})
	p.set(key, binary.BigEndian.AppendUint16(nil, Format))
	return db.disk.apply(p)
}
