package scene

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/jung-kurt/gofpdf"

	"punto/reports/fonts"
)

// Document is what a PDF says about itself. Nothing in it comes from the
// machine: the same document and pages give the same bytes.
type Document struct {
	Title, Author, Subject, Keywords string
	Lang                             string    // BCP 47, such as "es"; empty: not stated
	Made                             time.Time // printed as the creation and modification date
	Files                            []File    // attached, at most 9
}

// File is a file inside the document.
type File struct {
	Name, About string
	Content     []byte
}

// maxFiles is how many files a document holds: gofpdf names them by their number in a tree
// that readers expect in the order of letters.
const maxFiles = 9

// family is the font family's name inside the file; styles per Face.
const family = "punto"

// styles are gofpdf's names; the fallback has its own family.
func fontOf(f Face) (name, style string) {
	switch f {
	case Bold:
		return family, "B"
	case Italic:
		return family, "I"
	case Symbols:
		return family + "s", ""
	}
	return family, ""
}

// WritePDF writes the pages as one PDF file: vectors and selectable text, fonts
// embedded as subsets. Errors come from w, or name the page's size.
func WritePDF(w io.Writer, pages []*Scene, d Document) error {
	if len(pages) == 0 {
		return fmt.Errorf("a PDF needs at least one page: there is none to write")
	}
	p := &pdf{Fpdf: gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", Size: gofpdf.SizeType{Wd: pages[0].W, Ht: pages[0].H}})}
	if len(d.Files) > maxFiles {
		return fmt.Errorf("a PDF holds %d files and not %d: attach fewer", maxFiles, len(d.Files))
	}
	p.describe(d)
	outlined := false
	for _, s := range pages {
		p.AddPageFormat("P", gofpdf.SizeType{Wd: s.W, Ht: s.H})
		for _, m := range s.Marks {
			level := min(max(m.Level, 0), 1)
			if !outlined { // the first entry stands under none
				level, outlined = 0, true
			}
			p.SetFont(family, "", 8) // entries are written in the form of the font
			p.Bookmark(m.S, level, m.Y)
		}
		p.page(s)
	}
	var buf bytes.Buffer
	if err := p.Output(&buf); err != nil {
		return fmt.Errorf("writing the PDF: %w", err)
	}
	_, err := w.Write(withLang(buf.Bytes(), d.Lang))
	return err
}

// pdf is the one place that knows gofpdf.
type pdf struct {
	*gofpdf.Fpdf
}

func (p *pdf) describe(d Document) {
	p.SetMargins(0, 0, 0)
	p.SetAutoPageBreak(false, 0)
	p.SetCatalogSort(true)
	p.SetCreationDate(d.Made.UTC())
	p.SetModificationDate(d.Made.UTC())
	p.SetProducer("Punto", true)
	p.SetTitle(Clean(d.Title), true)
	p.SetAuthor(Clean(d.Author), true)
	p.SetSubject(Clean(d.Subject), true)
	p.SetKeywords(Clean(d.Keywords), true)
	for f, b := range [faceCount][]byte{fonts.Regular(), fonts.Bold(), fonts.Italic(), fonts.Symbols()} {
		name, style := fontOf(Face(f))
		p.AddUTF8FontFromBytes(name, style, b)
	}
	p.SetLineJoinStyle("round")
	var files []gofpdf.Attachment
	for _, f := range d.Files {
		files = append(files, gofpdf.Attachment{Content: f.Content, Filename: Clean(f.Name), Description: Clean(f.About)})
	}
	p.SetAttachments(files)
}

func (p *pdf) page(s *Scene) {
	for _, op := range s.Ops {
		if op.Path != nil {
			p.path(op.Path)
		} else {
			p.text(op.Text)
		}
	}
}

func (p *pdf) path(q *Path) {
	style := ""
	if q.Fill != nil {
		p.SetFillColor(int(q.Fill.R), int(q.Fill.G), int(q.Fill.B))
		style = "F"
	}
	if q.Stroke != nil {
		p.SetDrawColor(int(q.Stroke.R), int(q.Stroke.G), int(q.Stroke.B))
		p.SetLineWidth(q.Width)
		p.SetDashPattern(q.Dash, 0)
		style = map[string]string{"": "D", "F": "DF"}[style]
	}
	if style == "" {
		return
	}
	for _, s := range q.Segs {
		switch s.Verb {
		case Move:
			p.MoveTo(s.P[0].X, s.P[0].Y)
		case LineTo:
			p.LineTo(s.P[0].X, s.P[0].Y)
		case Cubic:
			p.CurveBezierCubicTo(s.P[0].X, s.P[0].Y, s.P[1].X, s.P[1].Y, s.P[2].X, s.P[2].Y)
		case Close:
			p.ClosePath()
		}
	}
	p.DrawPath(style)
}

func (p *pdf) text(t *Text) {
	x := t.Start()
	p.SetTextColor(int(t.Color.R), int(t.Color.G), int(t.Color.B))
	if t.Spacing != 0 {
		p.RawWriteStr(fmt.Sprintf("%.3f Tc\n", t.Spacing))
	}
	for _, r := range split(t.Face, t.S) {
		name, style := fontOf(r.face)
		p.SetFont(name, style, t.Size)
		p.Text(x, t.Y, r.s)
		x += spaced(r.face, t.Size, t.Spacing, r.s)
	}
	if t.Spacing != 0 {
		p.RawWriteStr("0 Tc\n")
	}
}

// withLang adds the language and "show the title" to the catalog, which gofpdf
// writes as the last object: only the place of the cross references moves.
// A file of another shape is returned as it is.
func withLang(b []byte, lang string) []byte {
	const catalog, mark = "/Type /Catalog\n", "startxref\n"
	at, sx := bytes.LastIndex(b, []byte(catalog)), bytes.LastIndex(b, []byte(mark))
	if lang == "" || at < 0 || sx < at {
		return b
	}
	digits := bytes.IndexByte(b[sx+len(mark):], '\n')
	if digits < 0 {
		return b
	}
	old, err := strconv.Atoi(string(b[sx+len(mark) : sx+len(mark)+digits]))
	if err != nil {
		return b
	}
	add := "/Lang (" + safeLang(lang) + ")\n/ViewerPreferences << /DisplayDocTitle true >>\n"
	at += len(catalog)
	out := append([]byte{}, b[:at]...)
	out = append(append(out, add...), b[at:sx+len(mark)]...)
	out = strconv.AppendInt(out, int64(old+len(add)), 10)
	return append(out, b[sx+len(mark)+digits:]...)
}

func safeLang(s string) string {
	ok := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if c := s[i]; c == '-' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			ok = append(ok, c)
		}
	}
	return string(ok)
}
