package store

import (
	"bytes"
	"slices"

	"punto/app/desk"
	"punto/store/chain"
)

// Limits of what is kept in memory of the newest events: of one origin, of all.
const (
	recentBytes = 16 << 10
	recentAll   = 2 << 20
)

// recent is the newest events of each origin, as they were just written: others are
// told of them without a reading. Under DB.mu.
type recent struct {
	tails map[desk.Origin]*recentTail
	bytes int
}

// recentTail is the frames up to the head of an origin, with the head's signature.
type recentTail struct {
	first  uint64
	frames [][]byte
	bytes  int
	sig    [64]byte
}

func (x *recentTail) next() uint64 { return x.first + uint64(len(x.frames)) }

// grow takes what a commit has written.
func (c *recent) grow(t *Tx) {
	if c.tails == nil {
		c.tails = map[desk.Origin]*recentTail{}
	}
	for o, h := range t.heads {
		was := t.was[o]
		if was == h {
			continue
		}
		x := c.tails[o]
		if x == nil || x.next() != was.Seq+1 || h.Seq < was.Seq {
			c.drop(o)
			x = &recentTail{first: was.Seq + 1}
		}
		for s := was.Seq + 1; s <= h.Seq; s++ {
			f, _ := t.p.Get(logKey(tableTail, o, s))
			if f == nil || x.bytes > 2*recentBytes { // sealed, or too much to be told at once
				x = nil
				break
			}
			x.frames = append(x.frames, f)
			x.bytes += len(f)
			c.bytes += len(f)
		}
		if x == nil || len(x.frames) == 0 {
			c.drop(o)
			continue
		}
		x.sig = h.Sig
		c.tails[o] = x
		for x.bytes > recentBytes && len(x.frames) > 1 {
			n := len(x.frames[0])
			x.first, x.frames = x.first+1, x.frames[1:]
			x.bytes, c.bytes = x.bytes-n, c.bytes-n
		}
	}
	for o := range t.was {
		if _, there := t.heads[o]; !there {
			c.drop(o)
		}
	}
	if c.bytes > recentAll { // it comes from the disk for a while
		*c = recent{}
	}
}

func (c *recent) drop(o desk.Origin) {
	if x := c.tails[o]; x != nil {
		c.bytes -= x.bytes
		delete(c.tails, o)
	}
}

// Recent is the run of an origin from a sequence to its head, when that is one of
// the newest and in memory.
func (db *DB) Recent(o desk.Origin, from uint64) (r desk.Run, ok bool) {
	db.mu.Lock()
	defer db.mu.Unlock()
	x := db.recent.tails[o]
	if x == nil || from < x.first || from >= x.next() || db.headsNow[o].Seq+1 != x.next() {
		return r, false
	}
	r = desk.Run{Origin: o, First: from, Frames: slices.Clone(x.frames[from-x.first:]), Sig: x.sig}
	return r, chain.BlockOf(from) == chain.BlockOf(r.Last())
}

// heldIn tells whether the newest frames of an origin begin, at a sequence, with
// those given; known is false when they are not in memory.
func (db *DB) heldIn(o desk.Origin, from uint64, frames [][]byte) (same, known bool) {
	db.mu.Lock()
	defer db.mu.Unlock()
	x := db.recent.tails[o]
	if x == nil || from < x.first || from+uint64(len(frames)) > x.next() {
		return false, false
	}
	return slices.EqualFunc(frames, x.frames[from-x.first:from-x.first+uint64(len(frames))], bytes.Equal), true
}
