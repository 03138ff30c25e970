package store

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"punto/app/desk"
)

const childEnv = "PUNTO_STORE_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		child(dir)
	}
	if step, dir, ok := strings.Cut(os.Getenv(renewEnv), "|"); ok {
		renewing(step, dir)
	}
	os.Exit(m.Run())
}

// child writes one event after another and prints each acknowledged sequence.
func child(dir string) {
	db, err := Open(context.Background(), Options{Dir: dir})
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	for {
		e := event(int(db.Vector()[db.Origin()]))
		if err := db.Update(context.Background(), func(tx desk.Tx) error { return record(tx, &e) }); err != nil {
			fmt.Println("update:", err)
			os.Exit(1)
		}
		fmt.Println(e.Seq)
	}
}

func event(n int) desk.Event {
	id := desk.ID{1}
	binary.BigEndian.PutUint32(id[4:], uint32(n%50))
	return desk.Event{Stamp: desk.Stamp(n + 1), Kind: desk.CaseNoted, Version: 1, Entity: desk.Entity{Type: desk.CaseType, ID: id},
		Actor: desk.ID{9}, Writer: desk.ID{9}, At: int64(n), Body: bytes.Repeat([]byte{byte(n)}, 120)}
}

// record appends an event and keeps its entity's view: the last sequence.
func record(tx desk.Tx, e *desk.Event) error {
	if err := tx.Append(e); err != nil {
		return err
	}
	v := binary.BigEndian.AppendUint64(nil, e.Seq)
	return errors.Join(tx.PutView(e.Entity, v), tx.PutIndex(v, nil))
}

// open also checks at the end that nothing of the store still runs.
func open(t testing.TB, dir string) *DB {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	return openLoose(t, dir)
}

