package kv

import (
	"encoding/binary"

	"github.com/dgraph-io/badger/v4"

	"punto/app/desk"
	"punto/store/volume"
)

// Writes that are too many for one transaction of Badger are first kept as a journal,
// and then applied: a kill in the middle of either leaves all of them or none.

func journalKey(n uint32) []byte { return binary.BigEndian.AppendUint32([]byte{tableJournal}, n) }

// recoverJournal applies a journal that a crash interrupted, or drops one that
// was never made valid.
func (d *Folder) recoverJournal(readOnly bool) error {
	var n, parts uint32
	valid := false
	err := d.db.View(func(txn *badger.Txn) error {
		it := txn.NewIterator(badger.IteratorOptions{Prefix: []byte{tableJournal}})
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			if i := binary.BigEndian.Uint32(it.Item().Key()[1:]); i > 0 {
				parts = max(parts, i)
				continue
			}
			v, err := it.Item().ValueCopy(nil)
			if err != nil || len(v) != 4 {
				return desk.Damaged("the journal's head")
			}
			n, valid = binary.BigEndian.Uint32(v), true
		}
		return nil
	})
	if err != nil || readOnly {
		return err
	}
	if valid {
		return d.replay(n)
	}
	if parts == 0 {
		return nil
	}
	return d.db.Update(func(txn *badger.Txn) error { return dropJournal(txn, parts) })
}

// writeJournal keeps the writes as packed parts, one transaction each; the last
// part, number 0, holds the count and makes the journal valid. A write may go on in
// the next part.
func (d *Folder) writeJournal(p *Pending) (n uint32, err error) {
	var raw []byte
	flush := func(part []byte) error {
		n++
		if err := d.room.Prepare(); err != nil {
			return err
		}
		return d.db.Update(func(txn *badger.Txn) error { return txn.Set(journalKey(n), d.pack.Pack(nil, part)) })
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
		for len(raw) >= journalPart {
			if err := flush(raw[:journalPart]); err != nil {
				return n, err
			}
			raw = raw[journalPart:]
		}
	}
	if err := flush(raw); err != nil {
		return n, err
	}
	return n, d.db.Update(func(txn *badger.Txn) error {
		return txn.Set(journalKey(0), binary.BigEndian.AppendUint32(nil, n))
	})
}

const journalPart = 256 << 10

// replay applies a valid journal of n parts and removes it. Doing it twice is
// doing it once. No snapshot begins meanwhile.
func (d *Folder) replay(n uint32) error {
	d.applying.Lock()
	defer d.applying.Unlock()
	wb := d.db.NewWriteBatch()
	wb.SetMaxPendingTxns(2) // less than a log that is ready holds
	defer wb.Cancel()
	var raw []byte
	for i := uint32(1); i <= n; i++ {
		part, err := d.journalPart(i)
		if err != nil {
			return err
		}
		if raw, err = putAll(wb, append(raw, part...)); err != nil {
			return err
		}
		if err := d.room.Prepare(); err != nil && !volume.NoRoom(err) { // what it needs was free before it began
			return err
		}
	}
	if len(raw) > 0 {
		return desk.Damaged("the end of the journal")
	}
	if err := wb.Flush(); err != nil {
		return err
	}
	return d.db.Update(func(txn *badger.Txn) error { return dropJournal(txn, n) })
}

func dropJournal(txn *badger.Txn, n uint32) error {
	for i := uint32(0); i <= n; i++ {
		if err := txn.Delete(journalKey(i)); err != nil {
			return err
		}
	}
	return nil
}

func (d *Folder) journalPart(i uint32) (raw []byte, err error) {
	err = d.db.View(func(txn *badger.Txn) error {
		item, err := txn.Get(journalKey(i))
		if err != nil {
			return err
		}
		return item.Value(func(v []byte) (err error) { raw, err = d.pack.Unpack(v); return err })
	})
	if err != nil {
		return nil, desk.Damaged("part %d of the journal: %v", i, err)
	}
	return raw, nil
}

// putAll puts the writes that are whole, and gives back what is left.
func putAll(s setter, raw []byte) (rest []byte, err error) {
	for {
		k, after, ok := field(raw, 0)
		if !ok {
			return raw, nil
		}
		v, after, ok := field(after, 1)
		if !ok {
			return raw, nil
		}
		if err := put(s, k, v); err != nil {
			return nil, err
		}
		raw = after
	}
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
