package host

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Made is a backup that was written to its end, as this workstation has noted it
// in its own folder: what lies in the folder of backups says nothing by its name.
type Made struct {
	File  string    `json:"file"`
	At    time.Time `json:"at"`
	Bytes int64     `json:"bytes"`
	Sum   string    `json:"sha256"`
}

// madeKept is how many are remembered.
const madeKept = 400

func madeFile(dir string) string { return filepath.Join(dir, "backups.json") }

// Backups are those that this workstation has made, newest first.
func Backups(dir string) (ms []Made, err error) {
	b, err := os.ReadFile(madeFile(dir))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &ms)
	}
	return ms, err
}

func note(dir string, m Made) error {
	ms, err := Backups(dir)
	if err != nil { // a damaged list is begun anew
		ms = nil
	}
	ms = append([]Made{m}, ms...)
	slices.SortStableFunc(ms, func(a, b Made) int { return b.At.Compare(a.At) })
	b, err := json.MarshalIndent(ms[:min(len(ms), madeKept)], "", " ")
	if err != nil {
		return err
	}
	half := madeFile(dir) + ".new"
	if err := os.WriteFile(half, b, 0o600); err != nil {
		return err
	}
	return os.Rename(half, madeFile(dir))
}

// There tells whether the file is still as long as it was written.
func (m Made) There() bool {
	fi, err := os.Stat(m.File)
	return err == nil && fi.Size() == m.Bytes && m.Bytes > 0
}

// Check reads the whole file and tells whether it is what was written.
func (m Made) Check() error {
	f, err := os.Open(m.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	s := sha256.New()
	n, err := io.Copy(s, f)
	if err != nil {
		return err
	}
	if want, _ := hex.DecodeString(m.Sum); n != m.Bytes || !bytes.Equal(s.Sum(nil), want) {
		return errors.New("it is not what was written: it was changed or cut since")
	}
	return nil
}
