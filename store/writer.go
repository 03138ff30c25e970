package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"time"

	"punto/app/desk"
	"punto/store/kv"
	"punto/store/volume"
)

// A group takes at most this many functions or pending bytes before it commits.
const (
	groupCalls = 512
	groupBytes = 1 << 20
)

// request is a function that waits for the writer; done is closed when err holds.
type request struct {
	ctx  context.Context // lives as long as the call that waits
	f    func(*Tx) error
	lone func() error // instead of f: outside a commit
	must bool         // also where there is little room
	err  error
	done chan struct{}
}

// Change is Update with all that a *Tx can do.
func (db *DB) Change(ctx context.Context, f func(*Tx) error) error {
	return db.change(&request{ctx: ctx, f: f})
}

// change queues a request and waits for it. Once queued it is waited for whatever
// becomes of its context: it may be written already, and who asked must know.
func (db *DB) change(r *request) error {
	r.done = make(chan struct{})
	select {
	case db.queue <- r:
	case <-r.ctx.Done():
		return r.ctx.Err()
	case <-db.quit:
		return db.stopped()
	}
	select {
	case <-r.done:
		return r.err
	case <-db.written:
	}
	select {
	case <-r.done:
		return r.err
	default:
		return db.stopped()
	}
}

// Update runs f on the writer goroutine and commits what it wrote together with
// what others queued meanwhile, in one synced transaction, or through a journal
// when it does not fit one. When f fails nothing of it is kept. While the volume is
// full the error is desk.ErrFull, and f does not run.
func (db *DB) Update(ctx context.Context, f func(desk.Tx) error) error {
	return db.Change(ctx, func(t *Tx) error { return f(t) })
}

// Waiting is how many functions wait for the writer.
func (db *DB) Waiting() int { return len(db.queue) }

// write is the writer goroutine.
func (db *DB) write() {
	defer close(db.written)
	var look <-chan time.Time
	if db.room != nil && !db.readOnly {
		t := time.NewTicker(volume.Guarded)
		defer t.Stop()
		look = t.C
	}
	for {
		select {
		case <-look:
			db.room.Guard()
		case r := <-db.queue:
			for r != nil {
				r = db.group(r)
			}
		case <-db.quit:
			return
		}
	}
}

// group commits a function and those queued behind it; a request that is done outside
// a commit and came meanwhile is given back.
func (db *DB) group(r *request) (next *request) {
	var ok []*request
	err := db.health()
	if err == nil && db.readOnly {
		err = fmt.Errorf("%w: it was opened read-only", ErrStopped)
	}
	if r.lone != nil {
		if r.err = errors.Join(err, r.ctx.Err()); r.err == nil {
			r.err = r.lone()
		}
		close(r.done)
		return nil
	}
	tight := db.room.Commits()
	snap := db.disk.Snapshot()
	was := db.heads()
	t := &Tx{Reader: Reader{db: db, snap: snap, p: kv.NewPending()}, heads: maps.Clone(was), was: was, origin: db.Origin(), newest: db.Newest()}
	t.tx = t
	for n := 1; r != nil; n++ {
		if r.err = err; err == nil && !r.must {
			r.err = tight
		}
		if r.err == nil {
			if r.err = r.ctx.Err(); r.err == nil {
				r.err = t.run(r.f)
			}
		}
		if r.err != nil {
			close(r.done)
		} else {
			ok = append(ok, r)
		}
		r = nil
		if n < groupCalls && t.p.Bytes() < groupBytes {
			select {
			case r = <-db.queue:
			default:
			}
		}
		if r != nil && r.lone != nil {
			r, next = nil, r
		}
	}
	if len(ok) > 0 {
		err = db.commit(t)
		db.room.Tend()
	}
	for _, f := range t.after {
		f(err == nil)
	}
	snap.Discard()
	for _, r := range ok {
		r.err = err
		close(r.done)
	}
	return next
}

// commit signs and keeps the heads that moved, and makes all of it durable.
func (db *DB) commit(t *Tx) error {
	if t.p.Bytes() > groupBytes {
		if err := db.room.Fits(t.p.Bytes()); err != nil {
			return err
		}
	}
	moved := len(t.heads) != len(t.was)
	for o, h := range t.heads {
		if was, ok := t.was[o]; ok && was == h {
			continue
		}
		moved = true
		t.sign(o, &h)
		t.heads[o] = h
		t.p.Put(headKey(o), h.Bytes())
	}
	if t.p.Len() > 0 {
		db.unclean(t)
		if err := db.apply(t); err != nil {
			return db.fail(fmt.Errorf("commit: %w", err))
		}
	}
	db.mu.Lock()
	if moved {
		db.headsNow, db.points = t.heads, nil
		db.recent.grow(t)
	}
	db.origin, db.newest = t.origin, t.newest
	for o, id := range t.met {
		db.identities[o] = id
	}
	for o := range t.frozen {
		db.frozen[o] = true
	}
	db.settleDirty(t)
	db.mu.Unlock()
	return nil
}

// apply makes a commit durable, and then that it is.
func (db *DB) apply(t *Tx) error {
	if db.marks == nil {
		return db.disk.Apply(t.p)
	}
	db.commits++
	t.p.Put(commitKey, binary.BigEndian.AppendUint64(nil, db.commits))
	if err := db.disk.Apply(t.p); err != nil {
		return err
	}
	return db.marks.write(t.heads, db.commits)
}
