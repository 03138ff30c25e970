package chain

import (
	"crypto/ed25519"
	"encoding/binary"

	"punto/app/desk"
)

// Head is how far an origin is held: the last contiguous sequence, the hash of
// the chain there and at the end of the last sealed block, and its signature.
type Head struct {
	Seq        uint64
	Sealed     uint64 // last sequence inside a block
	Hash       [32]byte
	SealedHash [32]byte
	Sig        [64]byte // of the origin
	Pub        [32]byte
}

const headBytes = 16 + 32 + 32 + 64 + 32

// Bytes is what is kept of it.
func (h *Head) Bytes() []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, headBytes), h.Seq)
	b = binary.BigEndian.AppendUint64(b, h.Sealed)
	b = append(append(b, h.Hash[:]...), h.SealedHash[:]...)
	return append(append(b, h.Sig[:]...), h.Pub[:]...)
}

// ParseHead reads what Bytes wrote.
func ParseHead(b []byte) (h Head, err error) {
	if len(b) != headBytes {
		return h, desk.Damaged("a head of %d bytes", len(b))
	}
	h.Seq, h.Sealed = binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])
	copy(h.Hash[:], b[16:])
	copy(h.SealedHash[:], b[48:])
	copy(h.Sig[:], b[80:])
	copy(h.Pub[:], b[144:])
	return h, nil
}

// message is what a head signature signs.
func message(o desk.Origin, seq uint64, hash [32]byte) []byte {
	m := binary.BigEndian.AppendUint64([]byte("punto head 1\x00"), uint64(o))
	m = binary.BigEndian.AppendUint64(m, seq)
	return append(m, hash[:]...)
}

// Signed tells whether the origin has signed its head. Where its key is not known, or
// nothing is held, there is nothing to ask.
func (h *Head) Signed(o desk.Origin) bool {
	if h.Pub == [32]byte{} || h.Seq == 0 {
		return true // nobody's key to check with
	}
	return Ends(h.Pub, o, h.Seq, h.Hash, h.Sig[:])
}

// Sign signs the end that the head stands at.
func (h *Head) Sign(o desk.Origin, key ed25519.PrivateKey) {
	copy(h.Sig[:], ed25519.Sign(key, message(o, h.Seq, h.Hash)))
}

// Ends tells whether a key has signed that its origin's log has a hash at a sequence.
func Ends(key [32]byte, o desk.Origin, seq uint64, hash [32]byte, sig []byte) bool {
	return ed25519.Verify(key[:], message(o, seq, hash), sig)
}
