package scene

import (
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"

	"punto/reports/fonts"
)

// Text is measured here once and for all, with the embedded faces: paper, screen and the
// tests that nothing is cut agree on every width.

const mmPerPoint = 25.4 / 72

// Face is one of the embedded faces; the zero value is Regular.
type Face uint8

// The faces. Symbols is the fallback and is seldom asked for by name.
const (
	Regular Face = iota
	Bold
	Italic
	Symbols
	faceCount
)

// substitute stands for whatever no face can show.
const substitute = '·'

// common is the end of the range of runes whose glyphs are looked up once: all
// European letters and the usual signs.
const common = 0x2300

// typefaces are the parsed faces with the glyph and advance (in ems) of each
// common rune; read-only once made.
type typefaces struct {
	font   [faceCount]*sfnt.Font
	glyphs [faceCount][common]sfnt.GlyphIndex
	widths [faceCount][common]float64
}

var faces = sync.OnceValues(func() (*typefaces, error) {
	var t typefaces
	for i, b := range [faceCount][]byte{fonts.Regular(), fonts.Bold(), fonts.Italic(), fonts.Symbols()} {
		f, err := sfnt.Parse(b)
		if err != nil {
			return nil, fmt.Errorf("the embedded face %d cannot be read: %w; build the program again", i, err)
		}
		t.font[i] = f
	}
	t.learn()
	return &t, nil
})

func (t *typefaces) learn() {
	var b sfnt.Buffer
	for f := range faceCount {
		for r := range rune(common) {
			t.glyphs[f][r] = t.lookUp(&b, f, r)
			t.widths[f][r] = t.measure(&b, f, t.glyphs[f][r])
		}
	}
}

// parsed returns the faces; they are part of the program and a test reads each.
func parsed() *typefaces {
	t, err := faces()
	if err != nil {
		panic(err)
	}
	return t
}

func (t *typefaces) glyph(b *sfnt.Buffer, f Face, r rune) sfnt.GlyphIndex {
	if r >= 0 && r < common {
		return t.glyphs[f][r]
	}
	return t.lookUp(b, f, r)
}

func (t *typefaces) lookUp(b *sfnt.Buffer, f Face, r rune) sfnt.GlyphIndex {
	g, err := t.font[f].GlyphIndex(b, r)
	if err != nil {
		return 0
	}
	return g
}

// Clean is the gate that all text passes. What comes out is valid UTF-8, has
// no rune above U+FFFF, no control or invisible characters, composed accents,
// and only runes that a face can show; others become "·". Bytes that are not
// UTF-8 are read as Latin-1, which is what old imports are. Clean(Clean(s)) is
// Clean(s).
func Clean(s string) string {
	if plain(s) {
		return s
	}
	t := parsed()
	var b sfnt.Buffer
	var out strings.Builder
	for _, r := range norm.NFC.String(decode(s)) {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			out.WriteByte(' ')
		case r == 0xad || unicode.Is(unicode.Cf, r):
		case unicode.IsControl(r) || r > 0xffff || !t.covers(&b, r):
			out.WriteRune(substitute)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// plain tells whether s is printable ASCII, which every face shows.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

func decode(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			r = rune(s[i])
		}
		out.WriteRune(r)
		i += n
	}
	return out.String()
}

// covers holds for runes that every main face or the fallback shows.
func (t *typefaces) covers(b *sfnt.Buffer, r rune) bool {
	if t.glyph(b, Symbols, r) != 0 {
		return true
	}
	return t.glyph(b, Regular, r) != 0 && t.glyph(b, Bold, r) != 0 && t.glyph(b, Italic, r) != 0
}

// run is a stretch of text that one face can show.
type run struct {
	face Face
	s    string
}

// split cuts clean text in runs: the wanted face where it has the glyph, the
// fallback elsewhere.
func split(f Face, s string) []run {
	if plain(s) {
		return []run{{f, s}}
	}
	t := parsed()
	var b sfnt.Buffer
	var runs []run
	from, now := 0, f
	for i, r := range s {
		want := f
		if t.glyph(&b, f, r) == 0 {
			want = Symbols
		}
		if want != now && i > from {
			runs = append(runs, run{now, s[from:i]})
			from = i
		}
		now = want
	}
	return append(runs, run{now, s[from:]})
}

// Width returns the advance of s in millimetres at size points. It is the sum
// of the faces' advances (no kerning), for all back ends alike.
func Width(f Face, size float64, s string) float64 { return spaced(f, size, 0, Clean(s)) }

func spaced(f Face, size, spacing float64, s string) float64 {
	t := parsed()
	var b sfnt.Buffer
	w := 0.0
	for _, r := range split(f, s) {
		for _, c := range r.s {
			w += t.advance(&b, r.face, c)*size + spacing
		}
	}
	return w * mmPerPoint
}

// advance is in ems.
func (t *typefaces) advance(b *sfnt.Buffer, f Face, r rune) float64 {
	if r >= 0 && r < common {
		return t.widths[f][r]
	}
	return t.measure(b, f, t.lookUp(b, f, r))
}

func (t *typefaces) measure(b *sfnt.Buffer, f Face, g sfnt.GlyphIndex) float64 {
	upem := t.font[f].UnitsPerEm()
	a, err := t.font[f].GlyphAdvance(b, g, fixed.I(int(upem)), font.HintingNone)
	if err != nil {
		return 0
	}
	return float64(a) / 64 / float64(upem)
}

// Fit returns s, or as much of it as fits in width millimetres with "…" after.
func Fit(f Face, size, width float64, s string) string {
	s = Clean(s)
	if Width(f, size, s) <= width {
		return s
	}
	runes := []rune(s)
	lo, hi := 0, len(runes)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if Width(f, size, string(runes[:mid])+"…") <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return strings.TrimRight(string(runes[:lo]), " ,;·") + "…"
}

// Wrap breaks s at spaces into lines of at most width millimetres; a word that
// is wider alone is cut between letters. A sign that starts with "%" stays with
// its number. Empty text gives no lines.
func Wrap(f Face, size, width float64, s string) []string {
	var lines []string
	line := ""
	for _, w := range words(Clean(s)) {
		joined := w
		if line != "" {
			joined = line + " " + w
		}
		if Width(f, size, joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		var cut []string
		cut, line = chop(f, size, width, w)
		lines = append(lines, cut...)
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

func words(s string) []string {
	var out []string
	for _, w := range strings.Fields(s) {
		if len(out) > 0 && strings.HasPrefix(w, "%") {
			out[len(out)-1] += " " + w
			continue
		}
		out = append(out, w)
	}
	return out
}

// chop cuts a word in lines of at most width and returns what is left over.
func chop(f Face, size, width float64, w string) (lines []string, rest string) {
	for _, r := range w {
		if rest != "" && Width(f, size, rest+string(r)) > width {
			lines = append(lines, rest)
			rest = ""
		}
		rest += string(r)
	}
	return lines, rest
}
