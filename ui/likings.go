package ui

import (
	"fmt"

	"fyne.io/fyne/v2"

	"punto/ui/keep"
	"punto/ui/look"
	"punto/ui/words"
)

// base is how the window is for who never said: as it was before anybody signed in.
type base struct {
	palette *look.Palette
	lang    string
}

// Fixed are the likings that this run of the program was told otherwise.
type Fixed struct{ Look, Lang, Size bool }

// Liking implements page.Liker.
func (w *Window) Liking() keep.Liking { return w.prefs.Of(w.kit.State.Me) }

// Like implements page.Liker: it keeps a liking of whoever is signed in.
func (w *Window) Like(change func(*keep.Liking)) {
	if w.token == "" {
		return
	}
	if err := w.prefs.Write(w.kit.State.Me, change); err != nil {
		w.Failed(fmt.Errorf("remember how you like the window: %w", err))
	}
}

// rememberSize keeps the size of the window, if it was changed since it was
// restored.
func (w *Window) rememberSize() {
	size := w.sheet.Size()
	if w.conf.Fixed.Size || size == w.sized || size.Width <= 0 {
		return
	}
	w.Like(func(p *keep.Liking) { p.Width, p.Height = size.Width, size.Height })
}

// restore makes the window as the agent who has signed in likes it; what they never
// chose is as it was before anybody signed in.
func (w *Window) restore() {
	p := w.prefs.Of(w.kit.State.Me)
	next := look.Named(p.Look)
	if next == nil || w.conf.Fixed.Look {
		next = w.base.palette
	}
	if next.Name != w.kit.Look.Name {
		w.kit.Look = next
		w.applyTheme()
	}
	lang := p.Lang
	if lang == "" || w.conf.Fixed.Lang {
		lang = w.base.lang
	}
	if lang != w.kit.Words.Lang {
		if err := w.SetLanguage(lang); err != nil {
			w.Failed(err)
		}
	}
	w.kit.Roomy = p.Roomy
	if p.Width > 0 && !w.conf.Fixed.Size && w.conf.Resize != nil {
		w.conf.Resize(fyne.NewSize(max(p.Width, smallest.Width), max(p.Height, smallest.Height)))
	}
	w.sized = w.sheet.Size()
}

// nextRows changes between compact and comfortable rows.
func (w *Window) nextRows() {
	w.kit.Roomy = !w.kit.Roomy
	w.Like(func(p *keep.Liking) { p.Roomy = w.kit.Roomy })
	w.Refresh()
}

func (w *Window) nextPalette() {
	all := look.Palettes()
	for i, p := range all {
		if p.Name == w.kit.Look.Name {
			w.kit.Look = all[(i+1)%len(all)]
			break
		}
	}
	if w.token == "" {
		w.base.palette = w.kit.Look
	}
	w.applyTheme()
	w.Like(func(p *keep.Liking) { p.Look = w.kit.Look.Name })
	w.Refresh()
}

func (w *Window) nextLanguage() {
	next := map[string]string{"es": "en", "en": "pt", "pt": "es"}[w.kit.Words.Lang]
	if err := w.SetLanguage(next); err != nil {
		w.Failed(err)
		return
	}
	w.Like(func(p *keep.Liking) { p.Lang = next })
}

// SetLanguage says everything in another language.
func (w *Window) SetLanguage(lang string) error {
	next, err := words.New(lang)
	if err != nil {
		return err
	}
	w.kit.Words = next
	if w.token == "" {
		w.base.lang = next.Lang
	}
	w.relabel()
	w.Refresh()
	return nil
}
