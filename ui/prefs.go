package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"

	"punto/app/desk"
	"punto/ui/look"
)

// pref is how one agent likes the window on this workstation; what is zero was
// never chosen.
type pref struct {
	Look   string  `json:"look,omitempty"` // name of the palette
	Lang   string  `json:"lang,omitempty"`
	Roomy  bool    `json:"roomy,omitempty"` // rows of 44 and not of 34
	Width  float32 `json:"width,omitempty"`
	Height float32 `json:"height,omitempty"`
}

// base is how the window is for who never said: as it was before anybody signed in.
type base struct {
	palette *look.Palette
	lang    string
}

// Fixed are the likings that this run of the program was told otherwise.
type Fixed struct{ Look, Lang, Size bool }

// prefs is the file of all agents' likings on this workstation; an agent's id is
// of one desk alone. "" keeps them in memory.
type prefs struct {
	file string
	of   map[desk.ID]pref
}

// read takes the file in; a file that cannot be read holds no likings.
func (p *prefs) read() {
	if p.of == nil {
		p.of = map[desk.ID]pref{}
	}
	if p.file == "" {
		return
	}
	if b, err := os.ReadFile(p.file); err == nil {
		of := map[desk.ID]pref{}
		if json.Unmarshal(b, &of) == nil {
			p.of = of
		}
	}
}

// write changes one agent's likings; other windows may have changed the others'.
func (p *prefs) write(me desk.ID, change func(*pref)) error {
	p.read()
	x := p.of[me]
	change(&x)
	if x == p.of[me] {
		return nil
	}
	p.of[me] = x
	if p.file == "" {
		return nil
	}
	b, err := json.Marshal(p.of)
	if err != nil {
		return err
	}
	return writeWhole(p.file, b)
}

// writeWhole writes a file whole and synced, and then puts it in the place of the
// old one.
func writeWhole(file string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// remember keeps a liking of whoever is signed in.
func (w *Window) remember(change func(*pref)) {
	if w.token == "" {
		return
	}
	if err := w.prefs.write(w.state.Me, change); err != nil {
		w.failed(fmt.Errorf("remember how you like the window: %w", err))
	}
}

// rememberSize keeps the size of the window, if it was changed since it was
// restored.
func (w *Window) rememberSize() {
	size := w.sheet.Size()
	if w.Fixed.Size || size == w.sized || size.Width <= 0 {
		return
	}
	w.remember(func(p *pref) { p.Width, p.Height = size.Width, size.Height })
}

// restore makes the window as the agent who has signed in likes it; what they never
// chose is as it was before anybody signed in.
func (w *Window) restore() {
	w.prefs.read()
	p := w.prefs.of[w.state.Me]
	next := look.Named(p.Look)
	if next == nil || w.Fixed.Look {
		next = w.base.palette
	}
	if next.Name != w.Palette.Name {
		w.Palette = next
		w.applyTheme()
	}
	lang := p.Lang
	if lang == "" || w.Fixed.Lang {
		lang = w.base.lang
	}
	if lang != w.words.Lang {
		if err := w.setLanguage(lang); err != nil {
			w.failed(err)
		}
	}
	w.roomy = p.Roomy
	if p.Width > 0 && !w.Fixed.Size && w.Resize != nil {
		w.Resize(fyne.NewSize(max(p.Width, smallest.Width), max(p.Height, smallest.Height)))
	}
	w.sized = w.sheet.Size()
}

// nextRows changes between compact and comfortable rows.
func (w *Window) nextRows() {
	w.roomy = !w.roomy
	w.remember(func(p *pref) { p.Roomy = w.roomy })
	w.Refresh()
}

// rowHeight is the height of a row of a table.
func (w *Window) rowHeight() float32 {
	if w.roomy {
		return 44
	}
	return 34
}
