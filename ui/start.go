package ui

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/ui/look"
	"punto/ui/page"
	"punto/ui/words"
)

// Trouble is why a desk does not open, as far as a person acts on it.
type Trouble int

// Troubles.
const (
	NoTrouble Trouble = iota // it is being opened
	InUse                    // another program holds it, or is still closing it
	Damaged                  // its files contradict each other
	Newer                    // a later version wrote it
	Denied                   // this user may not read or write it
	Windows                  // too many windows are open on it
	Full                     // its disk is full
	Failed                   // anything else
)

var troubleWords = [...]string{"start.opening", "start.inUse", "start.damaged", "start.newer", "start.denied", "start.windows", "start.full", "start.failed"}

// Start is the content of a window until the desk is open: what it waits for, what
// went wrong and what to do. Who started Punto by a click sees nothing else. It
// belongs to Fyne's goroutine.
type Start struct {
	palette *look.Palette
	words   *words.Words
	retry   func() // tries at once; nil while a try runs
	close   func()
	sheet   *look.Sheet
	trouble Trouble
	folder  string
	detail  string
}

// NewStart makes it; retry is called for another try, close to give up.
func NewStart(lang string, palette *look.Palette, folder string, retry, close func()) (*Start, error) {
	w, err := words.New(lang)
	if err != nil {
		return nil, err
	}
	s := &Start{palette: palette, words: w, folder: folder, retry: retry, close: close}
	s.sheet = look.NewSheet(func() *look.Palette { return s.palette }, smallest, s.draw)
	return s, nil
}

// Content is the object to put into the window.
func (s *Start) Content() fyne.CanvasObject { return s.sheet }

// SetCanvas tells where the content stands: its keys are Enter and Esc.
func (s *Start) SetCanvas(c fyne.Canvas) {
	c.SetOnTypedKey(func(k *fyne.KeyEvent) {
		switch {
		case k.Name == fyne.KeyEscape:
			s.close()
		case (k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter) && s.trouble != NoTrouble:
			s.retry()
		}
	})
}

// Title is that of the window.
func (s *Start) Title() string {
	if s.trouble == NoTrouble {
		return "… · " + s.words.T("app.name")
	}
	return s.words.T(troubleWords[s.trouble]) + " · " + s.words.T("app.name")
}

// Tell shows a trouble, with the program's own words about it.
func (s *Start) Tell(t Trouble, err error) {
	s.trouble, s.detail = t, ""
	if err != nil {
		s.detail = s.said(err)
	}
	s.sheet.Refresh()
}

// said is the error in the user's language; where it holds no sentence that is known,
// with a word before it on whose it is.
func (s *Start) said(err error) string {
	if known := (*app.Error)(nil); errors.As(err, &known) {
		if said := s.words.Failure(known.Form, known.Args); said != "" {
			return said
		}
	}
	if said, ok := s.words.Said(err.Error()); ok {
		return said
	}
	return s.words.T("start.raw") + "\n" + err.Error()
}

// Texts are what it says: for tests.
func (s *Start) Texts() []string { return s.sheet.Texts() }

func (s *Start) draw(p *look.Painter) {
	w := s.words
	p.Rect(0, 0, p.W, p.H, 0, p.Ground, nil, 0)
	p.Rect(0, 0, p.W, barH, 0, p.Bar, nil, 0)
	p.Circle(16, 17, 14, p.OnBarActive, nil, 0)
	p.Text(38, 0, barH, w.T("app.name"), look.Style{Size: 16, Bold: true, Color: p.OnBarActive})
	id := troubleWords[s.trouble]
	x, wd := float32(64), min(p.W-128, 900)
	y := float32(barH + 72)
	if s.trouble == NoTrouble {
		p.Mark(x, y+4, 14, look.NowMark)
		p.TextFit(x+24, y-4, wd, 30, w.T(id), look.Style{Size: 20, Bold: true, Color: p.Ink})
		p.TextFit(x+24, y+32, wd, 22, w.T(id+"Do"), look.Style{Color: p.Muted})
		return
	}
	mark := look.FailMark
	if s.trouble == InUse {
		mark = look.WatchMark
	}
	p.Mark(x, y+9, 14, mark)
	p.TextFit(x+24, y, wd-24, 32, w.T(id), look.Style{Size: 20, Bold: true, Color: p.Ink})
	y += 48
	p.Paragraph(x, y, wd, 80, w.T(id+"Do"), look.Style{})
	y += 92
	p.Text(x, y, 20, w.T("start.folder"), look.Style{Size: 12, Color: p.Muted})
	p.TextFit(x+90, y, wd-90, 20, s.folder, look.Style{Size: 12})
	y += 26
	p.Paragraph(x, y, wd, p.H-actionsH-8-y, s.detail, look.Style{Size: 12, Color: p.Muted})
	p.Rect(0, p.H-actionsH, p.W, actionsH, 0, p.Card, nil, 0)
	p.Line(0, p.H-actionsH, p.W, p.H-actionsH, 1, p.Palette.Line)
	bx := float32(page.Margin)
	for i, b := range []look.Button{{Word: w.T("start.retry"), Key: "Enter", Primary: true}, {Word: w.T("start.close"), Key: "Esc"}} {
		bw := p.Button(bx, p.H-actionsH+10, b)
		p.Tap(bx, p.H-actionsH+10, bw, 36, []func(){s.retry, s.close}[i])
		bx += bw + 8
	}
	if s.trouble == InUse || s.trouble == Full {
		p.Right(p.W-page.Margin, p.H-actionsH+10, 36, w.T("start.waits"), look.Style{Size: 12, Color: p.Muted})
	}
}

// smallest is the least size of a window: a screen of 1366 by 768 at 150 %.
var smallest = fyne.NewSize(910, 512)

// SystemLanguage is the first of some settings, such as "es_PE.UTF-8", that names a
// language; "es" when none does.
func SystemLanguage(settings ...string) string {
	for _, s := range settings {
		if s != "" && s != "C" && !strings.HasPrefix(s, "C.") && s != "POSIX" {
			return s
		}
	}
	return "es"
}
