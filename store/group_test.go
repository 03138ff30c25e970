package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"punto/app/desk"
	"punto/store/chain"
)

// grouped carries functions out in one commit, in their order.
func grouped(t *testing.T, db *DB, fs ...func(*Tx) error) (errs []error) {
	t.Helper()
	var wg sync.WaitGroup
	held, hold := make(chan struct{}), make(chan struct{})
	wg.Go(func() {
		_ = db.Change(context.Background(), func(*Tx) error { close(held); <-hold; return nil })
	})
	<-held
	errs = make([]error, len(fs))
	for i, f := range fs {
		wg.Go(func() { errs[i] = db.Change(context.Background(), f) })
		for db.Waiting() <= i { // until it is queued
		}
	}
	close(hold)
	wg.Wait()
	return errs
}

func TestATransactionTellsAllThatItsCommitHasTaken(t *testing.T) {
	db := memory(t, &Memory{})
	fill(t, db, 3)
	o := db.Origin()
	fails := errors.New("changed my mind")
	var told []string
	tells := func(name string) func(bool) {
		return func(durable bool) {
			told = append(told, fmt.Sprint(name, " ", durable, " ", db.Vector()[o], " ", db.Newest()))
		}
	}
	errs := grouped(t, db,
		func(tx *Tx) error {
			e := event(3)
			tx.After(tells("first"))
			err := tx.Append(&e)
			if tx.Vector()[o] != 4 || tx.Newest() != e.Stamp || db.Vector()[o] != 3 || db.Newest() != 3 {
				t.Error("what is written is not told, or told too early")
			}
			return err
		},
		func(tx *Tx) error {
			e := event(99)
			tx.After(tells("failing"))
			return errors.Join(tx.Append(&e), fails)
		},
		func(tx *Tx) error {
			tx.After(tells("last"))
			if tx.Vector()[o] != 4 || tx.Newest() != 4 {
				t.Errorf("after one that failed %d events and the stamp %d are told", tx.Vector()[o], tx.Newest())
			}
			return nil
		})
	if errs[0] != nil || !errors.Is(errs[1], fails) || errs[2] != nil {
		t.Fatal(errs)
	}
	if len(told) != 2 || told[0] != "first true 4 4" || told[1] != "last true 4 4" {
		t.Errorf("told after the commit: %q", told)
	}
}

func TestAnIncarnationOfThisCommitSignsAsItself(t *testing.T) {
	m := &Memory{}
	db := memory(t, m)
	fill(t, db, 3)
	old := db.Origin()
	again := func(tx *Tx) error {
		es, err := tx.Reincarnate(tx.Vector()[tx.Origin()])
		if len(es) > 0 {
			t.Errorf("%d events are to be written again", len(es))
		}
		if s, ok := tx.Signer(tx.Origin()); !ok || s.Node != desk.NodeID(db.key[32:]) {
			t.Error("who writes under the new origin is not known in its commit")
		}
		if _, ok := db.Signer(tx.Origin()); ok {
			t.Error("it is known before the commit")
		}
		return err
	}
	write := func(n int) func(*Tx) error {
		return func(tx *Tx) error { e := event(n); return tx.Append(&e) }
	}
	if err := errors.Join(grouped(t, db, write(3), again, write(4), again, write(5))...); err != nil {
		t.Fatal(err)
	}
	if v := db.Vector(); v[old] != 4 || v[db.Origin()] != 1 || len(v) != 3 {
		t.Errorf("held are %v", v)
	}
	if err := errors.Join(db.Verify(ctx), db.Close()); err != nil {
		t.Fatal(err)
	}
	if err := memory(t, m.Clone()).Verify(ctx); err != nil {
		t.Error(err)
	}
}

func TestAnOriginThatIsCutToNothingNeverWas(t *testing.T) {
	db := memory(t, &Memory{})
	fill(t, db, 3)
	old := db.Origin()
	err := db.Change(ctx, func(tx *Tx) error {
		es, err := tx.Reincarnate(0)
		for i := range es {
			err = errors.Join(err, tx.Append(&es[i]))
		}
		return err
	})
	if _, held := db.Vector()[old]; err != nil || held || len(db.Points()) != 1 {
		t.Errorf("held are %v, %v", db.Vector(), err)
	}
}

// A block that is sealed by a function that fails was never there: what was read of
// it must not be read again.
func TestABlockThatWasTakenBackIsForgotten(t *testing.T) {
	db := memory(t, &Memory{})
	fill(t, db, chain.BlockEvents-1)
	o := db.Origin()
	write := func(body byte, fail error) func(*Tx) error {
		return func(tx *Tx) error {
			e := event(chain.BlockEvents)
			e.Body = bytes.Repeat([]byte{body}, 20)
			if err := tx.Append(&e); err != nil {
				return err
			}
			got, err := tx.Event(o, chain.BlockEvents)
			if err == nil && got.Body[0] != body {
				t.Errorf("the event says %d, not %d", got.Body[0], body)
			}
			return errors.Join(err, fail)
		}
	}
	grouped(t, db, write(1, errors.New("changed my mind")), write(2, nil))
	_ = db.View(func(r *Reader) error {
		if got, err := r.Event(o, chain.BlockEvents); err != nil || got.Body[0] != 2 {
			t.Errorf("afterwards it says %v, %v", got.Body, err)
		}
		return nil
	})
}

func TestTheNewestStampIsKnownAgainAtTheNextOpening(t *testing.T) {
	m := &Memory{}
	db, other := memory(t, m), memory(t, &Memory{})
	fill(t, db, 10)
	fill(t, other, 400)
	introduce(t, db, other)
	if _, err := receive(db, runs(t, other, other.Origin(), 1)...); err != nil {
		t.Fatal(err)
	}
	now := db.Newest()
	_ = db.Close()
	if again := memory(t, m).Newest(); now != 400 || again != now {
		t.Errorf("the newest stamp is %d, and after opening again %d", now, again)
	}
}
