// Package slip is the sheet of a survey that is handed to a user, on paper.
package slip

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	qrcode "github.com/skip2/go-qrcode"

	"punto/reports/scene"
)

// Slip is a sheet that is handed to a user: the code and the address of a survey, which
// serve once.
type Slip struct {
	Lang            string // es, en, pt
	Client          string
	Number, Subject string
	URL             string
	Until           time.Time // in the zone in which it is printed
	Made            time.Time
}

// A6, millimetres, and the code in it.
const (
	width, height = 105.0, 148.0
	margin        = 9.0
	side          = 62.0
)

type wording struct{ desk, title, how, until, private string }

var said = map[string]wording{
	"es": {"Mesa de ayuda", "¿Cómo le atendimos?", "Lea el código con su teléfono en la red de la oficina, o escriba la dirección:", "Sirve una vez y vence el %s.", "Su nombre no sale en los resultados."},
	"en": {"Help desk", "How did we do?", "Scan the code with your phone on the office network, or type the address:", "It works once and expires on %s.", "Your name is not in the results."},
	"pt": {"Central de ajuda", "Como foi o atendimento?", "Leia o código com o seu telefone na rede do escritório, ou escreva o endereço:", "Serve uma vez e vence em %s.", "O seu nome não aparece nos resultados."}}

// Write writes the sheet as a PDF of one A6 page.
func Write(w io.Writer, s Slip) error {
	page, err := Page(s)
	if err != nil {
		return err
	}
	words := said[s.lang()]
	return scene.WritePDF(w, []*scene.Scene{page}, scene.Document{Title: words.title + " · " + s.Number, Author: words.desk, Lang: s.lang(), Made: s.Made})
}

func (s Slip) lang() string {
	if _, ok := said[s.Lang]; ok {
		return s.Lang
	}
	return "es"
}

// Page lays the sheet out.
func Page(s Slip) (*scene.Scene, error) {
	if s.URL == "" {
		return nil, errors.New("a slip needs the address of its survey: there is none")
	}
	code, err := qrcode.New(s.URL, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("make the code of %s: %w", s.URL, err)
	}
	code.DisableBorder = true // the sheet is white around it
	words, p := said[s.lang()], scene.New(width, height)
	ink, muted, white := scene.Color{R: 0x14, G: 0x21, B: 0x3d}, scene.Color{R: 0x56, G: 0x61, B: 0x73}, scene.Color{R: 0xff, G: 0xff, B: 0xff}
	room := width - 2*margin
	p.Box(scene.Rect{W: width, H: 15}, 0, ink)
	p.Disc(scene.Point{X: margin + 2, Y: 7.5}, 1.8, white)
	name := scene.Width(scene.Bold, 11, words.desk)
	p.Text(scene.Text{X: margin + 6, Y: 9, S: words.desk, Face: scene.Bold, Size: 11, Color: white})
	p.Text(scene.Text{X: width - margin, Y: 9, S: scene.Fit(scene.Regular, 8, room-name-12, s.Client), Size: 8, Color: scene.Mix(ink, white, 0.7), Align: scene.Right})
	p.Text(scene.Text{X: margin, Y: 25, S: words.title, Face: scene.Bold, Size: 15, Color: ink})
	p.Text(scene.Text{X: margin, Y: 31, S: scene.Fit(scene.Regular, 8, room, s.Number+" · "+s.Subject), Size: 8, Color: muted})
	bits := code.Bitmap()
	cell, left, top := side/float64(len(bits)), (width-side)/2, 37.0
	for y, row := range bits {
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if x > from { // a run of dark cells is one box, without seams
				p.Box(scene.Rect{X: left + float64(from)*cell, Y: top + float64(y)*cell, W: float64(x-from) * cell, H: cell * 1.02}, 0, scene.Color{})
			}
		}
	}
	y := top + side + 8
	line := func(text string, face scene.Face, size float64, c scene.Color, most int) {
		for i, t := range scene.Wrap(face, size, room, text) {
			if i == most {
				return
			}
			p.Text(scene.Text{X: margin, Y: y, S: t, Face: face, Size: size, Color: c})
			y += size * 0.5
		}
	}
	line(words.how, scene.Regular, 8, ink, 3)
	host, path, _ := strings.Cut(s.URL, "/e/")
	line(host+"/e/", scene.Bold, 9, ink, 2)
	line(path, scene.Bold, 9, ink, 2)
	y += 2
	line(fmt.Sprintf(words.until, s.Until.Format("02/01/2006 15:04")), scene.Regular, 8, muted, 2)
	line(words.private, scene.Regular, 8, muted, 2)
	return p, nil
}
