package chain

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/klauspost/compress/zstd"

	"punto/app/desk"
)

// Block is 256 events of one origin, sealed: the bytes on disk are the bytes on
// the wire: count 2, hash before 32, public key 32, signature of the end 64,
// zstd(length 4, frame ...).
type Block struct {
	Prev   [32]byte
	Hash   [32]byte // chain hash at its end
	Pub    [32]byte
	Sig    [64]byte // of its origin, over its end
	Frames [][]byte
}

// BlockEvents is how many events a sealed block holds.
const BlockEvents = desk.BlockEvents

// BlockOf is the first sequence of the block that holds seq.
func BlockOf(seq uint64) uint64 { return (seq-1)/BlockEvents*BlockEvents + 1 }

const (
	blockHeader   = 2 + 32 + 32 + 64
	maxBlockBytes = BlockEvents * (MaxFrameBytes + 4)
)

// Next is the hash of a log that goes on by a frame: whoever knows the last one knows
// all before it, and a signature over it signs them all.
func Next(h [32]byte, frame []byte) [32]byte {
	s := sha256.New()
	s.Write(h[:])
	s.Write(frame)
	return [32]byte(s.Sum(nil))
}

// Codec packs and unpacks; it holds the windows of both directions once for all who do.
// Packing belongs to one goroutine, unpacking is safe for many.
type Codec struct {
	zip   *zstd.Encoder
	unzip *zstd.Decoder
}

// zipWindow is above what a block of usual events takes.
const zipWindow = 1 << 20

// NewCodec is to be closed.
func NewCodec() (c *Codec, err error) {
	c = new(Codec)
	if c.zip, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(zipWindow)); err != nil {
		return nil, err
	}
	c.unzip, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxMemory(maxBlockBytes), zstd.WithDecoderLowmem(true))
	return c, err
}

// Pack appends raw, packed, to dst.
func (c *Codec) Pack(dst, raw []byte) []byte { return c.zip.EncodeAll(raw, dst) }

// Unpack is what Pack has packed; the error is of bytes that are not, or that would
// become more than a block may hold.
func (c *Codec) Unpack(packed []byte) ([]byte, error) { return c.unzip.DecodeAll(packed, nil) }

// Close ends both.
func (c *Codec) Close() error {
	c.unzip.Close()
	return c.zip.Close()
}

// Seal packs the frames behind h's signature, which is over the end of the block.
// It is called where the head stands at that end.
func (c *Codec) Seal(prev [32]byte, h *Head, frames [][]byte) []byte {
	b := binary.BigEndian.AppendUint16(make([]byte, 0, 32<<10), BlockEvents)
	b = append(append(append(b, prev[:]...), h.Pub[:]...), h.Sig[:]...)
	var raw []byte
	for _, f := range frames {
		raw = binary.BigEndian.AppendUint32(raw, uint32(len(f))) // at most MaxFrameBytes
		raw = append(raw, f...)
	}
	return c.Pack(b, raw)
}

// Parse unpacks and verifies a block: count, order, identity, chain, signature.
func (c *Codec) Parse(o desk.Origin, first uint64, raw []byte) (b Block, err error) {
	if b, err = c.Unseal(o, first, raw); err != nil {
		return b, err
	}
	b.Hash = b.Prev
	for _, f := range b.Frames {
		b.Hash = Next(b.Hash, f)
	}
	if b.Pub != [32]byte{} && !Ends(b.Pub, o, first+BlockEvents-1, b.Hash, b.Sig[:]) {
		return b, desk.Damaged("the signature of block %d of origin %016x is not right", first, uint64(o))
	}
	return b, nil
}

// Unseal is Parse without the proof: of a block that was proven when it
// was stored, and whose table's checksum is proven with each reading.
func (c *Codec) Unseal(o desk.Origin, first uint64, raw []byte) (b Block, err error) {
	if len(raw) < blockHeader || binary.BigEndian.Uint16(raw) != BlockEvents {
		return b, desk.Damaged("block %d of origin %016x has no header", first, uint64(o))
	}
	copy(b.Prev[:], raw[2:])
	flat, err := c.Unpack(raw[blockHeader:])
	if err != nil {
		return b, desk.Damaged("block %d of origin %016x does not unpack: %v", first, uint64(o), err)
	}
	for len(flat) >= 4 && len(b.Frames) < BlockEvents {
		n := int(binary.BigEndian.Uint32(flat))
		if n <= headerBytes || n > MaxFrameBytes || n > len(flat)-4 {
			return b, desk.Damaged("block %d of origin %016x holds a frame of %d bytes", first, uint64(o), n)
		}
		f := flat[4 : 4+n : 4+n]
		flat = flat[4+n:]
		if fo, seq := FrameID(f); fo != o || seq != first+uint64(len(b.Frames)) {
			return b, desk.Damaged("block %d of origin %016x holds an event out of its place", first, uint64(o))
		}
		b.Frames = append(b.Frames, f)
	}
	if len(b.Frames) != BlockEvents || len(flat) != 0 {
		return b, desk.Damaged("block %d of origin %016x is not whole", first, uint64(o))
	}
	b.Pub, b.Sig = [32]byte(raw[34:66]), [64]byte(raw[66:130])
	return b, nil
}
