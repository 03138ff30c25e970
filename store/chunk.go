package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	"punto/app/desk"
)

// A chunk is a byte that says whether older ones exist, a count and the places:
// stamp after the one before, number of the origin among those of the chunk (with the
// origin where it is new), sequence after the last one of that origin.

// place is where an event stands in the order of the fold, and which it is.
type place struct {
	stamp  desk.Stamp
	origin desk.Origin
	seq    uint64
}

func placeOf(e *desk.Event) place { return place{e.Stamp, e.Origin, e.Seq} }

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.stamp, q.stamp), cmp.Compare(p.origin, q.origin), cmp.Compare(p.seq, q.seq))
}

func (p place) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(p.stamp))
	b = binary.BigEndian.AppendUint64(b, uint64(p.origin))
	return binary.BigEndian.AppendUint64(b, p.seq)
}

func parsePlace(b []byte) place {
	return place{desk.Stamp(binary.BigEndian.Uint64(b)), desk.Origin(binary.BigEndian.Uint64(b[8:])), binary.BigEndian.Uint64(b[16:])}
}

// chunk is a part of a timeline, in the order of the fold.
type chunk struct {
	older  bool // of the end: there are chunks before it
	places []place
}

func (c *chunk) bytes() []byte {
	if !c.older && len(c.places) == 0 {
		return nil
	}
	b := make([]byte, 1, 16+10*len(c.places))
	if c.older {
		b[0] = 1
	}
	b = binary.AppendUvarint(b, uint64(len(c.places)))
	var origins []desk.Origin
	var seqs []uint64
	last := desk.Stamp(0)
	for _, p := range c.places {
		b = binary.AppendUvarint(b, uint64(p.stamp-last))
		last = p.stamp
		i := slices.Index(origins, p.origin)
		if i < 0 {
			i, origins, seqs = len(origins), append(origins, p.origin), append(seqs, 0)
			b = binary.BigEndian.AppendUint64(binary.AppendUvarint(b, uint64(i)), uint64(p.origin))
		} else {
			b = binary.AppendUvarint(b, uint64(i))
		}
		b = binary.AppendVarint(b, int64(p.seq-seqs[i])) // wraps back
		seqs[i] = p.seq
	}
	return b
}

func parseChunk(b []byte) (c chunk, err error) {
	if len(b) == 0 {
		return c, nil
	}
	bad := desk.Damaged("a timeline of %d bytes", len(b))
	c.older = b[0] == 1
	r := bytes.NewReader(b[1:])
	n, err := binary.ReadUvarint(r)
	if err != nil || n > uint64(len(b)) || b[0] > 1 {
		return c, bad
	}
	c.places = make([]place, 0, n+1)
	var origins []desk.Origin
	var seqs []uint64
	last := desk.Stamp(0)
	for range n {
		after, err := binary.ReadUvarint(r)
		if err != nil {
			return c, bad
		}
		i, err := binary.ReadUvarint(r)
		if err != nil || i > uint64(len(origins)) {
			return c, bad
		}
		if i == uint64(len(origins)) {
			var o [8]byte
			if n, _ := r.Read(o[:]); n != 8 {
				return c, bad
			}
			origins, seqs = append(origins, desk.Origin(binary.BigEndian.Uint64(o[:]))), append(seqs, 0)
		}
		d, err := binary.ReadVarint(r)
		if err != nil {
			return c, bad
		}
		last += desk.Stamp(after)
		seqs[i] += uint64(d) // wraps back
		c.places = append(c.places, place{last, origins[i], seqs[i]})
	}
	if r.Len() > 0 {
		return c, bad
	}
	return c, nil
}

// cutEntity parts what lies under the key of an entity; it shares its bytes.
func cutEntity(b []byte) (end, view []byte, err error) {
	if b == nil {
		return nil, nil, nil
	}
	n, w := binary.Uvarint(b)
	if w <= 0 || n > uint64(len(b)-w) {
		return nil, nil, desk.Damaged("an entity of %d bytes", len(b))
	}
	if b = b[w:]; uint64(len(b)) > n {
		view = b[n:]
	}
	return b[:n], view, nil
}

func joinEntity(end, view []byte) []byte {
	b := binary.AppendUvarint(make([]byte, 0, 2+len(end)+len(view)), uint64(len(end)))
	return append(append(b, end...), view...)
}

// merged joins two lists in order; what is in both is there once.
func merged(a, b []place) []place {
	if len(a) == 0 || len(b) == 0 || a[len(a)-1].compare(b[0]) < 0 {
		return append(a, b...)
	}
	all := append(slices.Clone(a), b...)
	slices.SortFunc(all, place.compare)
	return slices.Compact(all)
}

// cutPlaces leaves the end of a timeline, and cuts what is before it into chunks.
func cutPlaces(ps []place) (end chunk, older []chunk) {
	for len(ps) > endPlaces {
		n := min(chunkPlaces, len(ps)-endPlaces/4)
		older = append(older, chunk{places: ps[:n]})
		ps, end.older = ps[n:], true
	}
	end.places = ps
	return end, older
}
