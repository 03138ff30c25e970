package backup

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"punto/app/desk"
	"punto/store"
)

// memory is a store that lies nowhere.
func memory(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Memory: &store.Memory{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// write appends events of a workstation, each with its sequence as its body.
func write(t *testing.T, db *store.DB, n int) {
	t.Helper()
	err := db.Update(t.Context(), func(tx desk.Tx) error {
		for i := range n {
			e := desk.Event{Stamp: tx.Newest() + 1, Kind: desk.CaseNoted, Version: 1, Entity: desk.Entity{Type: desk.CaseType, ID: desk.ID{1, byte(i)}}, Body: []byte{byte(i)}}
			if err := tx.Append(&e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// carriedInto takes a carried log into a store.
func carriedInto(ctx context.Context, b []byte, into *store.DB) (n int, err error) {
	err = Carried(bytes.NewReader(b), func(id desk.Identity) error { return into.Introduce(ctx, id) }, func(r desk.Run) error {
		t, err := into.Bulk(ctx, []desk.Run{r})
		n += t.Events
		return errors.Join(append(t.Bad, err)...)
	})
	return n, err
}

// A log travels in a file: all of it, or what comes after a vector, and proves
// that it is whole.
func TestACarriedLogIsWholeOrRefused(t *testing.T) {
	const all = desk.BlockEvents + 40
	a := memory(t)
	write(t, a, all)
	out := func(since desk.Vector) []byte {
		var b bytes.Buffer
		n, err := Carry(t.Context(), &b, a, since)
		if want := all - since[a.Origin()]; err != nil || n != want {
			t.Fatalf("%d events after %v carried and not %d: %v", n, since, want, err)
		}
		return b.Bytes()
	}
	whole := out(nil)
	b := memory(t)
	if n, err := carriedInto(t.Context(), whole, b); n != all || err != nil || b.Points()[a.Origin()] != a.Points()[a.Origin()] {
		t.Fatalf("%d events taken, %v", n, err)
	}
	for _, had := range []int{1, desk.BlockEvents, desk.BlockEvents + 1, desk.BlockEvents + 39} {
		a, b := memory(t), memory(t)
		write(t, a, had)
		var first bytes.Buffer
		if _, err := Carry(t.Context(), &first, a, nil); err != nil {
			t.Fatal(err)
		}
		if n, err := carriedInto(t.Context(), first.Bytes(), b); n != had || err != nil {
			t.Fatalf("%d of %d events taken, %v", n, had, err)
		}
		write(t, a, all-had)
		var rest bytes.Buffer
		if _, err := Carry(t.Context(), &rest, a, b.Vector()); err != nil {
			t.Fatal(err)
		}
		if n, err := carriedInto(t.Context(), rest.Bytes(), b); n != all-had || err != nil || b.Points()[a.Origin()] != a.Points()[a.Origin()] {
			t.Errorf("after %d: %d events taken, %v", had, n, err)
		}
	}
	if got := out(a.Vector()); len(got) > 60 {
		t.Errorf("nothing at all takes %d bytes", len(got))
	}
	for n := 0; n < len(whole); n += 1 + len(whole)/50 {
		if _, err := carriedInto(t.Context(), whole[:n], memory(t)); !errors.Is(err, ErrCarried) {
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
		if _, err := carriedInto(t.Context(), changed, memory(t)); !errors.Is(err, ErrCarried) {
			t.Errorf("%s: %v", name, err)
		}
	}
	newer := slices.Clone(whole[:len(whole)-37])
	newer = append(newer, 99, 0, 0, 0, 1, 'x') // a part of a newer version is passed over, and counts in the sum
	if _, err := carriedInto(t.Context(), append(newer, whole[len(whole)-37:]...), memory(t)); !errors.Is(err, ErrCarried) {
		t.Errorf("a part that was slipped in: %v", err)
	}
}