// openLoose is for tests in which Badger fails to open: it leaves goroutines.
func openLoose(t testing.TB, dir string) *DB {
	t.Helper()
	db, err := Open(context.Background(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func fill(t testing.TB, db *DB, n int) {
	t.Helper()
	first := int(db.Vector()[db.Origin()])
	err := db.Update(context.Background(), func(tx desk.Tx) error {
		for i := range n {
			e := event(first + i)
			if err := record(tx, &e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestHistorySurvivesReopenSealingAndRebuild(t *testing.T) {
	for _, n := range []int{1, 255, 256, 257, 20000} { // the last goes through the journal
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			dir := t.TempDir()
			db := open(t, dir)
			fill(t, db, n)
			before, err := db.Digest()
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			db = open(t, dir)
			if err := db.Verify(context.Background()); err != nil {
				t.Fatal(err)
			}
			if got := db.Vector()[db.Origin()]; got != uint64(n) {
				t.Fatalf("%d events of %d", got, n)
			}
			seen := 0
			err = db.Rebuild(context.Background(), deriver(func(tx desk.Tx, e desk.Entity, es []desk.Event) error {
				seen += len(es)
				return tx.PutView(e, binary.BigEndian.AppendUint64(nil, es[len(es)-1].Seq))
			}))
			after, derr := db.Digest()
			if err != nil || derr != nil || after != before || seen != n {
				t.Fatalf("rebuild: %v, %v, %d of %d events, equal %v", err, derr, seen, n, before == after)
			}
		})
	}
}

func TestFailedFunctionLeavesNothingAndItsNeighboursStay(t *testing.T) {
	db := open(t, t.TempDir())
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			err := db.Update(context.Background(), func(tx desk.Tx) error {
				e := event(i)
				if err := record(tx, &e); err != nil {
					return err
				}
				if i%2 == 1 {
					return errors.New("changed my mind")
				}
				return nil
			})
			if (err == nil) != (i%2 == 0) {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	wg.Wait()
	_ = db.View(func(r *Reader) error {
		if n, err := r.Count(nil); n != 100 || err != nil {
			t.Errorf("%d index keys, %v", n, err)
		}
		return nil
	})
	if v := db.Vector()[db.Origin()]; v != 100 {
		t.Errorf("vector %d", v)
	}
}

func TestSecondOpenerIsToldWhoHoldsTheFolder(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	_, err := Open(context.Background(), Options{Dir: dir})
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
		t.Fatal(err)
	}
}

func TestScanAgreesWithAModel(t *testing.T) {
	db := open(t, t.TempDir())
	model := map[string]string{}
	key := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 0xff}), 1, 4)
	rapid.Check(t, func(rt *rapid.T) {
		undo := errors.New("undo")
		trial := map[string]string{}
		for k, v := range model {
			trial[k] = v
		}
		fails := rapid.Bool().Draw(rt, "fails")
		err := db.Update(context.Background(), func(tx desk.Tx) error {
			for range rapid.IntRange(0, 30).Draw(rt, "writes") {
				k := key.Draw(rt, "key")
				if rapid.Bool().Draw(rt, "delete") {
					delete(trial, string(k))
					if err := tx.DeleteIndex(k); err != nil {
						return err
					}
				} else {
					trial[string(k)] = string(k)
					if err := tx.PutIndex(k, k); err != nil {
						return err
					}
				}
			}
			compare(rt, tx, trial, key)
			if fails {
				return undo
			}
			return nil
		})
		if fails != errors.Is(err, undo) {
			rt.Fatal(err)
		}
		if !fails {
			model = trial
		}
		_ = db.Read(func(r desk.Reader) error { compare(rt, r, model, key); return nil })
	})
}

func compare(rt *rapid.T, r desk.Reader, model map[string]string, key *rapid.Generator[[]byte]) {
	prefix, reverse := key.Draw(rt, "prefix")[:1], rapid.Bool().Draw(rt, "reverse")
	from := rapid.OneOf(rapid.Just([]byte(nil)), key).Draw(rt, "from")
	if err := walkIsOf(r, model, prefix, from, reverse); err != nil {
		rt.Fatal(err)
	}
}

// walkIsOf tells how a walk differs from the keys of a model.
func walkIsOf(r desk.Reader, model map[string]string, prefix, from []byte, reverse bool) error {
	var want, got []string
	for k := range model {
		c := bytes.Compare([]byte(k), from)
		if strings.HasPrefix(k, string(prefix)) && (from == nil || c == 0 || (c < 0) == reverse) {
			want = append(want, k)
		}
	}
	if slices.Sort(want); reverse {
		slices.Reverse(want)
	}
	for k, err := range r.Scan(prefix, from, reverse) {
		if err != nil || model[string(k.Key)] != string(k.Value) {
			return fmt.Errorf("%x: %x, %w", k.Key, k.Value, err)
		}
		got = append(got, string(k.Key))
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("prefix %x from %x reverse %v: %x and not %x", prefix, from, reverse, got, want)
	}
	return nil
}

// A walk begins with the key that it is asked for, if it is there, whichever way it
// goes, and sees what waits in its commit over what is stored: every one of a few keys
// in every state.
func TestAWalkBeginsWithTheKeyThatItIsAskedFor(t *testing.T) {
	db := open(t, t.TempDir())
	model := map[string]string{}
	keys := []string{"a", "b\x00", "b\x00\x00", "b\x01", "b\x02", "b\xff", "b\xff\xff", "c"}
	all := func(r desk.Reader, when string) {
		t.Helper()
		for _, prefix := range []string{"", "b", "b\xff"} {
			for _, from := range append([]string{"", "b", "b\x01\x00"}, keys...) {
				for _, reverse := range []bool{false, true} {
					at := []byte(from)
					if from == "" {
						at = nil
					}
					if err := walkIsOf(r, model, []byte(prefix), at, reverse); err != nil {
						t.Errorf("%s: %v", when, err)
					}
				}
			}
		}
	}
	write := func(tx desk.Tx, puts, gone string) {
		t.Helper()
		for i, k := range keys {
			var err error
			if puts[i] == '+' {
				err, model[k] = tx.PutIndex([]byte(k), []byte(k+puts)), k+puts
			} else if gone[i] == '-' {
				err = tx.DeleteIndex([]byte(k))
				delete(model, k)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	undo := errors.New("undo")
	for _, c := range []struct {
		puts, gone string
		kept       bool
	}{{"+.+.+.+.", "........", true}, {"++......", "..--....", false}, {".+.++..+", "..-...-.", true}, {"........", "--------", false}, {"+......+", ".------.", true}} {
		was := maps.Clone(model)
		err := db.Update(t.Context(), func(tx desk.Tx) error {
			write(tx, c.puts, c.gone)
			all(tx, "in its commit")
			if !c.kept {
				return undo
			}
			return nil
		})
		if c.kept != (err == nil) {
			t.Fatal(err)
		}
		if !c.kept {
			model = was
		}
		_ = db.Read(func(r desk.Reader) error { all(r, "after it"); return nil })
	}
}

func TestKilledWriterLosesNothingAcknowledged(t *testing.T) {
	dir := t.TempDir()
	acked := uint64(0)
	kills := 200
	if testing.Short() {
		kills = 10
	}
	for i := range kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childEnv+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		s := bufio.NewScanner(out)
		for n := 0; s.Scan(); n++ {
			seq, err := strconv.ParseUint(s.Text(), 10, 64)
			if err != nil || seq <= acked {
				t.Fatalf("after %d acknowledged in kill %d: %q", acked, i, s.Text())
			}
			if acked = seq; n == i%37 {
				_ = cmd.Process.Kill()
			}
		}
		_ = cmd.Wait()
	}
	db := open(t, dir)
	if v := db.Vector()[db.Origin()]; v < acked || db.Verify(context.Background()) != nil {
		t.Fatalf("%d of %d acknowledged", v, acked)
	}
	t.Logf("%d kills, %d acknowledged, 0 lost", kills, acked)
}

func TestDamageIsNamedOrHarmless(t *testing.T) {
	master := t.TempDir()
	db := openLoose(t, master)
	fill(t, db, 3000)
	fill(t, db, 10)
	db.Close()
	db = openLoose(t, master) // a memtable and a table
	fill(t, db, 1)
	want, _ := db.Digest()
	db.Close()
	damages := map[string]func([]byte) []byte{
		"flip":   func(b []byte) []byte { b[len(b)/2] ^= 0x40; return b },
		"cut":    func(b []byte) []byte { return b[:len(b)-1] },
		"halve":  func(b []byte) []byte { return b[:len(b)/2] },
		"zero":   func(b []byte) []byte { clear(b); return b },
		"delete": nil,
	}
	files, _ := filepath.Glob(master + "/*")
	inner, _ := filepath.Glob(master + "/db/*")
	for _, f := range append(files, inner...) {
		if fi, err := os.Stat(f); err != nil || fi.IsDir() || fi.Size() < 2 {
			continue
		}
		rel, _ := filepath.Rel(master, f)
		for name, do := range damages {
			t.Run(name+" "+rel, func(t *testing.T) {
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS(master)); err != nil {
					t.Fatal(err)
				}
				p := filepath.Join(dir, rel)
				if do == nil {
					os.Remove(p)
				} else {
					b, _ := os.ReadFile(p)
					_ = os.WriteFile(p, do(b), 0o600)
				}
				db, err := Open(context.Background(), Options{Dir: dir})
				if err != nil {
					t.Log("named:", err)
					return
				}
				defer db.Close()
				if err := errors.Join(db.Checked(), db.Verify(context.Background())); err != nil {
					t.Log("named:", err)
					return
				}
				if got, err := db.Digest(); err != nil || got != want {
					t.Fatalf("silent: %v", err)
				}
			})
		}
	}
}

func TestKillBetweenMakingAndWritingTheHeadsFileIsNoDamage(t *testing.T) {
	dir := t.TempDir()
	for i := range 2 {
		if err := os.WriteFile(markPath(dir, i), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db := openLoose(t, dir)
	fill(t, db, 3)
	db.Close()
	for i := range 2 {
		os.Remove(markPath(dir, i))
	}
	if _, err := Open(context.Background(), Options{Dir: dir}); !errors.Is(err, ErrDamaged) {
		t.Fatalf("lost heads files: %v", err)
	}
}

func TestHalfWrittenTableOfAKilledWriterIsNoDamage(t *testing.T) {
	dir := t.TempDir()
	db := openLoose(t, dir)
	fill(t, db, 600)
	db.Close()
	if err := os.WriteFile(filepath.Join(dir, "db", "000099.sst"), make([]byte, 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	if v := openLoose(t, dir); v.Vector()[v.Origin()] != 600 {
		t.Fatal(v.Vector())
	}
}

// deriver is a Deriver that admits everything.
type deriver func(desk.Tx, desk.Entity, []desk.Event) error

func (deriver) Notes(desk.Type) bool                     { return false }
func (deriver) Note(desk.Tx, *desk.Event) error          { return nil }
func (deriver) Noted(desk.Tx) error                      { return nil }
func (d deriver) Worker() desk.Worker                    { return d }
func (deriver) Judge(desk.Tx, *desk.Event) (bool, error) { return true, nil }
func (d deriver) Derive(tx desk.Tx, e desk.Entity, es []desk.Event) error {
	deriving.Lock()
	defer deriving.Unlock()
	return d(tx, e, es)
}

var deriving sync.Mutex // one derives at a time in tests
