package scene

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
)

// Picture is what an SVG says of itself to whoever does not see it. Both texts are written
// as they are read aloud: a sentence, and where its values are.
type Picture struct {
	ID          string // unlike those of other pictures of the page: letters, digits and hyphens
	Title, Desc string
	Lang        string // BCP 47; empty: that of the page
}

// WriteSVG writes one page as an SVG picture that can stand in a web page: no script, no
// style of its own, nothing from elsewhere. Each fill has the class f and its six hex
// digits, each stroke s and those, so that a page may give it the colours of the night;
// hints are titles of areas. Texts keep the widths of the other back ends. Errors come
// from w.
func WriteSVG(w io.Writer, s *Scene, d Picture) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" role="img" aria-labelledby="%s-t %s-d"`, mm(s.W), mm(s.H), safeLang(d.ID), safeLang(d.ID))
	if d.Lang != "" {
		fmt.Fprintf(&b, ` lang="%s"`, safeLang(d.Lang))
	}
	fmt.Fprintf(&b, "><title id=\"%s-t\">%s</title><desc id=\"%s-d\">%s</desc>\n", safeLang(d.ID), html.EscapeString(Clean(d.Title)), safeLang(d.ID), html.EscapeString(Clean(d.Desc)))
	for _, op := range s.Ops {
		if op.Path != nil {
			svgPath(&b, op.Path)
		} else {
			svgText(&b, op.Text)
		}
	}
	for _, h := range s.Hints {
		fmt.Fprintf(&b, `<rect x="%s" y="%s" width="%s" height="%s" fill="none" pointer-events="all"><title>%s</title></rect>`+"\n", mm(h.Rect.X), mm(h.Rect.Y), mm(h.Rect.W), mm(h.Rect.H), html.EscapeString(h.S))
	}
	b.WriteString("</svg>\n")
	_, err := w.Write(b.Bytes())
	return err
}

// mm writes a length to a hundredth of a millimetre; one that is no number is 0.
func mm(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}

// Hex is the colour as six hex digits.
func (c Color) Hex() string { return fmt.Sprintf("%02x%02x%02x", c.R, c.G, c.B) }

func svgPath(b *bytes.Buffer, p *Path) {
	if p.Fill == nil && p.Stroke == nil {
		return
	}
	b.WriteString(`<path d="`)
	for _, s := range p.Segs {
		switch s.Verb {
		case Move:
			fmt.Fprintf(b, "M%s %s", mm(s.P[0].X), mm(s.P[0].Y))
		case LineTo:
			fmt.Fprintf(b, "L%s %s", mm(s.P[0].X), mm(s.P[0].Y))
		case Cubic:
			fmt.Fprintf(b, "C%s %s %s %s %s %s", mm(s.P[0].X), mm(s.P[0].Y), mm(s.P[1].X), mm(s.P[1].Y), mm(s.P[2].X), mm(s.P[2].Y))
		case Close:
			b.WriteByte('Z')
		}
	}
	b.WriteString(`" class="`)
	fill := "none"
	if p.Fill != nil {
		fill = "#" + p.Fill.Hex()
		b.WriteString("f" + p.Fill.Hex())
	}
	if p.Stroke != nil {
		b.WriteString(" s" + p.Stroke.Hex())
	}
	fmt.Fprintf(b, `" fill="%s"`, fill)
	if p.Stroke != nil {
		fmt.Fprintf(b, ` stroke="#%s" stroke-width="%s" stroke-linejoin="round"`, p.Stroke.Hex(), mm(p.Width))
		for i, d := range p.Dash {
			sep := " "
			if i == 0 {
				sep = ` stroke-dasharray="`
			}
			b.WriteString(sep + mm(d))
		}
		if len(p.Dash) > 0 {
			b.WriteByte('"')
		}
	}
	b.WriteString("/>\n")
}

func svgText(b *bytes.Buffer, t *Text) {
	fmt.Fprintf(b, `<text x="%s" y="%s" font-size="%s" class="f%s" fill="#%s"`, mm(t.X), mm(t.Y), mm(t.Size*mmPerPoint), t.Color.Hex(), t.Color.Hex())
	switch t.Align { // whoever has other letters keeps the end that counts
	case Center:
		b.WriteString(` text-anchor="middle"`)
	case Right:
		b.WriteString(` text-anchor="end"`)
	}
	switch t.Face {
	case Bold:
		b.WriteString(` font-weight="700"`)
	case Italic:
		b.WriteString(` font-style="italic"`)
	}
	fmt.Fprintf(b, ` textLength="%s" lengthAdjust="spacingAndGlyphs" font-family="Noto Sans, sans-serif">%s</text>`+"\n", mm(t.Width()), html.EscapeString(t.S))
}
