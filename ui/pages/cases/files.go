package cases

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // thumbnails
	_ "image/jpeg" // thumbnails
	_ "image/png"  // thumbnails
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"golang.org/x/image/draw"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// The files that a case carries: brought by their path, by dropping them on the window
// or out of the clipboard, and opened by the system. Nothing is read or shown on the
// window's goroutine.

// System is what the pages of cases ask of the program. nil = not offered.
type System struct {
	// Open shows a file in the program that the system has for it. One that would run is
	// only written: opened is false, and at is where it lies.
	Open func(name string, content []byte) (at string, opened bool, err error)
	// Picture is the picture in the clipboard, as PNG; nil when there is none, and
	// ErrNoTool where the system lacks what would read it.
	Picture func(context.Context) ([]byte, error)
}

// ErrNoTool says that the clipboard's pictures cannot be read here.
var ErrNoTool = errors.New("no tool reads pictures from the clipboard")

const (
	largestFile = 25 << 20
	fileRow     = 40
	filesHead   = 36
	filesShown  = 9       // have a key
	thumbSize   = 4 << 20 // bytes of a picture of which a thumbnail is made
	thumbPixels = 40_000_000
	thumbW      = 44
	thumbH      = 32
	thumbsKept  = 64
)

// attach asks for a file by its path; what lies in the folder that is typed is offered.
func (c *casePage) attach() {
	k, id := c.k, c.id
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	var found []string
	q := k.Question(k.T("ask.file"), nil, 0, k.T("ask.fileHint"), home+string(filepath.Separator), func(i int, text string) {
		if i > 0 {
			text = found[i-1]
		}
		c.bring(id, text)
	})
	propose := func(text string) {
		go func() {
			names := inFolder(text)
			k.Post(func() {
				if q.Field.Text != text {
					return
				}
				found, q.Options, q.Chosen = names, nil, 0
				for _, n := range names {
					q.Options = append(q.Options, look.Fit(n[strings.LastIndexByte(strings.TrimSuffix(n, string(filepath.Separator)), filepath.Separator)+1:], 200, look.Style{Bold: true}))
				}
				k.Refresh()
			})
		}()
	}
	q.Check = func(i int, text string) string {
		if i > 0 {
			text = found[i-1]
		}
		if strings.HasSuffix(text, string(filepath.Separator)) { // a folder: go on in it
			q.Field.SetText(text)
			return k.T("ask.fileInside")
		}
		return ""
	}
	q.Field.OnTab = func() {
		if len(found) > 0 {
			q.Field.SetText(found[0])
		}
	}
	q.Field.OnChanged = propose
	q.Field.TypedShortcut(&fyne.ShortcutSelectAll{}) // to be gone on from, or typed over
	propose(q.Field.Text)
}

// inFolder are the first of what a path may go on with; folders end as folders do.
func inFolder(path string) (out []string) {
	dir, begin := filepath.Split(path)
	all, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range all {
		if len(out) == 6 || strings.HasPrefix(e.Name(), ".") || !strings.HasPrefix(look.Fold(e.Name()), look.Fold(begin)) {
			continue
		}
		name := filepath.Join(dir, e.Name())
		if e.IsDir() {
			name += string(filepath.Separator)
		}
		out = append(out, name)
	}
	return out
}

// bring reads a file and attaches it.
func (c *casePage) bring(id desk.ID, path string) {
	k := c.k
	go func() {
		b, err := readBounded(path)
		k.Post(func() {
			if err != nil {
				k.Tell(k.T("file.unread", "Name", filepath.Base(path)), true)
				return
			}
			c.add(id, filepath.Base(path), b)
		})
	}()
}

// readBounded reads a file; of one that is larger than a case takes one byte more than
// that, so that it is refused.
func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	if i, err := f.Stat(); err != nil || !i.Mode().IsRegular() {
		return nil, errors.Join(err, os.ErrInvalid)
	}
	return io.ReadAll(io.LimitReader(f, largestFile+1))
}

func (c *casePage) add(id desk.ID, name string, content []byte) {
	c.k.Do(app.AttachFile{Case: id, Name: name, Content: content}, func(app.Receipt) {
		c.k.Tell(c.k.T("file.attached", "Name", name), false)
		c.load()
	}, nil)
}

