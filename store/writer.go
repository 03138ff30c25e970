package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"

	"github.com/dgraph-io/badger/v4"

	"punto/app/desk"
)

// A group takes at most this many functions or pending bytes before it commits.
const (
	groupCalls = 512
	groupBytes = 1 << 20
)

type request struct {
	ctx  context.Context //nolint:containedctx // lives as long as the call that waits
	f    func(*Tx) error
	err  error
	done chan struct{}
}

// Change is Update with all that a *Tx can do.
func (db *DB) Change(ctx context.Context, f func(*Tx) error) error {
	r := &request{ctx: ctx, f: f, done: make(chan struct{})}
	select {
	case db.queue <- r:
	case <-ctx.Done():
		return ctx.Err()
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
// when it does not fit one. When f fails nothing of it is kept.
func (db *DB) Update(ctx context.Context, f func(desk.Tx) error) error {
	return db.Change(ctx, func(t *Tx) error { return f(t) })
}

// write is the writer goroutine.
func (db *DB) write() {
	defer close(db.written)
	for {
		select {
		case r := <-db.queue:
			db.group(r)
		case <-db.quit:
			return
		}
	}
}

func (db *DB) group(r *request) {
	var ok []*request
	err := db.health()
	if err == nil && db.readOnly {
		err = fmt.Errorf("%w: it was opened read-only", ErrStopped)
	}
	txn := db.badger.NewTransaction(false)
	heads := db.heads()
	t := &Tx{Reader: Reader{db, txn, newPending()}, seqs: map[desk.Origin]uint64{}}
	for o, h := range heads {
		t.seqs[o] = h.seq
	}
	for n := 1; r != nil; n++ {
		if r.err = err; err == nil {
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
		if n < groupCalls && t.p.bytes < groupBytes {
			select {
			case r = <-db.queue:
			default:
			}
		}
	}
	if len(ok) > 0 {
		err = db.commit(t, heads)
	}
	txn.Discard()
	for _, r := range ok {
		r.err = err
		close(r.done)
	}
}

func (db *DB) commit(t *Tx, heads map[desk.Origin]head) error {
	next, err := t.seal(heads)
	if err == nil && len(t.p.values) > 0 {
		err = db.apply(t.p)
	}
	if err != nil {
		return db.fail(fmt.Errorf("commit: %w", err))
	}
	if len(next) > 0 {
		maps.Copy(heads, next)
		db.mu.Lock()
		db.headsNow = heads
		db.mu.Unlock()
		db.marks.note(heads)
	}
	return nil
}

// apply makes the pending writes durable, all or none.
func (db *DB) apply(p *pending) error {
	if int64(p.bytes) < db.badger.MaxBatchSize()*8/10 && int64(len(p.values)) < db.badger.MaxBatchCount()*8/10 {
		txn := db.badger.NewTransaction(true)
		defer txn.Discard()
		for k, v := range p.values {
			if err := put(txn, []byte(k), v); err != nil {
				return err
			}
		}
		return txn.Commit()
	}
	n, err := db.writeJournal(p)
	if err != nil {
		return err
	}
	return db.replay(n)
}

type setter interface {
	Set(key, value []byte) error
	Delete(key []byte) error
}

func put(s setter, k, v []byte) error {
	if v == nil {
		return s.Delete(k)
	}
	return s.Set(k, v)
}

func journalKey(n uint32) []byte { return binary.BigEndian.AppendUint32([]byte{tableJournal}, n) }

// writeJournal keeps the writes as packed parts, one transaction each; the last
// part, number 0, holds the count and makes the journal valid.
func (db *DB) writeJournal(p *pending) (n uint32, err error) {
	var raw []byte
	flush := func() error {
		n++
		err := db.badger.Update(func(txn *badger.Txn) error { return txn.Set(journalKey(n), db.zip.EncodeAll(raw, nil)) })
		raw = raw[:0]
		return err
	}
	p.settle()
	for _, k := range p.run {
		v, ok := p.values[k]
		if !ok {
			continue
		}
		raw = binary.AppendUvarint(raw, uint64(len(k)))
		raw = append(raw, k...)
		if v == nil {
			raw = binary.AppendUvarint(raw, 0)
		} else {
			raw = append(binary.AppendUvarint(raw, uint64(len(v))+1), v...)
		}
		if len(raw) > 256<<10 {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
	if err := flush(); err != nil {
		return n, err
	}
	return n, db.badger.Update(func(txn *badger.Txn) error {
		return txn.Set(journalKey(0), binary.BigEndian.AppendUint32(nil, n))
	})
}

// replay applies a valid journal of n parts and removes it. Doing it twice is
// doing it once. No snapshot begins meanwhile.
func (db *DB) replay(n uint32) error {
	db.applying.Lock()
	defer db.applying.Unlock()
	wb := db.badger.NewWriteBatch()
	defer wb.Cancel()
	for i := uint32(1); i <= n; i++ {
		if err := db.replayPart(wb, i); err != nil {
			return err
		}
	}
	if err := wb.Flush(); err != nil {
		return err
	}
	return db.badger.Update(func(txn *badger.Txn) error { return dropJournal(txn, n) })
}

func dropJournal(txn *badger.Txn, n uint32) error {
	for i := uint32(0); i <= n; i++ {
		if err := txn.Delete(journalKey(i)); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) replayPart(wb *badger.WriteBatch, i uint32) error {
	var raw []byte
	err := db.badger.View(func(txn *badger.Txn) error {
		item, err := txn.Get(journalKey(i))
		if err != nil {
			return err
		}
		return item.Value(func(v []byte) (err error) { raw, err = db.unzip.DecodeAll(v, nil); return err })
	})
	if err != nil {
		return damage("part %d of the journal: %v", i, err)
	}
	for len(raw) > 0 {
		k, rest, ok := field(raw, 0)
		if !ok {
			return damage("part %d of the journal", i)
		}
		v, rest, ok := field(rest, 1)
		if !ok {
			return damage("part %d of the journal", i)
		}
		if err := put(wb, k, v); err != nil {
			return err
		}
		raw = rest
	}
	return nil
}

// field cuts a length-prefixed field; with one more, length 0 is nil.
func field(b []byte, more uint64) (f, rest []byte, ok bool) {
	n, w := binary.Uvarint(b)
	if w <= 0 {
		return nil, nil, false
	}
	b = b[w:]
	if n < more {
		return nil, b, true
	}
	if n -= more; n > uint64(len(b)) {
		return nil, nil, false
	}
	return b[:n:n], b[n:], true
}
