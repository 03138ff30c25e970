package cases

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
)

// A file is in the desk when its bytes are under their hash and the case names them:
// the bytes first, so that no event ever names what this workstation does not hold.
// Others may have the event before the bytes.

const maxFile = 25 << 20

func attachFile(ctx context.Context, e *engine.Engine, s engine.Session, c app.AttachFile) (app.Receipt, error) {
	name := strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r < ' ' {
			return '_'
		}
		return r
	}, c.Name))
	switch {
	case name == "" || name == "." || name == "..":
		return app.Receipt{}, app.Fail(app.Invalid, "the file has no name: write it")
	case len(c.Content) == 0:
		return app.Receipt{}, app.Fail(app.Invalid, "the file %s is empty: choose another", name)
	case len(c.Content) > maxFile:
		return app.Receipt{}, app.Fail(app.Invalid, "the file %s has more than 25 MB: share it otherwise and write where it is", name)
	case e.Files == nil:
		return app.Receipt{}, app.Fail(app.Unavailable, "this desk keeps no files")
	}
	hash, err := e.Files.Put(c.Content) // before the event that names it
	if errors.Is(err, desk.ErrFull) {
		return app.Receipt{}, app.Fail(app.DiskFull, "there is little space left on the disk of this workstation: no files are taken until some is freed")
	}
	if err != nil {
		return app.Receipt{}, err
	}
	return e.Update(ctx, s, func(o *engine.Op) (app.Receipt, error) {
		return on(o, c.Case, desk.FileAttached, desk.File{Hash: hash, Name: name, Size: int64(len(c.Content))}, anyStatus, "")
	})
}

func askFileContent(l *engine.Look, q app.FileContent) (app.Answer, error) {
	v, err := Read(l.Reader, q.Case)
	if err != nil {
		return nil, err
	}
	for _, f := range v.Case.Files {
		if hex.EncodeToString(f.Hash[:]) != strings.ToLower(q.Hash) || l.Engine.Files == nil {
			continue
		}
		b, err := l.Engine.Files.Get(f.Hash)
		if err != nil {
			return nil, app.Fail(app.Unavailable, "the file %s has not come to this workstation yet: try again in a moment", f.Name)
		}
		return app.FileContentAnswer{Name: f.Name, Content: b}, nil
	}
	return nil, app.Fail(app.NotFound, "the case has no such file: look at the case again")
}

// FilesNamed lists the files that cases carry.
func FilesNamed(e *engine.Engine) ([][32]byte, error) { return e.Hashes(ixFile) }
