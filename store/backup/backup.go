// Package backup is the form in which a desk leaves its workstation: backups, which
// only the recovery key of the site opens, and events that are carried on a stick to
// a workstation of the same site.
//
// A backup is a tar inside an age file: first what it is of, then the log in parts,
// then the files of cases. It is written while the desk works, and read from its
// beginning to its end. It promises that what is cut, changed, or lacks anything that
// it says it holds is not restored, and that a restore leaves a whole folder or none.
// It judges nothing: whoever reads says which identities hold, and the log that takes
// the events proves each of them.
package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"filippo.io/age"

	"punto/app/desk"
)

// version is that of the form of a backup.
const version = 1

// Manifest is what a backup is of. Version is set when it is written.
type Manifest struct {
	Version int             `json:"version"`
	At      time.Time       `json:"at"`
	Desk    string          `json:"desk"`
	Node    desk.ID         `json:"node"`
	Points  desk.Vector     `json:"points"`         // at least these events are in it
	Site    json.RawMessage `json:"site,omitempty"` // what the workstation knew of its site
	Seed    []byte          `json:"seed"`           // of the node's key
}

const (
	manifestName  = "punto.json"
	logPart       = "log/"
	filePart      = "files/"
	partBytes     = 8 << 20
	manifestBytes = 16 << 20
	fileBytes     = 64 << 20 // more than any file of a case has
)

// NewKey makes a key and the recipient that whoever seals to it has to know.
func NewKey() (key, recipient string, err error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", err
	}
	return id.String(), id.Recipient().String(), nil
}

// Write writes a backup to a recipient. The desk may work on meanwhile; files are the
// contents of those of its cases.
func Write(ctx context.Context, w io.Writer, recipient string, m Manifest, log Log, files iter.Seq2[[]byte, error]) error {
	to, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return fmt.Errorf("read the recovery key: %w", err)
	}
	sealed, err := age.Encrypt(w, to)
	if err != nil {
		return err
	}
	out := tar.NewWriter(sealed)
	m.Version = version
	b, err := json.Marshal(m)
	if err == nil {
		err = entry(out, manifestName, b)
	}
	if err != nil {
		return err
	}
	parts := &parted{out: out}
	if _, err := Carry(ctx, parts, log, nil); err != nil {
		return err
	}
	if err := parts.flush(); err != nil {
		return err
	}
	for b, err := range files {
		if err == nil {
			err = entry(out, fmt.Sprintf("%s%x", filePart, sha256.Sum256(b)), b)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(out.Close(), sealed.Close())
}

func entry(out *tar.Writer, name string, b []byte) error {
	if err := out.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(b)), Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err := out.Write(b)
	return err
}

// parted cuts a stream into entries.
type parted struct {
	out *tar.Writer
	b   bytes.Buffer
	n   int
}

func (p *parted) Write(b []byte) (int, error) {
	p.b.Write(b)
	if p.b.Len() < partBytes {
		return len(b), nil
	}
	return len(b), p.flush()
}

func (p *parted) flush() error {
	if p.b.Len() == 0 {
		return nil
	}
	p.n++
	err := entry(p.out, fmt.Sprintf("%s%06d", logPart, p.n), p.b.Bytes())
	p.b.Reset()
	return err
}

// Backup is one that is being read.
type Backup struct {
	Manifest
	in *tar.Reader
}

// Open begins to read a backup with its key.
func Open(in io.Reader, key string) (*Backup, error) {
	id, err := age.ParseX25519Identity(strings.TrimSpace(key))
	if err != nil {
		return nil, errors.New("that is not a recovery key: it begins with AGE-SECRET-KEY-1")
	}
	plain, err := age.Decrypt(in, id)
	if err != nil {
		return nil, fmt.Errorf("it does not open with this key: %w", err)
	}
	b := &Backup{in: tar.NewReader(plain)}
	e, err := b.in.Next()
	if err != nil || e.Name != manifestName {
		return nil, errors.Join(errors.New("the file is not a backup of a desk"), err)
	}
	if err := json.NewDecoder(io.LimitReader(b.in, manifestBytes)).Decode(&b.Manifest); err != nil {
		return nil, fmt.Errorf("read what the backup is of: %w", err)
	}
	if b.Version != version || len(b.Seed) != 32 {
		return nil, errors.New("the backup needs a newer version of the program: update it")
	}
	return b, nil
}

// Into is a log that a backup is taken into: an empty one. What it takes is judged
// and derived later.
type Into interface {
	Introduce(context.Context, ...desk.Identity) error
	Bulk(context.Context, []desk.Run) (desk.Taken, error)
	Vector() desk.Vector
}

// Take takes all of a backup: the log into one whose events prove themselves, each
// file by a function. check verifies the identities that events are signed by. It
// fails when the backup is cut or changed, or lacks what it says it holds.
func (b *Backup) Take(ctx context.Context, into Into, check func(*desk.Identity) error, file func([]byte) error) (events uint64, files int, err error) {
	pr, pw := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := takeLog(ctx, into, pr, check)
		pr.CloseWithError(errors.Join(err, io.ErrClosedPipe))
		done <- err
	}()
	err = b.entries(pw, func(f []byte) error {
		files++
		return file(f)
	})
	_ = pw.CloseWithError(io.EOF)
	err = errors.Join(<-done, err)
	held := into.Vector()
	for _, seq := range held {
		events += seq
	}
	for o, seq := range b.Points {
		if err == nil && held[o] < seq {
			err = fmt.Errorf("%w: origin %016x goes to %d and not to %d", ErrCarried, uint64(o), held[o], seq)
		}
	}
	return events, files, err
}

// entries reads what follows the manifest, to the end.
func (b *Backup) entries(log io.Writer, file func([]byte) error) error {
	for {
		e, err := b.in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch {
		case strings.HasPrefix(e.Name, logPart):
			_, err = io.Copy(log, b.in) // of our own making, opened with the key
		case strings.HasPrefix(e.Name, filePart):
			var f []byte
			if f, err = io.ReadAll(io.LimitReader(b.in, fileBytes)); err == nil {
				err = file(f)
			}
		}
		if err != nil {
			return err
		}
	}
}

// restoreRuns is how many runs are taken in at once.
const restoreRuns = 32

func takeLog(ctx context.Context, into Into, in io.Reader, check func(*desk.Identity) error) error {
	return batched(in, restoreRuns, func(id desk.Identity) error {
		if id.Cert != nil {
			if err := check(&id); err != nil {
				return err
			}
		}
		return into.Introduce(ctx, id)
	}, func(rs []desk.Run) error {
		t, err := into.Bulk(ctx, rs)
		return errors.Join(append(t.Bad, err)...)
	})
}

// batched is Carried, with so many runs at once.
func batched(in io.Reader, n int, who func(desk.Identity) error, take func([]desk.Run) error) error {
	var batch []desk.Run
	err := Carried(in, who, func(r desk.Run) error {
		if batch = append(batch, r); len(batch) < n {
			return nil
		}
		err := take(batch)
		batch = batch[:0]
		return err
	})
	if err != nil || len(batch) == 0 {
		return err
	}
	return take(batch)
}
