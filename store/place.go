package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"punto/store/volume"
)

// Place is how a folder knows that it was copied or put back: a file outside it
// that says which folder of which machine it was, and how often it was opened.
// When the folder does not fit it, a new incarnation begins, for another folder
// may go on with the old one.
type Place struct {
	File    string // where it is kept; "" asks nothing
	Machine string // names this machine
}

var placeKey = tableKey(tableMeta, []byte("place"))

// settleIn compares the folder with its place, and counts the opening in both.
func (db *DB) settleIn(p Place) error {
	if p.File == "" || db.readOnly {
		return nil
	}
	here, err := db.here(p)
	if err != nil {
		return err
	}
	var inside []byte
	err = db.View(func(r *Reader) (err error) { inside, err = r.get(placeKey); return err })
	if err != nil {
		return err
	}
	outside, err := os.ReadFile(p.File)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("read where the folder was: %w", err)
	}
	var times uint64
	known := len(inside) == 40
	if known {
		times = binary.BigEndian.Uint64(inside[32:])
	}
	same := known && string(inside[:32]) == string(here[:]) && string(outside) == hex.EncodeToString(inside)
	if known && times > 0 { // a kill between the two writings below leaves the file one opening behind
		behind := binary.BigEndian.AppendUint64(here[:32:32], times-1)
		same = same || string(inside[:32]) == string(here[:]) && string(outside) == hex.EncodeToString(behind)
	}
	next := binary.BigEndian.AppendUint64(here[:32:32], times+1)
	if err := os.MkdirAll(filepath.Dir(p.File), 0o700); err != nil {
		return err
	}
	name, err := volume.Prepare(p.File, []byte(hex.EncodeToString(next)))
	if err != nil {
		if same && volume.NoRoom(err) {
			return nil // this opening is not counted
		}
		return fmt.Errorf("write where the folder is: %w", err)
	}
	err = db.change(&request{ctx: context.Background(), must: true, f: func(t *Tx) error {
		t.p.Set(placeKey, next)
		if known && !same {
			db.log.Warn("the folder was copied or put back: a new incarnation begins", "dir", db.dir)
			return t.incarnate()
		}
		return nil
	}})
	if err != nil {
		return errors.Join(err, os.Remove(name))
	}
	if err := os.Rename(name, p.File); err != nil {
		return fmt.Errorf("write where the folder is: %w", err)
	}
	return nil
}

// here is a hash of this machine and this folder.
func (db *DB) here(p Place) (h [32]byte, err error) {
	id, err := volume.FolderID(db.dir)
	return sha256.Sum256([]byte(p.Machine + "\x00" + id)), err
}
