package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"iter"

	"punto/app/desk"
	"punto/store/chain"
)

// commitKey counts the commits: each leaves its number in the log and then in the
// heads file.
var commitKey = tableKey(tableMeta, []byte("commit"))

// checkStart reads the heads, proves each tail and compares with the marks.
func (db *DB) checkStart(r *Reader, was marked) error {
	db.headsNow = map[desk.Origin]chain.Head{}
	for x, err := range r.allHeads() {
		if err != nil {
			return err
		}
		db.headsNow[x.origin] = x.Head
	}
	if was.heads == nil && len(db.headsNow) > 0 && db.memory == nil {
		return desk.Damaged("neither copy of the heads file can be read")
	}
	v, err := r.get(commitKey)
	if err != nil {
		return err
	}
	if len(v) == 8 {
		db.commits = binary.BigEndian.Uint64(v)
	}
	if db.commits < was.commit {
		return desk.Damaged("the database ends at commit %d and commit %d was acknowledged", db.commits, was.commit)
	}
	for o, m := range was.heads {
		h := db.headsNow[o]
		if h.Seq >= m.seq {
			continue
		}
		if cut, err := r.get(cutKey(o)); err != nil || cut == nil {
			return errors.Join(err, lost(o, h.Seq, m.seq))
		}
		delete(was.heads, o) // the marks are of before the cut
	}
	for o, h := range db.headsNow {
		if err := r.checkOrigin(o, h, was.heads[o]); err != nil {
			return err
		}
		if h.Seq == 0 {
			continue
		}
		f, err := r.frame(o, h.Seq)
		if err != nil {
			return err
		}
		if stamp := chain.FrameStamp(f); stamp <= desk.LatestStamp {
			db.newest = max(db.newest, stamp)
		}
	}
	return nil
}

// checkOrigin proves what an opening must know of an origin: that its blocks follow each
// other without a gap, that the tail behind them ends in the signed head, and that the
// chain passes through the mark. Blocks are not unpacked: Verify does that.
func (r *Reader) checkOrigin(o desk.Origin, h chain.Head, m mark) error {
	if !h.Signed(o) {
		return desk.Damaged("the signature of the head of origin %016x is not right", uint64(o))
	}
	next := uint64(1)
	for k, err := range r.scan(binary.BigEndian.AppendUint64([]byte{tableBlock}, uint64(o)), nil, false, false) {
		if err != nil {
			return err
		}
		if first := binary.BigEndian.Uint64(k.Key[9:]); first != next {
			return desk.Damaged("events %d to %d of origin %016x are missing", next, first-1, uint64(o))
		}
		next += chain.BlockEvents
	}
	if next != h.Sealed+1 {
		return desk.Damaged("the blocks of origin %016x end at %d and not at %d", uint64(o), next-1, h.Sealed)
	}
	hash := h.SealedHash
	if m.seq == h.Sealed && m.seq > 0 && m.hash != hash {
		return desk.Damaged("the chain of origin %016x is another one at %d", uint64(o), m.seq)
	}
	for seq := h.Sealed + 1; seq <= h.Seq; seq++ {
		f, err := r.get(logKey(tableTail, o, seq))
		if err != nil {
			return err
		}
		if f == nil {
			return desk.Damaged("event %d of origin %016x is missing", seq, uint64(o))
		}
		if hash = chain.Next(hash, f); m.seq == seq && m.hash != hash {
			return desk.Damaged("the chain of origin %016x is another one at %d", uint64(o), seq)
		}
	}
	if hash != h.Hash {
		return desk.Damaged("the chain of origin %016x does not end in its head", uint64(o))
	}
	return nil
}

// allHeads walks the heads of a snapshot, by origin.
func (r *Reader) allHeads() iter.Seq2[originHead, error] {
	return func(yield func(originHead, error) bool) {
		for k, err := range r.scan([]byte{tableHead}, nil, false, true) {
			var x originHead
			if err == nil {
				x.origin = desk.Origin(binary.BigEndian.Uint64(k.Key[1:]))
				x.Head, err = chain.ParseHead(k.Value)
			}
			if !yield(x, err) || err != nil {
				return
			}
		}
	}
}

type originHead struct {
	chain.Head
	origin desk.Origin
}

// Verify proves the whole log: tables, blocks, chains, signatures, heads.
func (db *DB) Verify(ctx context.Context) error {
	if err := db.disk.Check(); err != nil {
		return err
	}
	return db.View(func(r *Reader) error {
		for x, err := range r.allHeads() {
			if err != nil {
				return err
			}
			if err := r.verifyBlocks(ctx, x.origin, x.Head); err != nil {
				return err
			}
			if err := r.checkOrigin(x.origin, x.Head, mark{}); err != nil {
				return err
			}
		}
		return nil
	})
}

// verifyBlocks proves every event of an origin: each block, its signature, and that the
// chain goes from one to the next.
func (r *Reader) verifyBlocks(ctx context.Context, o desk.Origin, h chain.Head) error {
	var hash [32]byte
	for first := uint64(1); first <= h.Sealed; first += chain.BlockEvents {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := r.block(o, first)
		if err != nil {
			return err
		}
		if b.Prev != hash {
			return desk.Damaged("block %d of origin %016x does not follow the one before", first, uint64(o))
		}
		hash = b.Hash
	}
	if hash != h.SealedHash {
		return desk.Damaged("the blocks of origin %016x do not end in its head", uint64(o))
	}
	return nil
}

// Digest is the SHA-256 of all views in the order of their keys: replicas with
// equal events have equal digests.
func (db *DB) Digest() (d [32]byte, err error) { return db.sum(false) }

// Checksum is that of all that is derived: views, timelines and indexes.
func (db *DB) Checksum() (d [32]byte, err error) { return db.sum(true) }

// sum takes timelines by what they say: how they are cut into chunks depends on the
// order in which events came.
func (db *DB) sum(all bool) (d [32]byte, err error) {
	s := sha256.New()
	add := func(key, value []byte) {
		n := binary.BigEndian.AppendUint32(nil, uint32(len(value))) // at most MaxValueBytes
		s.Write(key)
		s.Write(n)
		s.Write(value)
	}
	err = db.View(func(r *Reader) error {
		for k, err := range r.scan([]byte{tableEntity}, nil, false, true) {
			if err != nil {
				return err
			}
			_, view, err := cutEntity(k.Value)
			if err != nil {
				return err
			}
			if view != nil {
				add(k.Key, view)
			}
			if !all {
				continue
			}
			ps, err := r.places(entityOf(k.Key))
			if err != nil {
				return err
			}
			var b []byte
			for _, p := range ps {
				b = p.append(b)
			}
			add(k.Key, b)
		}
		if !all {
			return nil
		}
		for k, err := range r.scan([]byte{tableIndex}, nil, false, true) {
			if err != nil {
				return err
			}
			add(k.Key, k.Value)
		}
		return nil
	})
	return [32]byte(s.Sum(nil)), err
}

var (
	_ desk.Log    = (*DB)(nil)
	_ desk.Tx     = (*Tx)(nil)
	_ desk.Reader = (*Reader)(nil)
)
