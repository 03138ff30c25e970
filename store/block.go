package store

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"sync"

	"punto/app/desk"
)

// block is 256 events of one origin, sealed: the bytes on disk are the bytes on
// the wire: count 2, hash before 32, public key 32, signature of the end 64,
// zstd(length 4, frame ...).
type block struct {
	prev   [32]byte
	hash   [32]byte // chain hash at its end
	pub    [32]byte
	sig    [64]byte // of its origin, over its end
	frames [][]byte
}

const (
	blockHeader   = 2 + 32 + 32 + 64
	maxBlockBytes = blockEvents * (MaxFrameBytes + 4)
)

// chain is the hash of a log that goes on by a frame: whoever knows the last one knows
// all before it, and a signature over it signs them all.
func chain(h [32]byte, frame []byte) [32]byte {
	s := sha256.New()
	s.Write(h[:])
	s.Write(frame)
	return [32]byte(s.Sum(nil))
}

// sealBlock packs the frames behind h's signature, which is over the end of the block.
// It is called where the head stands at that end.
func (db *DB) sealBlock(prev [32]byte, h *head, frames [][]byte) []byte {
	b := binary.BigEndian.AppendUint16(make([]byte, 0, 32<<10), blockEvents)
	b = append(append(append(b, prev[:]...), h.pub[:]...), h.sig[:]...)
	var raw []byte
	for _, f := range frames {
		raw = binary.BigEndian.AppendUint32(raw, uint32(len(f))) // at most MaxFrameBytes
		raw = append(raw, f...)
	}
	return db.zip.EncodeAll(raw, b)
}

// parseBlock unpacks and verifies a block: count, order, identity, chain, signature.
func (db *DB) parseBlock(o desk.Origin, first uint64, raw []byte) (b block, err error) {
	if b, err = db.unpackBlock(o, first, raw); err != nil {
		return b, err
	}
	b.hash = b.prev
	for _, f := range b.frames {
		b.hash = chain(b.hash, f)
	}
	if b.pub != [32]byte{} && !ed25519.Verify(b.pub[:], headMessage(o, first+blockEvents-1, b.hash), b.sig[:]) {
		return b, damage("the signature of block %d of origin %016x is not right", first, uint64(o))
	}
	return b, nil
}

// unpackBlock is parseBlock without the proof: of a block that was proven when it
// was stored, and whose table's checksum is proven with each reading.
func (db *DB) unpackBlock(o desk.Origin, first uint64, raw []byte) (b block, err error) {
	if len(raw) < blockHeader || binary.BigEndian.Uint16(raw) != blockEvents {
		return b, damage("block %d of origin %016x has no header", first, uint64(o))
	}
	copy(b.prev[:], raw[2:])
	flat, err := db.unzip.DecodeAll(raw[blockHeader:], nil)
	if err != nil {
		return b, damage("block %d of origin %016x does not unpack: %v", first, uint64(o), err)
	}
	for len(flat) >= 4 && len(b.frames) < blockEvents {
		n := int(binary.BigEndian.Uint32(flat))
		if n <= headerBytes || n > MaxFrameBytes || n > len(flat)-4 {
			return b, damage("block %d of origin %016x holds a frame of %d bytes", first, uint64(o), n)
		}
		f := flat[4 : 4+n : 4+n]
		flat = flat[4+n:]
		if fo, seq := frameID(f); fo != o || seq != first+uint64(len(b.frames)) {
			return b, damage("block %d of origin %016x holds an event out of its place", first, uint64(o))
		}
		b.frames = append(b.frames, f)
	}
	if len(b.frames) != blockEvents || len(flat) != 0 {
		return b, damage("block %d of origin %016x is not whole", first, uint64(o))
	}
	b.pub, b.sig = [32]byte(raw[34:66]), [64]byte(raw[66:130])
	return b, nil
}

// frameType is the type of the entity of a frame, read without the rest; not ok where
// a frame is not as AppendFrame writes it.
func frameType(f []byte) (t desk.Type, ok bool) {
	f = f[min(headerBytes, len(f)):]
	if len(f) < 5 || f[0] < 0xa2 || f[0] > 0xb7 || f[1] != 1 || f[2] >= 24 || f[3] != 2 || f[4] >= 24 {
		return 0, false
	}
	return desk.Type(f[4]), true
}

// blockCache keeps the last blocks read, unpacked; safe for many goroutines.
type blockCache struct {
	mu    sync.Mutex
	items map[blockID]*cached
	tick  uint64
}

// A block is known by its origin and the number of its first event.
type (
	blockID struct {
		origin desk.Origin
		first  uint64
	}
	cached struct {
		frames [][]byte
		used   uint64
	}
)

const cachedBlocks = 256 // about 20 MB

func (c *blockCache) find(o desk.Origin, first uint64) ([][]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b, ok := c.items[blockID{o, first}]
	if !ok {
		return nil, false
	}
	c.tick++
	b.used = c.tick
	return b.frames, true
}

func (c *blockCache) forget(o desk.Origin, first uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.items, blockID{o, first})
}

func (c *blockCache) add(o desk.Origin, first uint64, frames [][]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.items == nil {
		c.items = map[blockID]*cached{}
	}
	if len(c.items) >= cachedBlocks {
		var oldest blockID
		least := ^uint64(0)
		for id, b := range c.items {
			if b.used < least {
				oldest, least = id, b.used
			}
		}
		delete(c.items, oldest)
	}
	c.tick++
	c.items[blockID{o, first}] = &cached{frames, c.tick}
}
