package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"punto/app/desk"
	"punto/packaging/smalldisk"
)

// crowd takes all that is free of a volume.
func crowd(t *testing.T, dir string) (release func()) {
	t.Helper()
	name := filepath.Join(dir, "filler")
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 64<<10)
	for len(b) > 0 {
		if _, err := f.Write(b); err != nil {
			b = b[:len(b)/2]
		}
	}
	_ = f.Close()
	return func() {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}

// Another program fills the volume while events are written. Nothing that was
// acknowledged is lost and nothing faults; what is there is read; it opens, or says
// why not; and once there is room it is written again.
func TestAFullVolumeStopsWritingAndNothingElse(t *testing.T) {
	dir := filepath.Join(smalldisk.Mount(t, "64"), "desk")
	db := openLoose(t, dir)
	fill(t, db, 2000)
	var acked atomic.Uint64
	ended := make(chan error)
	go func() {
		for {
			e := event(int(acked.Load()))
			if err := db.Update(context.Background(), func(tx desk.Tx) error { return record(tx, &e) }); err != nil {
				ended <- err
				return
			}
			acked.Store(e.Seq)
		}
	}()
	for acked.Load() < 2100 { // it writes
		if err := db.health(); err != nil {
			t.Fatal(err)
		}
	}
	release := crowd(t, filepath.Dir(dir))
	if err := <-ended; !errors.Is(err, desk.ErrFull) {
		t.Fatal("a full volume is told as", err)
	}
	if x := db.Room(); !x.Full || !x.Low {
		t.Errorf("%+v", x)
	}
	if err := db.Verify(context.Background()); err != nil {
		t.Fatal("while it is full:", err)
	}
	release()
	fill(t, db, 1)
	acked.Add(1)
	release = crowd(t, filepath.Dir(dir))
	crowd(t, filepath.Dir(dir)) // there is not a byte
	if err := db.Close(); err != nil && !errors.Is(err, desk.ErrFull) {
		t.Fatal("closing on a full volume:", err)
	}
	look, err := Open(context.Background(), Options{Dir: dir, ReadOnly: true})
	if err != nil {
		t.Fatal("reading on a full volume:", err)
	}
	if err := look.Verify(context.Background()); err != nil || look.Vector()[look.Origin()] != acked.Load() {
		t.Fatal(look.Vector(), acked.Load(), err)
	}
	if err := look.Close(); err != nil {
		t.Fatal(err)
	}
	if full, err := Open(context.Background(), Options{Dir: dir}); err == nil {
		if err := full.Update(context.Background(), func(tx desk.Tx) error { e := event(1); return record(tx, &e) }); !errors.Is(err, desk.ErrFull) {
			t.Error("opened on a full volume, it is written:", err)
		}
		if err := full.Close(); err != nil && !errors.Is(err, desk.ErrFull) {
			t.Fatal(err)
		}
	} else if !errors.Is(err, desk.ErrFull) && !errors.Is(err, ErrLocked) { // it is still being closed: that waits for room
		t.Fatal("opening on a full volume:", err)
	}
	release()
	for { // the closing ends by itself
		probe, err := Open(context.Background(), Options{Dir: dir})
		if err == nil {
			if err := probe.Close(); err != nil {
				t.Fatal(err)
			}
			break
		}
		if !errors.Is(err, ErrLocked) {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	db = openLoose(t, dir)
	fill(t, db, 1)
	if got := db.Vector()[db.Origin()]; got != acked.Load()+1 || db.Verify(context.Background()) != nil {
		t.Fatalf("%d of %d", got, acked.Load()+1)
	}
}

// A desk that outgrows a small volume by itself is told so before Badger is.
func TestADeskThatFillsItsVolumeStops(t *testing.T) {
	dir := filepath.Join(smalldisk.Mount(t, "96"), "desk")
	db := openLoose(t, dir)
	var err error
	n := 0
	for ; err == nil && n < 2000; n++ {
		err = db.Update(context.Background(), func(tx desk.Tx) error {
			for i := range 100 {
				e := event(n*100 + i)
				for j := range e.Body { // does not compress
					e.Body[j] = byte((n*100+i)*2654435761>>(j%24)) ^ byte(j*j*31+n*i)
				}
				if err := record(tx, &e); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if !errors.Is(err, desk.ErrFull) {
		t.Fatalf("after %d hundred events: %v", n, err)
	}
	if n < 100 {
		t.Errorf("only %d hundred events fit into 96 MB", n)
	}
	if err := db.Verify(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d hundred events", n)
}
