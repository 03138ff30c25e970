package store

import (
	"crypto/ed25519"
	"encoding/binary"

	"punto/app/desk"
)

// head is how far an origin is held: the last contiguous sequence, the hash of
// the chain there and at the end of the last sealed block, and its signature.
type head struct {
	seq        uint64
	sealed     uint64 // last sequence inside a block
	hash       [32]byte
	sealedHash [32]byte
	sig        [64]byte // of the origin
	pub        [32]byte
}

const headBytes = 16 + 32 + 32 + 64 + 32

func (h *head) bytes() []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, headBytes), h.seq)
	b = binary.BigEndian.AppendUint64(b, h.sealed)
	b = append(append(b, h.hash[:]...), h.sealedHash[:]...)
	return append(append(b, h.sig[:]...), h.pub[:]...)
}

// parseHead reads what bytes wrote.
func parseHead(b []byte) (h head, err error) {
	if len(b) != headBytes {
		return h, damage("a head of %d bytes", len(b))
	}
	h.seq, h.sealed = binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])
	copy(h.hash[:], b[16:])
	copy(h.sealedHash[:], b[48:])
	copy(h.sig[:], b[80:])
	copy(h.pub[:], b[144:])
	return h, nil
}

// headMessage is what a head signature signs.
func headMessage(o desk.Origin, seq uint64, hash [32]byte) []byte {
	m := binary.BigEndian.AppendUint64([]byte("punto head 1\x00"), uint64(o))
	m = binary.BigEndian.AppendUint64(m, seq)
	return append(m, hash[:]...)
}

// signed tells whether the origin has signed its head. Where its key is not known, or
// nothing is held, there is nothing to ask.
func (h *head) signed(o desk.Origin) bool {
	if h.pub == [32]byte{} || h.seq == 0 {
		return true // nobody's key to check with
	}
	return ed25519.Verify(h.pub[:], headMessage(o, h.seq, h.hash), h.sig[:])
}
