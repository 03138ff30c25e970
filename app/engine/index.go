package engine

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"

	"punto/app/desk"
)

// Count counts the keys under a prefix, from one key up to another; nil is no bound.
func Count(r desk.Reader, p, from, until []byte) (n int, err error) {
	for k, err := range r.Scan(p, from, false) {
		if err != nil {
			return n, err
		}
		if until != nil && bytes.Compare(k.Key, until) >= 0 {
			break
		}
		n++
	}
	return n, nil
}

// Indexes of the log itself. A key of an index is one byte that names it, what it
// sorts by, and the entity's id; no two rooms name one by the same byte.
const (
	ixRuling  = 'U' // stamp, origin, sequence: events that rights depend on
	IxRefused = 'X' // stamp, origin, sequence: events that do not count
)

// Key is the key of an entity in an index: the byte that names it, what it sorts by
// (int64, desk.ID, string, desk.Type), and the id.
func Key(ix byte, id desk.ID, parts ...any) []byte {
	k := []byte{ix}
	for _, p := range parts {
		switch v := p.(type) {
		case int64:
			k = binary.BigEndian.AppendUint64(k, uint64(v)^1<<63) // order-preserving
		case desk.ID:
			k = append(k, v[:]...)
		case string:
			k = appendText(k, v)
		case desk.Type:
			k = append(k, byte(v))
		}
	}
	return append(k, id[:]...)
}

// longestText is how many bytes of a text stand in a key; the hash of all of it
// stands for the rest.
const longestText = 256

// appendText appends a text so that no two texts, whatever follows them, begin
// alike: a zero byte is escaped, and an end is set that no text can have. Keys
// sort as the texts do.
func appendText(k []byte, text string) []byte {
	shown := text[:min(len(text), longestText)]
	for i := range len(shown) {
		if k = append(k, shown[i]); shown[i] == 0 {
			k = append(k, 0xff)
		}
	}
	if len(shown) == len(text) {
		return append(k, 0, 1)
	}
	sum := sha256.Sum256([]byte(text))
	return append(append(k, 0, 2), sum[:]...)
}

// TextAfter is the text that stands in a key after so many bytes, where it is short
// enough to stand there whole.
func TextAfter(k []byte, n int) (text string, ok bool) {
	var b []byte
	for i := n; i+1 < len(k); i++ {
		if k[i] != 0 {
			b = append(b, k[i])
			continue
		}
		switch k[i+1] {
		case 0xff:
			b = append(b, 0)
			i++
		case 1:
			return string(b), true
		default:
			return "", false
		}
	}
	return "", false
}

// Prefix is what the keys of an index begin with that have these parts.
func Prefix(ix byte, parts ...any) []byte {
	k := Key(ix, desk.ID{}, parts...)
	return k[:len(k)-16]
}

// IDOf is the entity that an index key ends with.
func IDOf(k []byte) (id desk.ID) {
	if len(k) >= 16 {
		copy(id[:], k[len(k)-16:])
	}
	return id
}

// InstantOf is the time of an index that sorts by one alone, in Unix milliseconds.
func InstantOf(k []byte) int64 {
	return InstantAfter(k, 1)
}

// InstantAfter is the time that stands in a key after so many bytes, in Unix
// milliseconds.
func InstantAfter(k []byte, n int) int64 {
	if len(k) < n+8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(k[n:n+8]) ^ 1<<63) // as key wrote it
}

// First is the id of the first key under a prefix; false when there is none.
func First(r desk.Reader, p []byte) (id desk.ID, ok bool, err error) {
	for k, err := range r.Scan(p, nil, false) {
		return IDOf(k.Key), err == nil, err
	}
	return id, false, nil
}

// pageBytes is about how much text one page holds; what is more comes with the
// next, so that rows that are long on purpose keep no list from coming.
const pageBytes = 4 << 20

// pageLooks is how many entities are looked at for one page, whatever the number that it
// keeps: where a filter leaves few, they come a few at a time.
const pageLooks = 5_000

// Page walks an index and gives at most limit rows to use, which answers the row
// that it has kept, or nil; and the key to go on from.
func Page(r desk.Reader, p, after []byte, reverse bool, limit, byDefault int, use func(desk.ID) (any, error)) ([]byte, error) {
	if limit <= 0 {
		limit = byDefault
	}
	limit = min(limit, 1000)
	var last []byte
	n, looks, bytesLeft := 0, 0, pageBytes
	for k, err := range r.Scan(p, after, reverse) {
		if err != nil {
			return nil, err
		}
		if bytes.Equal(k.Key, after) {
			continue
		}
		if n == limit || bytesLeft <= 0 || looks == pageLooks {
			return last, nil
		}
		looks++
		last = bytes.Clone(k.Key)
		row, err := use(IDOf(k.Key))
		if err != nil {
			return nil, err
		}
		if row != nil {
			n++
			bytesLeft -= desk.Weigh(row)
		}
	}
	return nil, nil
}

// Hashes are those of files under which an index lists what has them, each once.
func (e *Engine) Hashes(ix byte) (hs [][32]byte, err error) {
	err = e.Log.Read(func(r desk.Reader) error {
		for k, err := range r.Scan([]byte{ix}, nil, false) {
			if err != nil {
				return err
			}
			if h := [32]byte(k.Key[1:33]); len(hs) == 0 || hs[len(hs)-1] != h {
				hs = append(hs, h)
			}
		}
		return nil
	})
	return hs, err
}
