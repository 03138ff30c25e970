package reports

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"punto/reports/chart"
	"punto/reports/scene"
)

// Each chart stands alone in its box, whatever the month, and no text of it is lost: the web
// page shows what paper does.
func TestEachChartStandsInABoxOfItsOwn(t *testing.T) {
	for name, m := range months() {
		all, err := Figures(m)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range all {
			checkTexts(t, name+" "+f.Table, i, f.Scene)
			box := scene.Rect{W: f.Scene.W, H: f.Scene.H}
			for _, h := range f.Scene.Hints {
				if !box.Contains(h.Rect, 0.5) {
					t.Errorf("%s, %s: %q is pointed at outside, at %v", name, f.Table, h.S, h.Rect)
				}
			}
			if f.Title == "" || !strings.Contains(f.Desc, "«") && !strings.Contains(f.Desc, "“") {
				t.Errorf("%s, %s is told as %q, %q", name, f.Table, f.Title, f.Desc)
			}
		}
	}
	all, _ := Figures(sample())
	if len(all) != len(allFigures()) {
		t.Errorf("the sample has %d charts of %d", len(all), len(allFigures()))
	}
	if all, _ := Figures(months()["empty"]); len(all) > 1 {
		t.Errorf("an empty month has %d charts", len(all))
	}
}

// The picture of a chart has a title, a text in its place and the values as hints, in the
// colours of paper and with names for those of the night; hostile words do nothing in it.
func TestAPictureTellsWhatItShows(t *testing.T) {
	m := hostile()
	m.Frequent[0].Name = `</text><script>x()</script>`
	all, err := Figures(m)
	if err != nil {
		t.Fatal(err)
	}
	hints := map[string]int{}
	for _, f := range all {
		var b bytes.Buffer
		if err := scene.WriteSVG(&b, f.Scene, scene.Picture{ID: "x", Title: f.Title, Desc: f.Desc, Lang: "es"}); err != nil {
			t.Fatal(err)
		}
		var texts []string
		d := xml.NewDecoder(&b)
		for in := ""; ; {
			tok, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s is not well formed: %v", f.Table, err)
			}
			switch e := tok.(type) {
			case xml.StartElement:
				in = e.Name.Local
				switch in {
				case "svg", "title", "desc", "path", "rect", "text":
				default:
					t.Errorf("%s has a %s", f.Table, in)
				}
				for _, a := range e.Attr {
					if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || a.Name.Local == "style" {
						t.Errorf("%s does something: %s", f.Table, a.Name.Local)
					}
				}
			case xml.EndElement:
				in = ""
			case xml.CharData:
				if in == "title" || in == "desc" {
					texts = append(texts, string(e))
				}
			}
		}
		if len(texts) < 2 || texts[0] != f.Title || texts[1] != f.Desc {
			t.Fatalf("%s is told by %q", f.Table, texts)
		}
		hints[f.Table] = len(texts) - 2
	}
	if hints["calls-by-day"] != len(m.CallsByDay) || hints["frequent"] == 0 || hints["calls"] != 6 || hints["compliance"] != 13 {
		t.Errorf("values to point at: %v", hints)
	}
	for _, f := range all {
		for _, h := range f.Scene.Hints {
			if d := m.CallsByDay[0]; f.Table == "calls-by-day" && h == f.Scene.Hints[0] && !strings.Contains(h.S, es.t("answered")+" "+es.Number(float64(d.Answered), 0)) {
				t.Errorf("the first day says %q", h.S)
			}
		}
	}
	var b bytes.Buffer
	if err := WriteHTML(&b, m); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "<svg "); n != len(all) || strings.Contains(b.String(), "<script") {
		t.Errorf("the web page has %d pictures of %d", n, len(all))
	}
	ids := regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(b.String(), -1)
	var names []string
	for _, id := range ids {
		if slices.Contains(names, id[1]) {
			t.Errorf("%q names two things of the page", id[1])
		}
		names = append(names, id[1])
	}
	for _, c := range []scene.Color{chart.Accent, chart.Ink, chart.Failure} {
		if !strings.Contains(b.String(), ".f"+c.Hex()+"{fill:#"+chart.Dark(c).Hex()+"}") {
			t.Errorf("the night has no colour for %s", c.Hex())
		}
	}
}

