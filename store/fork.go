package store

import (
	"encoding/binary"
	"fmt"

	"punto/app/desk"
	"punto/store/chain"
)

// freeze keeps the proof that an origin signed two histories; it takes no more
// events of it. The other history is kept beside this one.
func (t *Tx) freeze(r *desk.Run, h *chain.Head) error {
	b := h.Bytes()
	b = binary.BigEndian.AppendUint64(b, r.First)
	b = append(b, r.Sig[:]...)
	for _, f := range r.Frames {
		if len(b)+len(f) > MaxValueBytes {
			break
		}
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(f))), f...) // at most chain.MaxFrameBytes
	}
	t.p.Put(forkKey(r.Origin), b)
	if t.frozen == nil {
		t.frozen = map[desk.Origin]bool{}
	}
	t.frozen[r.Origin] = true
	t.db.log.Error("an origin has written two histories: it is frozen", "origin", fmt.Sprintf("%016x", uint64(r.Origin)), "from", r.First)
	return nil
}

func forkKey(o desk.Origin) []byte {
	return binary.BigEndian.AppendUint64([]byte{tableFork}, uint64(o))
}

// IsFrozen tells whether an origin has written two histories.
func (db *DB) IsFrozen(o desk.Origin) bool {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.frozen[o]
}

// Frozen are the origins that have written two histories.
func (db *DB) Frozen() (os []desk.Origin) {
	db.mu.Lock()
	defer db.mu.Unlock()
	for o := range db.frozen {
		os = append(os, o)
	}
	return os
}
