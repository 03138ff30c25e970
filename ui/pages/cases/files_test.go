package cases

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/stage"
)

// picture is one of some pixels, as PNG.
func picture(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A file is brought by its path, whose rest is offered, by dropping it and out of the
// clipboard; it is opened by its key; what cannot be taken is told by its name.
func TestFilesAreBroughtAndOpened(t *testing.T) {
	opened := make(chan string, 8) // it is opened off the window's goroutine
	clip := []byte(nil)
	system := System{Open: func(name string, content []byte) (string, bool, error) {
		opened <- name + ":" + string(content[:min(4, len(content))])
		return "/tmp/" + name, !strings.HasSuffix(name, ".exe"), nil
	}, Picture: func(context.Context) ([]byte, error) { return clip, nil }}
	s := stage.New(t, true, stage.With("attend", Mine(system), Kind(system)))
	s.SignIn()
	c := openedIn(t, s, desk.Opened{Subject: "No imprime"})
	if !s.Says("Sin archivos") {
		t.Errorf("without files it says %q", s.Texts())
	}
	dir := filepath.Join(t.TempDir(), "informes")
	write := func(name string, b []byte) string {
		t.Helper()
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(dir, name)
		if err := os.WriteFile(at, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return at
	}
	write("Señal torre.txt", []byte("-81 dBm"))
	pic := write("torre.png", picture(t, 300, 20))
	large := write("grande.iso", make([]byte, largestFile+1))

	s.Press("Alt F")
	s.Asked().Field.SetText(filepath.Dir(dir) + string(filepath.Separator) + "inf")
	s.Until("the folder is offered", func() bool { return len(s.Asked().Options) == 1 })
	s.Asked().Field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	s.Until("what lies in it", func() bool { return len(s.Asked().Options) == 3 })
	s.Asked().Field.SetText(s.Asked().Field.Text + "senal")
	s.Until("one of it", func() bool { return len(s.Asked().Options) == 1 && strings.HasPrefix(s.Asked().Options[0], "Señal") })
	s.Press("Alt 1")
	s.Asked().Field.OnEnter()
	s.Until("it is attached", func() bool {
		return len(c.a.Case.Files) == 1 && s.Says("Señal torre.txt") && s.Says("7 B · Administrador")
	})

	s.Drop([]string{pic, large, filepath.Join(dir, "no está")})
	s.Until("what was dropped", func() bool { return len(c.a.Case.Files) == 2 })
	s.Until("its thumbnail", func() bool { return c.thumbs[c.a.Case.Files[1].Hash] != nil })
	if b := c.thumbs[c.a.Case.Files[1].Hash].Image.Bounds(); b.Dx() != 2*thumbW || b.Dy() > 2*thumbH || b.Dy() < 1 {
		t.Errorf("the thumbnail has %v", b)
	}
	for _, x := range []struct{ path, says string }{{large, "grande.iso pasa de 25 MB"}, {filepath.Join(dir, "no está"), "no está no se puede leer"}, {dir, "informes no se puede leer"}} {
		c.Dropped([]string{x.path})
		s.Until(x.says, func() bool { return s.Says(x.says) })
	}
	s.Press("Alt V")
	s.Until("there is no picture", func() bool { return s.Says("No hay una imagen") })
	clip = picture(t, 4, 4)
	s.Press("Alt V")
	s.Until("the picture", func() bool {
		return len(c.a.Case.Files) == 3 && strings.HasPrefix(c.a.Case.Files[2].Name, "imagen-2026-11-23-")
	})

	s.Press("Alt 3") // the newest first
	s.Until("it is opened", func() bool { return len(opened) == 1 })
	if got := <-opened; got != "Señal torre.txt:-81 " {
		t.Errorf("opened: %q", got)
	}
	s.Drop([]string{write("virus.exe", []byte("MZ.."))})
	s.Until("a program", func() bool { return len(c.a.Case.Files) == 4 })
	s.Press("Alt 1")
	s.Until("it is not run", func() bool { return s.Says("Es un programa") && s.Says("/tmp/virus.exe") })
	s.Press("Esc")
	s.Drop([]string{pic})
	if !s.Says("Aquí no se adjuntan archivos") {
		t.Errorf("what is dropped elsewhere: %q", s.Texts())
	}
}

// openedIn is the page of a case in a window of other pages.
func openedIn(t *testing.T, s *stage.Stage, o desk.Opened) *casePage {
	t.Helper()
	r := s.Run(app.OpenCase{Opened: o})
	s.Go("case", r.ID)
	s.Until("the case", func() bool { c, ok := s.Page().(*casePage); return ok && c.a != nil })
	return s.Page().(*casePage)
}

// What says that it is a picture and is not, or would take gigabytes, has no thumbnail.
func TestABombIsNoThumbnail(t *testing.T) {
	var bomb bytes.Buffer
	if err := png.Encode(&bomb, image.NewPaletted(image.Rect(0, 0, 10_000, thumbPixels/10_000+1), color.Palette{color.Black})); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"a bomb": bomb.Bytes(), "text": []byte("hola"), "nothing": nil, "a cut one": picture(t, 30, 30)[:40]} {
		if shrunk(b) != nil {
			t.Errorf("%s has a thumbnail", name)
		}
	}
	if x := shrunk(picture(t, 1, 5000)); x == nil || x.Bounds().Dx() != 1 || x.Bounds().Dy() != 2*thumbH {
		t.Errorf("a narrow picture became %v", x)
	}
}
