package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"

	"punto/store/volume"
)

// Form is the form of the names of Name.
const Form = "punto-20060102-150405.age"

// Name is a file name for a backup made now.
func Name(dir string, now time.Time) string { return filepath.Join(dir, now.Format(Form)) }

// Made is a backup that was written to its end, as a workstation has noted it in its
// own folder: what lies in the folder of backups says nothing by its name.
type Made struct {
	File  string    `json:"file"`
	At    time.Time `json:"at"`
	Bytes int64     `json:"bytes"`
	Sum   string    `json:"sha256"`
}

// Make writes a backup into a file that must not exist, and notes it in the data
// folder. It is in its place when it is whole and durable.
func Make(ctx context.Context, to, recipient, data string, m Manifest, log Log, files iter.Seq2[[]byte, error]) (err error) {
	half := to + ".part"
	f, err := os.OpenFile(half, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // the administrator names it
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(half))
		}
	}()
	if _, err := os.Stat(to); err == nil {
		return errors.Join(fmt.Errorf("the file %s is there already: name another", to), f.Close())
	}
	made := Made{File: to, At: m.At}
	sum := sha256.New()
	err = Write(ctx, io.MultiWriter(f, sum), recipient, m, log, files)
	if fi, serr := f.Stat(); serr == nil {
		made.Bytes, made.Sum = fi.Size(), hex.EncodeToString(sum.Sum(nil))
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return errors.Join(os.Rename(half, to), volume.SyncDir(filepath.Dir(to)), note(data, made))
}

// kept is how many are remembered.
const kept = 400

func listFile(data string) string { return filepath.Join(data, "backups.json") }

// List is those that the workstation of a data folder has made, newest first.
func List(data string) (ms []Made, err error) {
	b, err := os.ReadFile(listFile(data))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &ms)
	}
	return ms, err
}

func note(data string, m Made) error {
	ms, err := List(data)
	if err != nil { // a damaged list is begun anew
		ms = nil
	}
	ms = append([]Made{m}, ms...)
	slices.SortStableFunc(ms, func(a, b Made) int { return b.At.Compare(a.At) })
	b, err := json.MarshalIndent(ms[:min(len(ms), kept)], "", " ")
	if err != nil {
		return err
	}
	half := listFile(data) + ".new"
	if err := os.WriteFile(half, b, 0o600); err != nil {
		return err
	}
	return os.Rename(half, listFile(data))
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