// Dropped attaches the files that somebody has dropped on the window.
func (c *casePage) Dropped(paths []string) {
	if c.a == nil {
		return
	}
	for _, p := range paths {
		c.bring(c.id, p)
	}
}

// paste attaches the picture in the clipboard.
func (c *casePage) paste() {
	k, id := c.k, c.id
	ctx := k.Session()
	go func() {
		b, err := c.system.Picture(ctx)
		k.Post(func() {
			switch {
			case errors.Is(err, ErrNoTool):
				k.Tell(k.T("file.noTool"), true)
			case err != nil || len(b) == 0:
				k.Tell(k.T("file.noPicture"), true)
			default:
				c.add(id, k.T("file.picture")+k.Local(k.Now()).Format("-2006-01-02-150405")+".png", b)
			}
		})
	}()
}

// openFile shows a file of the case, counted from the newest.
func (c *casePage) openFile(f desk.File) {
	k := c.k
	page.Ask(k, app.FileContent{Case: c.id, Hash: hex.EncodeToString(f.Hash[:])}, func(a app.FileContentAnswer) {
		go func() {
			at, opened, err := c.system.Open(a.Name, a.Content)
			k.Post(func() {
				switch {
				case err != nil:
					k.Tell(k.T("file.unopened", "Name", f.Name), true)
				case !opened:
					k.Tell(k.T("file.runs", "At", at), false)
				}
			})
		}()
	})
}

// files are those of the case, the newest first.
func (c *casePage) files() []desk.File {
	out := slices.Clone(c.a.Case.Files)
	slices.Reverse(out)
	return out
}

// fileActions are what may be done with files.
func (c *casePage) fileActions() []page.Action {
	k := c.k
	as := []page.Action{{Key: "Alt F", Word: k.T("do.attach"), Hidden: true, Do: c.attach}}
	if c.system.Picture != nil {
		as = append(as, page.Action{Key: "Alt V", Word: k.T("do.paste"), Hidden: true, Do: c.paste})
	}
	if c.system.Open != nil {
		for i, f := range c.files() {
			if i < filesShown {
				as = append(as, page.Action{Key: fmt.Sprintf("Alt %d", i+1), Word: k.T("do.openFile", "Name", f.Name), Hidden: true, Do: func() { c.openFile(f) }})
			}
		}
	}
	return as
}

// drawStack draws the procedure, what is linked, and the files under it.
func (c *casePage) drawStack(p *look.Painter, r page.Rect) {
	n := len(c.a.Case.Files)
	h := float32(filesHead + 34)
	if n > 0 {
		h = min(filesHead+fileRow*float32(min(n, filesShown))+8, r.H/2)
	}
	c.drawFiles(p, page.At(r.X, r.Y+r.H-h, r.W, h))
	r.H -= h + 12
	if s := c.stepsHeight(r.H); s > 0 {
		c.drawSteps(p, page.At(r.X, r.Y, r.W, s))
		r.Y, r.H = r.Y+s+12, r.H-s-12
	}
	c.drawLinks(p, r)
}

func (c *casePage) drawFiles(p *look.Painter, r page.Rect) {
	k, small := c.k, look.Style{Size: 12, Color: p.Muted}
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	x := p.Text(r.X+16, r.Y+4, filesHead-6, k.T("case.files"), look.Style{Size: 12, Bold: true, Color: p.Muted}) + 8
	all := c.files()
	if len(all) > 0 {
		p.Text(x, r.Y+4, filesHead-6, k.Count(uint64(len(all))), small)
	}
	right := r.X + r.W - 16
	for _, a := range []page.Action{{Key: "Alt V", Word: k.T("do.paste")}, {Key: "Alt F", Word: k.T("do.attach")}} {
		if a.Key == "Alt V" && c.system.Picture == nil {
			continue
		}
		right -= look.KeyWidth(a.Key)
		p.Key(right, r.Y+19, a.Key)
		right = p.Right(right-6, r.Y+4, filesHead-6, strings.ToLower(a.Word), small) - 12
	}
	if len(all) == 0 {
		p.TextFit(r.X+16, r.Y+filesHead-2, r.W-32, 24, k.T("case.noFiles"), small)
		return
	}
	y := r.Y + filesHead
	for i, f := range all {
		if y+fileRow > r.Y+r.H {
			p.TextFit(r.X+120, r.Y+4, 60, filesHead-6, k.T("case.moreFiles", "N", len(all)-i), small)
			break
		}
		c.drawFile(p, page.At(r.X+16, y, r.W-32, fileRow), i, f)
		y += fileRow
	}
}

