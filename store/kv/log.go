package kv

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/dgraph-io/badger/v4"

	"punto/app/desk"
)

// The log file of a memtable: 20 bytes, then entries of meta, user meta, lengths of
// key and value, expiry, key, value and checksum. A transaction ends in an entry of
// its own, and counts only with that.
const (
	logHeader   = 20
	logMaxKey   = 1 << 16
	inTxn       = 1 << 6
	endsTxn     = 1 << 7
	stampLength = 8
)

// usedLog is how many bytes of a memtable's log file count: a kill leaves it longer.
// The error is ErrDamaged when an entry claims to be longer than the file, which
// Badger would make room for in memory.
func usedLog(path string) (used int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	fi, err := f.Stat()
	if err != nil || fi.Size() <= logHeader {
		return 0, err
	}
	w := &logWalk{r: bufio.NewReaderSize(f, 64<<10), size: fi.Size(), path: path}
	if _, err := w.r.Discard(logHeader); err != nil {
		return 0, err
	}
	w.at, used = logHeader, logHeader
	txn := uint64(0)
	for {
		meta, key, value, ok, err := w.entry()
		if err != nil || !ok {
			return used, err
		}
		switch {
		case meta&inTxn != 0:
			if len(key) < stampLength {
				return used, nil
			}
			at := math.MaxUint64 - binary.BigEndian.Uint64(key[len(key)-stampLength:])
			if txn == 0 {
				txn = at
			}
			if txn != at {
				return used, nil
			}
		case meta&endsTxn != 0:
			if at, err := strconv.ParseUint(string(value), 10, 64); err != nil || at != txn {
				return used, nil
			}
			txn, used = 0, w.at
		case txn != 0:
			return used, nil
		default:
			used = w.at
		}
	}
}

var crcTable = crc32.MakeTable(crc32.Castagnoli)

// logWalk reads a log file entry by entry; at is where the next one begins.
type logWalk struct {
	r        *bufio.Reader
	path     string
	at, size int64
	buf      []byte
}

// entry reads the next entry; not ok at the end of what makes sense.
func (w *logWalk) entry() (meta byte, key, value []byte, ok bool, err error) {
	head, err := w.r.Peek(22)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, nil, nil, false, err
	}
	if len(head) < 5 {
		return 0, nil, nil, false, nil
	}
	n := 2
	var sizes [3]uint64 // key, value, expiry
	for i := range sizes {
		x, k := binary.Uvarint(head[n:])
		if k <= 0 {
			return 0, nil, nil, false, nil
		}
		sizes[i], n = x, n+k
	}
	kl, vl := sizes[0], sizes[1]
	if kl == 0 || kl > logMaxKey {
		return 0, nil, nil, false, nil
	}
	if vl > uint64(w.size) || int64(n)+int64(kl+vl)+4 > w.size-w.at { // below the size of a file
		return 0, nil, nil, false, desk.Damaged("the log file %s claims at byte %d a value of %d bytes, which it has not", filepath.Base(w.path), w.at, vl)
	}
	all := n + int(kl+vl) + 4 // below the size of a file
	if cap(w.buf) < all {
		w.buf = make([]byte, 2*all)
	}
	b := w.buf[:all]
	if _, err := io.ReadFull(w.r, b); err != nil {
		return 0, nil, nil, false, err
	}
	if crc32.Checksum(b[:all-4], crcTable) != binary.BigEndian.Uint32(b[all-4:]) {
		return 0, nil, nil, false, nil
	}
	w.at += int64(all)
	return b[0], b[n : n+int(kl)], b[n+int(kl) : all-4], true, nil // below the size of a file
}

// settled gives a folder that can be opened without writing into it: dir itself, or
// beside it in the system's folder for such, with temp to be removed, one in which
// the logs that a kill has left end where they count.
func settled(dir string) (db, temp string, killed bool, err error) {
	db = dataDir(dir)
	es, err := os.ReadDir(db)
	if errors.Is(err, os.ErrNotExist) {
		return db, "", false, nil
	}
	if err != nil {
		return "", "", false, err
	}
	ends := map[string]int64{}
	registry := registrySound(db)
	for _, e := range es {
		if !strings.HasSuffix(e.Name(), ".mem") {
			continue
		}
		used, err := usedLog(filepath.Join(db, e.Name()))
		fi, serr := e.Info()
		if err = errors.Join(err, serr); err != nil {
			return "", "", false, err
		}
		ends[e.Name()], killed = used, killed || fi.Size() != used || used <= logHeader && used > 0
	}
	if registry && !killed {
		return db, "", false, nil
	}
	if temp, err = os.MkdirTemp("", "punto-"); err != nil {
		return "", "", false, err
	}
	for _, e := range es {
		from, to := filepath.Join(db, e.Name()), filepath.Join(temp, e.Name())
		if from, err = filepath.Abs(from); err == nil {
			if used, log := ends[e.Name()]; !log {
				err = link(from, to)
			} else if used > logHeader {
				err = copyStart(from, to, used)
			}
		}
		if err != nil {
			return "", "", false, errors.Join(err, os.RemoveAll(temp))
		}
	}
	return temp, temp, killed, nil
}

// link makes a name for a file that is only read.
func link(from, to string) error {
	if n := filepath.Base(from); n == "LOCK" || n == badger.KeyRegistryFileName { // without a registry Badger reads as well
		return nil
	}
	if os.Symlink(from, to) == nil || os.Link(from, to) == nil { // not every user may make every kind
		return nil
	}
	fi, err := os.Stat(from)
	if err != nil {
		return err
	}
	return copyStart(from, to, fi.Size())
}

// copyStart copies the first n bytes of a file into one that is not there yet.
func copyStart(from, to string, n int64) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.CopyN(out, in, n)
	return errors.Join(err, out.Close())
}
