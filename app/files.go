package app

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"

	"punto/app/desk"
)

// Files keep the bytes of what cases carry, by their SHA-256.
type Files interface {
	Put([]byte) ([32]byte, error)
	Get([32]byte) ([]byte, error)
}

// AttachFile adds a file to a case: at most 25 MB.
type AttachFile struct {
	Case    desk.ID
	Name    string
	Content []byte
}

// FileContent is a file of a case.
type FileContent struct {
	Case desk.ID
	Hash string // 64 hexadecimal digits
}

// FileContentAnswer answers FileContent.
type FileContentAnswer struct {
	Name    string
	Content []byte
}

const maxFile = 25 << 20

func (c AttachFile) do(*op) (Receipt, error) { return Receipt{}, errAlone }

func (c AttachFile) doAlone(ctx context.Context, e *Engine, s session) (Receipt, error) {
	name := strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r < ' ' {
			return '_'
		}
		return r
	}, c.Name))
	switch {
	case name == "" || name == "." || name == "..":
		return Receipt{}, fail(Invalid, "the file has no name: write it")
	case len(c.Content) == 0:
		return Receipt{}, fail(Invalid, "the file %s is empty: choose another", name)
	case len(c.Content) > maxFile:
		return Receipt{}, fail(Invalid, "the file %s has more than 25 MB: share it otherwise and write where it is", name)
	case e.files == nil:
		return Receipt{}, fail(Unavailable, "this desk keeps no files")
	}
	hash, err := e.files.Put(c.Content) // before the event that names it
	if errors.Is(err, desk.ErrFull) {
		return Receipt{}, fail(DiskFull, "there is little space left on the disk of this workstation: no files are taken until some is freed")
	}
	if err != nil {
		return Receipt{}, err
	}
	return e.update(ctx, s, func(o *op) (Receipt, error) {
		return o.on(c.Case, desk.FileAttached, desk.File{Hash: hash, Name: name, Size: int64(len(c.Content))}, anyStatus, "")
	})
}

func (q FileContent) ask(l *look) (Answer, error) {
	v, err := readCase(l.r, q.Case)
	if err != nil {
		return nil, err
	}
	for _, f := range v.Case.Files {
		if hex.EncodeToString(f.Hash[:]) != strings.ToLower(q.Hash) || l.e.files == nil {
			continue
		}
		b, err := l.e.files.Get(f.Hash)
		if err != nil {
			return nil, fail(Unavailable, "the file %s has not come to this workstation yet: try again in a moment", f.Name)
		}
		return FileContentAnswer{Name: f.Name, Content: b}, nil
	}
	return nil, fail(NotFound, "the case has no such file: look at the case again")
}

// Named lists the files that cases carry.
func (e *Engine) Named() (hs [][32]byte, err error) {
	err = e.log.Read(func(r desk.Reader) error {
		for k, err := range r.Scan([]byte{ixFile}, nil, false) {
			if err != nil {
				return err
			}
			if h := [32]byte(k.Key[1:33]); len(hs) == 0 || hs[len(hs)-1] != h {
				hs = append(hs, h)
			}
		}
		return nil
	})
	return hs, err
}
