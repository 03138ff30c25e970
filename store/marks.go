package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"

	"punto/app/desk"
	"punto/store/chain"
	"punto/store/kv"
	"punto/store/volume"
)

// marks is the heads file: two copies written in turn beside the database, each
// synced, after the commit that they tell of and before anybody is told of it. A
// head here that the log has not, or a commit, is proof of a loss: a memtable ends
// silently at its first damaged entry.
type marks struct {
	files  [2]*os.File
	turn   uint64
	commit uint64 // the last one told of
}

type mark struct {
	seq  uint64
	hash [32]byte
}

// marked is what the heads file tells.
type marked struct {
	heads  map[desk.Origin]mark // nil when no copy can be read
	turn   uint64
	commit uint64 // 0 when a version wrote it that did not count commits
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func markPath(dir string, i int) string { return filepath.Join(dir, fmt.Sprintf("heads.%d", i)) }

// readMarks is the newest valid copy; none is right only while the log is empty: a
// kill may come between the making of the files and their first writing.
func readMarks(dir string) (found marked, err error) {
	for i := range 2 {
		b, err := os.ReadFile(markPath(dir, i))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return found, err
		}
		m, ok := parseMarks(b)
		if ok && m.turn >= found.turn {
			found = m
		}
	}
	return found, nil
}

// counted is set in the number of heads when the number of the commit follows them.
const counted = 1 << 31

func parseMarks(b []byte) (m marked, ok bool) {
	if len(b) < 16 {
		return m, false
	}
	n := binary.BigEndian.Uint32(b[8:])
	heads := int(n &^ counted)
	end := 12 + heads*48
	if n&counted != 0 {
		end += 8
	}
	if heads > 1<<20 || len(b) < end+4 || crc32.Checksum(b[:end], castagnoli) != binary.BigEndian.Uint32(b[end:]) {
		return m, false
	}
	m.turn, m.heads = binary.BigEndian.Uint64(b), map[desk.Origin]mark{}
	for i := range heads {
		p := b[12+i*48:]
		m.heads[desk.Origin(binary.BigEndian.Uint64(p))] = mark{binary.BigEndian.Uint64(p[8:]), [32]byte(p[16:48])}
	}
	if n&counted != 0 {
		m.commit = binary.BigEndian.Uint64(b[end-8:])
	}
	return m, true
}

func openMarks(dir string, was marked, readOnly bool) (*marks, error) {
	m := &marks{turn: was.turn, commit: was.commit}
	if readOnly {
		return m, nil
	}
	for i := range m.files {
		f, err := os.OpenFile(markPath(dir, i), os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		m.files[i] = f
	}
	if was.turn == 0 { // both copies are valid before the first commit
		for range m.files {
			if err := m.write(nil, 0); err != nil {
				return nil, err
			}
		}
	}
	return m, nil
}

// markBlock is what the length of a copy is rounded up to: a copy that is written
// over keeps its length and its place, so that its sync is of the data alone and
// needs no room.
const markBlock = 4096

// write makes heads and the number of the commit that left them durable.
func (m *marks) write(h map[desk.Origin]chain.Head, commit uint64) error {
	m.turn++
	p := binary.BigEndian.AppendUint64(nil, m.turn)
	p = binary.BigEndian.AppendUint32(p, uint32(len(h))|counted) // number of workstations
	for o, h := range h {
		p = binary.BigEndian.AppendUint64(p, uint64(o))
		p = append(binary.BigEndian.AppendUint64(p, h.Seq), h.Hash[:]...)
	}
	p = binary.BigEndian.AppendUint64(p, commit)
	p = binary.BigEndian.AppendUint32(p, crc32.Checksum(p, castagnoli))
	p = append(p, make([]byte, (markBlock-len(p)%markBlock)%markBlock)...)
	f := m.files[m.turn%2]
	if _, err := f.WriteAt(p, 0); err != nil {
		return fmt.Errorf("write the heads file: %w", err)
	}
	if err := volume.SyncData(f); err != nil {
		return fmt.Errorf("sync the heads file: %w", err)
	}
	m.commit = commit
	return nil
}

func (m *marks) close() error {
	if m == nil || m.files[0] == nil {
		return nil
	}
	return errors.Join(m.files[0].Close(), m.files[1].Close())
}

// Holds tells whether a folder holds a desk.
func Holds(dir string) bool {
	for i := range 2 {
		if _, err := os.Stat(markPath(dir, i)); err == nil {
			return true
		}
	}
	return kv.Holds(dir)
}