// At night numbers can be read on every step of a heat map, and words on the card.
func TestColoursOfTheNightCanBeRead(t *testing.T) {
	light := func(c scene.Color) float64 {
		l := func(v uint8) float64 {
			f := float64(v) / 255
			if f <= 0.04045 {
				return f / 12.92
			}
			return math.Pow((f+0.055)/1.055, 2.4)
		}
		return 0.2126*l(c.R) + 0.7152*l(c.G) + 0.0722*l(c.B)
	}
	ratio := func(a, b scene.Color) float64 {
		x, y := light(a), light(b)
		return (max(x, y) + 0.05) / (min(x, y) + 0.05)
	}
	card := scene.Color{R: 0x18, G: 0x23, B: 0x3c} // of the web page
	for _, c := range []scene.Color{chart.Ink, chart.Body, chart.Muted, chart.Accent, chart.Failure, chart.Watch, chart.Fine} {
		if r := ratio(chart.Dark(c), card); r < 4.5 {
			t.Errorf("%s at night is read at %.2f to 1", c.Hex(), r)
		}
	}
	s := scene.New(100, 20)
	chart.Heat(s, scene.Rect{W: 100, H: 20}, []string{"d"}, []string{"0", "1", "2", "3", "4"}, [][]float64{{1, 21, 41, 61, 100}}, func(v float64) string { return es.Number(v, 0) })
	ground := scene.Color{}
	n := 0
	for _, op := range s.Ops {
		if op.Path != nil && op.Path.Fill != nil {
			ground = *op.Path.Fill
		}
		if op.Text != nil && op.Text.Align == scene.Center && n < 5 {
			for _, x := range [][2]scene.Color{{op.Text.Color, ground}, {chart.Dark(op.Text.Color), chart.Dark(ground)}} {
				if r := ratio(x[0], x[1]); r < 4.5 {
					t.Errorf("%q is read at %.2f to 1 on %s", op.Text.S, r, x[1].Hex())
				}
			}
			n++
		}
	}
	if n != 5 {
		t.Errorf("%d cells", n)
	}
}

// The outline of the file names each part on its page, the sections under them, and the
// figures go inside as files of rows.
func TestThePagesHaveAnOutlineAndTheirRows(t *testing.T) {
	for name, m := range months() {
		pages := layout(m)
		var heads []string
		for i, s := range pages {
			y := -10.0
			for _, k := range s.Marks {
				if k.Y < y-15 || k.Y > s.H {
					t.Errorf("%s, page %d: %q is marked at %v", name, i+1, k.S, k.Y)
				}
				y = k.Y
				if k.Level == 0 {
					heads = append(heads, k.S)
				}
			}
		}
		l := m.language()
		for _, want := range []string{"part summary", "demand", "cases title", "follow title"} {
			if !slices.Contains(heads, scene.Clean(l.t(want))) {
				t.Errorf("%s: the outline has no %q: %q", name, l.t(want), heads)
			}
		}
	}
	m := sample()
	b := pdfOf(t, m)
	if n := bytes.Count(b, []byte("/Type /EmbeddedFile ")); n != len(inside) || !bytes.Contains(b, []byte("/Outlines")) {
		t.Errorf("%d files inside, and an outline %v", n, bytes.Contains(b, []byte("/Outlines")))
	}
	m.Parts = []string{"comments", "demand"} // begins with a section
	m.Comments = []Comment{{Part: "demand", Text: "Nada que decir"}}
	pdfOf(t, m)
	if err := scene.WritePDF(io.Discard, layout(m), scene.Document{Files: make([]scene.File, 10)}); err == nil {
		t.Error("ten files are taken")
	}
}

// What the month is counted by besides stands under the cases, two beside each other; what
// has one name is left to the rows, and calls are not told as cases.
func TestFurtherCutsStandUnderTheCases(t *testing.T) {
	m := sample()
	page := texts(m)[2]
	for _, want := range []string{"3 Media: 53 % de los casos", "Mesa de ayuda: 64 % de los casos", "Casos por sede", "mesa: 95 % de las llamadas"} {
		if !said(page, want) {
			t.Errorf("the page of cases lacks %q: %q", want, page)
		}
	}
	if said(page, "Llamadas por tipo") {
		t.Error("a cut of one row is drawn")
	}
	for _, c := range m.Cuts {
		x := tableOf(t, m, c.ID)
		if len(x.Rows) != len(c.List) || *x.Rows[0][1].Number != float64(c.List[0].N) {
			t.Errorf("%s has %d rows of %d", c.ID, len(x.Rows), len(c.List))
		}
		if want := map[bool]string{true: "Llamadas", false: "Casos"}[c.ID == "queues" || c.ID == "call-types"]; x.Heads[1] != want {
			t.Errorf("%s counts %q", c.ID, x.Heads[1])
		}
	}
	m.Cuts = nil
	if said(texts(m)[2], "Casos por sede") {
		t.Error("a month without cuts has some")
	}
}
