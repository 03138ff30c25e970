package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"

	"punto/app/desk"
)

// marks is the heads file: two copies written in turn beside the database, each
// synced, after the commit that they tell of. A head here that the log has not
// is proof of a loss. It trails the log by at most the last few commits.
type marks struct {
	files [2]*os.File
	turn  uint64
	in    chan map[desk.Origin]head
	done  chan struct{}
	err   error // belongs to run, then to close
}

type mark struct {
	seq  uint64
	hash [32]byte
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func markPath(dir string, i int) string { return filepath.Join(dir, fmt.Sprintf("heads.%d", i)) }

// readMarks is the newest valid copy; nil when there is none, which is right only
// while the log is empty: a kill may come between the making of the files and
// their first writing.
func readMarks(dir string) (found map[desk.Origin]mark, turn uint64, err error) {
	for i := range 2 {
		b, err := os.ReadFile(markPath(dir, i))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, 0, err
		}
		m, n, ok := parseMarks(b)
		if ok && n >= turn {
			found, turn = m, n
		}
	}
	return found, turn, nil
}

func parseMarks(b []byte) (m map[desk.Origin]mark, turn uint64, ok bool) {
	if len(b) < 16 {
		return nil, 0, false
	}
	n := int(binary.BigEndian.Uint32(b[8:]))
	end := 12 + n*48
	if n > 1<<20 || len(b) < end+4 || crc32.Checksum(b[:end], castagnoli) != binary.BigEndian.Uint32(b[end:]) {
		return nil, 0, false
	}
	m = map[desk.Origin]mark{}
	for i := range n {
		p := b[12+i*48:]
		m[desk.Origin(binary.BigEndian.Uint64(p))] = mark{binary.BigEndian.Uint64(p[8:]), [32]byte(p[16:48])}
	}
	return m, binary.BigEndian.Uint64(b), true
}

func openMarks(dir string, turn uint64, readOnly bool) (*marks, error) {
	m := &marks{turn: turn, in: make(chan map[desk.Origin]head, 1), done: make(chan struct{})}
	if readOnly {
		close(m.done)
		return m, nil
	}
	for i := range m.files {
		f, err := os.OpenFile(markPath(dir, i), os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		m.files[i] = f
	}
	if turn == 0 { // both copies are valid before the first commit
		for range m.files {
			if err := m.write(nil); err != nil {
				return nil, err
			}
		}
	}
	go m.run()
	return m, nil
}

// note hands over the newest heads and never waits; only the writer calls it.
func (m *marks) note(h map[desk.Origin]head) {
	select {
	case <-m.in:
	default:
	}
	m.in <- h
}

func (m *marks) run() {
	defer close(m.done)
	for h := range m.in {
		if m.err == nil {
			m.err = m.write(h)
		}
	}
}

func (m *marks) write(h map[desk.Origin]head) error {
	m.turn++
	var b bytes.Buffer
	p := binary.BigEndian.AppendUint64(b.AvailableBuffer(), m.turn)
	p = binary.BigEndian.AppendUint32(p, uint32(len(h))) //nolint:gosec // number of workstations
	for o, h := range h {
		p = binary.BigEndian.AppendUint64(p, uint64(o))
		p = append(binary.BigEndian.AppendUint64(p, h.seq), h.hash[:]...)
	}
	p = binary.BigEndian.AppendUint32(p, crc32.Checksum(p, castagnoli))
	f := m.files[m.turn%2]
	if _, err := f.WriteAt(p, 0); err != nil {
		return fmt.Errorf("write the heads file: %w", err)
	}
	return f.Sync()
}

func (m *marks) close() error {
	if m.files[0] == nil {
		return nil
	}
	close(m.in)
	<-m.done
	return errors.Join(m.err, m.files[0].Close(), m.files[1].Close())
}
