package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"punto/app/desk"
	"punto/store/kv"
)

const renewEnv = "PUNTO_STORE_RENEW" // step at which a child is killed, folder

// lastSeq derives what record keeps.
var lastSeq = deriver(func(tx desk.Tx, e desk.Entity, es []desk.Event) error {
	errs := []error{tx.PutView(e, binary.BigEndian.AppendUint64(nil, es[len(es)-1].Seq))}
	for _, x := range es {
		errs = append(errs, tx.PutIndex(binary.BigEndian.AppendUint64(nil, x.Seq), nil))
	}
	return errors.Join(errs...)
})

// crew is lastSeq that notes.
type crew struct {
	deriver
	noted int
	done  bool
}

func (c *crew) Notes(t desk.Type) bool { return t == desk.CaseType }
func (c *crew) Note(desk.Tx, *desk.Event) error {
	c.noted++
	return nil
}
func (c *crew) Noted(desk.Tx) error { c.done = true; return nil }
func (c *crew) Worker() desk.Worker { return lastSeq }

func checksum(t testing.TB, db *DB) [32]byte {
	t.Helper()
	sum, err := db.Checksum()
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// renewing is a child that rebuilds and is killed on the way.
func renewing(step, dir string) {
	db, err := Open(context.Background(), Options{Dir: dir, step: func(now string) {
		if now == step {
			p, _ := os.FindProcess(os.Getpid())
			_ = p.Kill()
			select {}
		}
	}})
	if err == nil {
		err = errors.Join(db.Rebuild(context.Background(), lastSeq), db.Close())
	}
	fmt.Println("not killed:", err)
	os.Exit(1)
}

// A rebuild that is killed wherever it is leaves a folder that opens, has lost nothing,
// and says whether it is to be rebuilt.
func TestARebuildIsKilledAtEveryStep(t *testing.T) {
	master := t.TempDir()
	db := openLoose(t, master)
	fill(t, db, 3000)
	fill(t, db, 40) // a tail
	for i := range 300 {
		e := event(0) // one with older chunks
		e.Stamp = desk.Stamp(10_000 + i)
		if err := db.Update(ctx, func(tx desk.Tx) error { return record(tx, &e) }); err != nil {
			t.Fatal(err)
		}
	}
	want, all := checksum(t, db), db.Vector()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for step, done := range map[string]bool{"half written": false, "written": false, "closed": false, "renamed db.old": true, "renamed db": true, "opened": true} {
		t.Run(step, func(t *testing.T) {
			dir := t.TempDir()
			copyFolder(t, master, dir)
			c := exec.Command(os.Args[0])
			c.Env = append(os.Environ(), renewEnv+"="+step+"|"+dir)
			out, err := c.CombinedOutput()
			if err == nil || strings.Contains(string(out), "not killed") {
				t.Fatalf("it was not killed: %s", out)
			}
			if read, err := Open(ctx, Options{Dir: dir, ReadOnly: true}); err == nil {
				if err := read.Close(); err != nil || step == "renamed db.old" {
					t.Fatalf("a folder between two names opens to be read: %v", err)
				}
			}
			db := open(t, dir)
			if err := errors.Join(db.Verify(ctx), db.Checked()); err != nil || !maps.Equal(db.Vector(), all) {
				t.Fatalf("%v and not %v: %v", db.Vector(), all, err)
			}
			half, err := db.Rebuilding()
			if err != nil || half == done {
				t.Fatalf("to be rebuilt: %v, %v", half, err)
			}
			if half {
				if err := db.Rebuild(ctx, lastSeq); err != nil {
					t.Fatal(err)
				}
			}
			if checksum(t, db) != want {
				t.Error("it is derived otherwise")
			}
			for _, left := range []string{filepath.Join(dir, "db.new"), filepath.Join(dir, "db.old"), kv.SortDir(dir)} {
				if _, err := os.Lstat(left); err == nil {
					t.Errorf("%s is left", left)
				}
			}
			fill(t, db, 5) // and it goes on
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if db = open(t, dir); db.Vector()[db.Origin()] != all[db.Origin()]+5 {
				t.Errorf("%d events", db.Vector()[db.Origin()])
			}
		})
	}
}

// A rebuild with all cores, while others read, is that of one; and readers never see
// half of it.
func TestARebuildOnAllCoresWhileOthersRead(t *testing.T) {
	for name, db := range map[string]*DB{"in memory": memory(t, &Memory{}), "in a folder": open(t, t.TempDir())} {
		t.Run(name, func(t *testing.T) {
			fill(t, db, 5000)
			want := checksum(t, db)
			stop := make(chan struct{})
			var readers sync.WaitGroup
			for range 3 {
				readers.Go(func() {
					for {
						select {
						case <-stop:
							return
						default:
						}
						if err := db.View(func(r *Reader) error {
							return db.View(func(*Reader) error { // one within another
								if n, err := r.Count(nil); n != 5000 || err != nil {
									return fmt.Errorf("%d index keys, %w", n, err)
								}
								return nil
							})
						}); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			c := &crew{}
			err := db.Rebuild(ctx, c)
			close(stop)
			readers.Wait()
			if err != nil || checksum(t, db) != want || c.noted != 5000 || !c.done {
				t.Errorf("%v; %d events noted, as before: %v", err, c.noted, checksum(t, db) == want)
			}
			fill(t, db, 300)
			if err := db.Verify(ctx); err != nil {
				t.Error(err)
			}
		})
	}
}
