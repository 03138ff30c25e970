package kv

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/pb"
	"github.com/dgraph-io/ristretto/v2/z"

	"punto/store/volume"
)

// What is derived anew is written, sorted, with all else that is kept into another
// database beside the present one, which then takes its place: at every moment one of
// the two is whole.
//
//	db          the present one
//	db.new      the one that is being written, or waits for its place
//	db.old      the present one, from when the other is whole until it has its place
//	db.sort     sorted runs
//
// A kill leaves db.old only between two renames, after db.new was closed: then it is
// whole. Without db.old, db.new is not, and goes.

func newDir(dir string) string { return filepath.Join(dir, "db.new") }
func oldDir(dir string) string { return filepath.Join(dir, "db.old") }

// SortDir is where a Renew is prepared: whatever is in it goes when the folder is opened.
func SortDir(dir string) string { return filepath.Join(dir, "db.sort") }

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// settleRenewal ends or takes back a renewal that was interrupted.
func settleRenewal(dir string) error {
	if exists(oldDir(dir)) && !exists(dataDir(dir)) {
		from := newDir(dir)
		if !exists(from) {
			from = oldDir(dir)
		}
		if err := os.Rename(from, dataDir(dir)); err != nil {
			return fmt.Errorf("put the database into its place: %w", err)
		}
		if err := volume.SyncDir(dir); err != nil {
			return err
		}
	}
	return errors.Join(os.RemoveAll(newDir(dir)), os.RemoveAll(oldDir(dir)), os.RemoveAll(SortDir(dir)))
}

// halfRenewed tells of a folder that is only read that a kill has left it between two
// names.
func halfRenewed(dir string) error {
	if exists(oldDir(dir)) && !exists(dataDir(dir)) {
		return fmt.Errorf("the database in %s was being put into its place when the program was killed: start the program once, which ends it", dir)
	}
	return nil
}

// Renew replaces all keys that are not kept by pairs, which come sorted. No commit
// may begin meanwhile; readers wait while the databases change places.
func (d *Folder) Renew(kept func(key []byte) bool, pairs iter.Seq2[Pair, error], step func(string)) (err error) {
	dir := d.dir
	if err := d.room.Fits(int(d.room.Tables())); err != nil {
		return err
	}
	if err := os.RemoveAll(newDir(dir)); err != nil {
		return err
	}
	if err := d.writeAnew(newDir(dir), kept, pairs, step); err != nil {
		return errors.Join(fmt.Errorf("write what is derived: %w", err), os.RemoveAll(newDir(dir)))
	}
	step("written")
	d.alone()
	defer d.applying.Unlock()
	defer func() {
		if err != nil && d.db.IsClosed() {
			err = fmt.Errorf("%w: %w", ErrClosed, err)
		}
	}()
	o := d.db.Opts()
	if err := errors.Join(d.db.Close(), d.room.Tidy()); err != nil {
		return fmt.Errorf("close the database that another takes the place of: %w", err)
	}
	step("closed")
	for _, x := range [][2]string{{dataDir(dir), oldDir(dir)}, {newDir(dir), dataDir(dir)}} {
		if err := errors.Join(os.Rename(x[0], x[1]), volume.SyncDir(dir)); err != nil {
			return fmt.Errorf("put the database into its place: %w", err)
		}
		step("renamed " + filepath.Base(x[1]))
	}
	b, err := openBadger(o, d.room, d.voice)
	if err != nil {
		return fmt.Errorf("open the database that was written: %w", err)
	}
	d.db = b
	step("opened")
	return errors.Join(keepManifest(dir, false), os.RemoveAll(oldDir(dir)))
}

// alone takes the lock when no snapshot is open: who holds one may take another, so
// none is kept from it for long.
func (d *Folder) alone() {
	d.readers.ask()
	defer d.readers.asked()
	for {
		d.applying.Lock()
		busy := d.readers.busy()
		if busy == nil {
			return
		}
		d.applying.Unlock()
		<-busy
	}
}

// writeAnew makes a database of the keys that are kept and of pairs, and closes it.
func (d *Folder) writeAnew(dir string, kept func([]byte) bool, pairs iter.Seq2[Pair, error], step func(string)) (err error) {
	b, err := tryBadger(d.db.Opts().WithDir(dir).WithValueDir(dir))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	w := &streamed{to: b.NewStreamWriter(), buf: z.NewBuffer(streamBytes, "renew")}
	defer func() { _ = w.buf.Release() }() // memory
	if err := w.to.Prepare(); err != nil {
		return err
	}
	err = d.db.View(func(txn *badger.Txn) error {
		it := txn.NewIterator(badger.IteratorOptions{PrefetchValues: true, PrefetchSize: 16})
		defer it.Close()
		it.Rewind()
		// keep copies what is kept of the keys below one; nil is the end
		keep := func(below []byte) error {
			for ; it.Valid() && (below == nil || bytes.Compare(it.Item().Key(), below) < 0); it.Next() {
				x := it.Item()
				if !keeps(x.Key(), kept) {
					continue
				}
				if err := x.Value(func(v []byte) error { return w.put(x.Key(), v, x.UserMeta()) }); err != nil {
					return err
				}
			}
			return nil
		}
		for p, err := range pairs {
			if err != nil {
				return err
			}
			if err := keep([]byte(p.Key)); err != nil {
				return err
			}
			if it.Valid() && string(it.Item().Key()) == p.Key {
				it.Next()
			}
			if err := w.put([]byte(p.Key), p.Value, 0); err != nil {
				return err
			}
			step("half written")
		}
		return keep(nil)
	})
	if err == nil {
		err = w.flush()
	}
	if err != nil {
		w.to.Cancel()
		return err
	}
	return w.to.Flush()
}

// keeps tells whether a key stays in a Renew: what lies in pieces does with all of them.
func keeps(k []byte, kept func([]byte) bool) bool {
	if k[0] == tablePiece && len(k) > 1 {
		k = k[1:]
	}
	return k[0] != tableJournal && kept(k)
}

// ErrClosed: a Renew has failed after the present database was closed. Nothing is lost;
// the folder has to be opened again.
var ErrClosed = errors.New("the database is closed")

// streamed gives a StreamWriter what it is told in parts.
type streamed struct {
	to  *badger.StreamWriter
	buf *z.Buffer
}

const streamBytes = 1 << 20

func (s *streamed) put(k, v []byte, userMeta byte) error {
	kv := &pb.KV{Key: k, Value: v, Version: 1}
	if userMeta != 0 {
		kv.UserMeta = []byte{userMeta}
	}
	badger.KVToBuffer(kv, s.buf)
	if s.buf.LenNoPadding() < streamBytes {
		return nil
	}
	return s.flush()
}

func (s *streamed) flush() error {
	err := s.to.Write(s.buf)
	s.buf.Reset()
	return err
}

// Renew implements Disk.
func (m *Memory) Renew(kept func(key []byte) bool, pairs iter.Seq2[Pair, error], _ func(string)) error {
	var news []Pair
	for x, err := range pairs {
		if err != nil {
			return err
		}
		news = append(news, Pair{x.Key, bytes.Clone(x.Value)})
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = mergedPairs(slices.DeleteFunc(slices.Clone(m.kept), func(x Pair) bool { return !kept([]byte(x.Key)) }), news)
	return nil
}
