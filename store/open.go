package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"punto/app/desk"
	"punto/store/chain"
	"punto/store/kv"
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
	if o.step == nil {
		o.step = func(string) {}
	}
	db := &DB{dir: o.Dir, step: o.step, memory: o.Memory, readOnly: o.ReadOnly, log: o.Logger, queue: make(chan *request, groupCalls),
		quit: make(chan struct{}), written: make(chan struct{}), checked: make(chan struct{}), frozen: map[desk.Origin]bool{}}
	if db.codec, err = chain.NewCodec(); err != nil {
		return nil, err
	}
	if o.Memory != nil {
		db.disk = &o.Memory.disk
	} else if db.disk, err = db.openFolder(o); err != nil {
		return nil, errors.Join(err, db.lock.Release())
	}
	if err := db.start(o); err != nil {
		return nil, errors.Join(err, db.disk.Close(), db.lock.Release())
	}
	return db, nil
}

// openFolder takes the folder and opens what is in it. The lock is in db, also
// when it fails.
func (db *DB) openFolder(o Options) (kv.Disk, error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	if err := os.Chmod(o.Dir, 0o700); err != nil { //nolint:gosec // a folder
		return nil, fmt.Errorf("close the data folder to others: %w", err)
	}
	var err error
	if db.lock, err = volume.HoldFolder(o.Dir, o.ReadOnly); err != nil {
		return nil, err
	}
	db.room = kv.NewSpace(o.Dir, o.Measure)
	d, err := kv.Open(kv.Options{Dir: o.Dir, ReadOnly: o.ReadOnly, Space: db.room, Packer: db.codec, Logger: db.log, Check: o.Check})
	if err != nil {
		return nil, err
	}
	db.killed, db.registry = d.Killed, d.Registry
	return d, nil
}

func (db *DB) start(o Options) error {
	var was marked
	if db.memory == nil {
		var err error
		if was, err = readMarks(db.dir); err != nil {
			return err
		}
	}
	snap := db.disk.Snapshot()
	err := db.load(&Reader{db: db, snap: snap}, was)
	snap.Discard()
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
	if err := db.disk.Check(); err != nil {
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
			return desk.Damaged("the database has no format version")
		}
		p := kv.NewPending()
		p.Set(key, binary.BigEndian.AppendUint16(nil, Format))
		return db.disk.Apply(p)
	}
	if len(v) != 2 || binary.BigEndian.Uint16(v) > Format {
		return fmt.Errorf("%w: it has format %x, this program knows %d; update the program", ErrNewer, v, Format)
	}
	if binary.BigEndian.Uint16(v) == Format || db.readOnly {
		return nil
	}
	p := kv.NewPending()
	p.Set(rebuildKey, []byte{1})
	p.Set(key, binary.BigEndian.AppendUint16(nil, Format))
	return db.disk.Apply(p)
}