func (c *casePage) drawFile(p *look.Painter, r page.Rect, i int, f desk.File) {
	k := c.k
	if i > 0 {
		p.Line(r.X, r.Y, r.X+r.W, r.Y, 1, p.RowLine)
	}
	if t := c.thumb(f); t != nil {
		p.Place(t, r.X, r.Y+4, thumbW, thumbH)
	} else {
		p.Rect(r.X, r.Y+4, thumbW, thumbH, 4, p.Palette.Key, p.Palette.Line, 1)
		ext := strings.ToUpper(strings.TrimPrefix(filepath.Ext(f.Name), "."))
		st := look.Style{Size: 11, Bold: true, Color: p.Muted}
		ext = look.Fit(ext, thumbW-8, st)
		p.Text(r.X+(thumbW-look.Measure(ext, st))/2, r.Y+4, thumbH, ext, st)
	}
	end := r.X + r.W
	if i < filesShown && c.system.Open != nil {
		key := fmt.Sprintf("Alt %d", i+1)
		end -= look.KeyWidth(key)
		p.Key(end, r.Y+fileRow/2, key)
		end -= 8
		p.Tap(r.X, r.Y, r.W, fileRow, func() { c.openFile(f) })
	}
	x := r.X + thumbW + 12
	p.TextFit(x, r.Y+2, end-x, 20, f.Name, look.Style{Bold: true})
	p.TextFit(x, r.Y+20, end-x, 18, joined(" · ", k.Size(f.Size), c.broughtBy(f)), look.Style{Size: 12, Color: p.Muted})
}

// broughtBy tells who attached a file and when.
func (c *casePage) broughtBy(f desk.File) string {
	for i := len(c.a.Timeline) - 1; i >= 0; i-- {
		if m := &c.a.Timeline[i]; m.Kind == desk.FileAttached && m.Text == f.Name {
			return strings.TrimSpace(m.Actor + " " + c.k.At(time.UnixMilli(m.At)))
		}
	}
	return ""
}

// thumb is the thumbnail of a picture; nil while there is none.
func (c *casePage) thumb(f desk.File) *canvas.Image {
	t, asked := c.thumbs[f.Hash]
	if asked || f.Size > thumbSize || !slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif"}, strings.ToLower(filepath.Ext(f.Name))) {
		return t
	}
	if len(c.thumbs) >= thumbsKept {
		clear(c.thumbs)
	}
	c.thumbs[f.Hash] = nil
	k, ctx, id := c.k, c.k.Session(), c.id
	go func() { // it is not told when it fails: the file is there by its name
		x, err := k.Desk.Ask(ctx, app.FileContent{Case: id, Hash: hex.EncodeToString(f.Hash[:])})
		if err != nil {
			return
		}
		if small := shrunk(x.(app.FileContentAnswer).Content); small != nil {
			k.Post(func() {
				c.thumbs[f.Hash] = canvas.NewImageFromImage(small)
				c.thumbs[f.Hash].FillMode = canvas.ImageFillContain
				k.Refresh()
			})
		}
	}()
	return nil
}

// shrunk is a picture small enough for its thumbnail, at twice its size on the screen;
// nil for what is none, or would take too much memory.
func shrunk(b []byte) image.Image {
	conf, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || conf.Width <= 0 || conf.Height <= 0 || conf.Width > thumbPixels/conf.Height {
		return nil
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	size := img.Bounds().Size()
	scale := min(1, 2*thumbW/float64(size.X), 2*thumbH/float64(size.Y))
	out := image.NewNRGBA(image.Rect(0, 0, max(1, int(float64(size.X)*scale)), max(1, int(float64(size.Y)*scale))))
	draw.ApproxBiLinear.Scale(out, out.Bounds(), img, img.Bounds(), draw.Src, nil)
	return out
}
