package store

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"punto/app/desk"
)

// A log travels in a file: all of it, or what comes after a vector, and proves
// that it is whole.
func TestACarriedLogIsWholeOrRefused(t *testing.T) {
	a := memory(t, &Memory{})
	fill(t, a, blockEvents+40)
	carried := func(since desk.Vector) []byte {
		var b bytes.Buffer
		n, err := a.Carry(ctx, &b, since)
		if want := blockEvents + 40 - since[a.Origin()]; err != nil || n != want {
			t.Fatalf("%d events after %v carried and not %d: %v", n, since, want, err)
		}
		return b.Bytes()
	}
	take := func(b []byte, into *DB) (n int, err error) {
		err = Carried(bytes.NewReader(b), func(id desk.Identity) error { return into.Introduce(ctx, id) }, func(r desk.Run) error {
			k, err := receive(into, r)
			n += k
			return err
		})
		return n, err
	}
	whole := carried(nil)
	b := memory(t, &Memory{})
	if n, err := take(whole, b); n != blockEvents+40 || err != nil || b.Points()[a.Origin()] != a.Points()[a.Origin()] {
		t.Fatalf("%d events taken, %v", n, err)
	}
	for _, had := range []uint64{1, blockEvents, blockEvents + 1, blockEvents + 39} {
		b := memory(t, &Memory{})
		introduce(t, b, a)
		for _, r := range runs(t, a, a.Origin(), 1) {
			if r.Last() > had {
				r = part(t, a, r.First, had+1)
			}
			if _, err := receive(b, r); err != nil {
				t.Fatal(err)
			}
			if r.Last() >= had {
				break
			}
		}
		if n, err := take(carried(b.Vector()), b); uint64(n) != blockEvents+40-had || err != nil {
			t.Errorf("after %d: %d events taken, %v", had, n, err)
		}
	}
	if got := carried(a.Vector()); len(got) > 60 {
		t.Errorf("nothing at all takes %d bytes", len(got))
	}
	for n := 0; n < len(whole); n += 1 + len(whole)/50 {
		if _, err := take(whole[:n], memory(t, &Memory{})); !errors.Is(err, ErrCarried) {
			t.Errorf("cut after %d of %d bytes: %v", n, len(whole), err)
		}
	}
	// a sound part taken out, or doubled, leaves what remains in order; the end tells
	first := bytes.Index(whole[len(carryMagic):], []byte{carryIdentity}) + len(carryMagic)
	size := 5 + int(whole[first+3])<<8 + int(whole[first+4])
	for name, changed := range map[string][]byte{
		"an identity told twice": slices.Insert(slices.Clone(whole), first, whole[first:first+size]...),
		"another end":            append(slices.Clone(whole[:len(whole)-1]), whole[len(whole)-1]^1),
		"another beginning":      append([]byte("x"), whole[1:]...),
	} {
		if _, err := take(changed, memory(t, &Memory{})); !errors.Is(err, ErrCarried) {
			t.Errorf("%s: %v", name, err)
		}
	}
	newer := slices.Clone(whole[:len(whole)-37])
	newer = append(newer, 99, 0, 0, 0, 1, 'x') // a part of a newer version is passed over, and counts in the sum
	if _, err := take(append(newer, whole[len(whole)-37:]...), memory(t, &Memory{})); !errors.Is(err, ErrCarried) {
		t.Errorf("a part that was slipped in: %v", err)
	}
}
