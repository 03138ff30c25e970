package table

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"
)

// told is what a file gives: "line: cells" or "line! reason".
func told(t testing.TB, in io.Reader, comma rune) (out []string) {
	t.Helper()
	r := NewReader(in, comma)
	for {
		row, err := r.Next()
		var bad *RowError
		switch {
		case err == io.EOF:
			return out
		case errors.As(err, &bad):
			if bad.Line != row.Line {
				t.Errorf("the row of line %d is bad on line %d", row.Line, bad.Line)
			}
			out = append(out, fmt.Sprintf("%d! %s", bad.Line, bad.Reason))
		case err != nil:
			t.Fatal(err)
		default:
			out = append(out, fmt.Sprintf("%d: %s", row.Line, strings.Join(row.Cells, "|")))
		}
	}
}

func TestRowsOfCSV(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"plain", "a,b\nc,d\n", []string{"1: a|b", "2: c|d"}},
		{"no last line end", "a,b\r\nc,", []string{"1: a|b", "2: c|"}},
		{"quotes", "\"a,\"\"b\"\"\",c\r\n\"\",d\n", []string{"1: a,\"b\"|c", "2: |d"}},
		{"a line end in a cell", "\"a\nb\",c\nd,e\n", []string{"1: a\nb|c", "3: d|e"}},
		{"a quote in a cell", "a \"b\" c,d\n\"e \"f\" g\",h\n", []string{"1: a \"b\" c|d", "2: e \"f\" g|h"}},
		{"empty lines", "\n\r\na\n\n\nb\n\n", []string{"3: a", "6: b"}},
		{"nothing", "", nil},
		{"only line ends", "\n\r\n\n", nil},
		{"a quote that is not closed", "a,b\n\"c,d\ne,f\ng,h\n", []string{"1: a|b", "2! " + errOpen.Error(), "3: e|f", "4: g|h"}},
		{"the last one is not closed", "a,b\n\"c", []string{"1: a|b", "2! " + errOpen.Error()}},
		{"a zero byte", "a,b\nc\x00,d\ne,f\n", []string{"1: a|b", "2! " + errZero.Error(), "3: e|f"}},
		{"a separator at the end of all", "a,", []string{"1: a|"}},
		{"a quote at the end of all", "a,\"b\"", []string{"1: a|b"}},
		{"an empty quoted cell at the end", "a,\"\"", []string{"1: a|"}},
	} {
		for _, in := range []io.Reader{strings.NewReader(c.text), oneByte{strings.NewReader(c.text)}} {
			if got := told(t, in, 0); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s: %q, not %q", c.name, got, c.want)
			}
		}
	}
	if got := told(t, strings.NewReader("a\u2502b\u2502\"c\u2502\"\n"), '\u2502'); !reflect.DeepEqual(got, []string{"1: a|b|c\u2502"}) {
		t.Errorf("a separator of three bytes: %q", got)
	}
}

type oneByte struct{ r io.Reader }

func (o oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:min(1, len(p))]) }

// What the standard library reads without doubts is read alike.
func TestRowsAreThoseOfTheStandardLibrary(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	for range 3000 {
		var text bytes.Buffer
		w := csv.NewWriter(&text)
		w.UseCRLF = r.IntN(2) == 0
		var rows [][]string
		for range r.IntN(5) {
			row := make([]string, 1+r.IntN(4))
			for i := range row {
				for range r.IntN(4) {
					row[i] += []string{"a", "ñ", ",", "\"", "\n", " ", ";"}[r.IntN(7)]
				}
			}
			if len(row) > 1 || row[0] != "" {
				rows = append(rows, row)
				if err := w.Write(row); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.Flush()
		in := NewReader(bytes.NewReader(text.Bytes()), ',')
		var got [][]string
		for {
			row, err := in.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("seed %d: %v in %q", seed, err, text.String())
			}
			got = append(got, row.Cells)
		}
		norm := func(rs [][]string) string { return strings.ReplaceAll(fmt.Sprintf("%q", rs), `\r`, "") }
		if norm(got) != norm(rows) {
			t.Fatalf("seed %d: %q gave %q", seed, text.String(), got)
		}
	}
}

// repeated is a text again and again, of so many bytes.
type repeated struct {
	text string
	left int64
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && r.left > 0 {
		k := copy(p[n:min(len(p), n+int(min(r.left, int64(len(p)))))], r.text[r.at:])
		n, r.left, r.at = n+k, r.left-int64(k), (r.at+k)%len(r.text)
	}
	return n, nil
}

// held is how much memory the reading of a file takes at most, looked at now and
// then.
func held(t *testing.T, in io.Reader) (rows, bad int, most uint64) {
	t.Helper()
	r := NewReader(in, 0)
	for n := 0; ; n++ {
		_, err := r.Next()
		var row *RowError
		switch {
		case err == io.EOF:
			return rows, bad, most
		case errors.As(err, &row):
			bad++
		case err != nil:
			t.Fatal(err)
		default:
			rows++
		}
		if n%200_000 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}
	}
}

func TestAnOpenQuoteOfAHugeFileCostsItsOwnLine(t *testing.T) {
	rest := &repeated{text: "7,Ana,Lima\n", left: 64 << 20}
	rows, bad, most := held(t, io.MultiReader(strings.NewReader("1,Eva,\"Lima\n"), rest))
	if want := int(64<<20) / len(rest.text); rows < want-1 || rows > want+1 || bad < 1 || bad > 2 || most > 64<<20 {
		t.Errorf("%d rows and %d bad ones, of %d; %d bytes were held", rows, bad, want, most)
	}
}

func TestAFileFullOfOpenQuotesEnds(t *testing.T) {
	rows, bad, _ := held(t, &repeated{text: "1,\"Eva,Lima\n2,Ana,Lima\n", left: 4 << 20})
	if rows == 0 || bad < maxOpen {
		t.Errorf("%d rows, %d bad", rows, bad)
	}
}

func TestALineLongerThanARecordIsOneBadRow(t *testing.T) {
	for name, long := range map[string]io.Reader{"plain": &repeated{text: "x", left: 10 << 20}, "separators": &repeated{text: ",", left: 10 << 20},
		"quoted": io.MultiReader(strings.NewReader(`"`), &repeated{text: "x", left: 10 << 20}, strings.NewReader(`"`))} {
		got := told(t, io.MultiReader(strings.NewReader("a,b\n"), long, strings.NewReader("\nc,d\n")), 0)
		if len(got) != 3 || got[0] != "1: a|b" || !strings.HasPrefix(got[1], "2! ") || got[2] != "3: c|d" {
			t.Errorf("%s: %.200q", name, got)
		}
	}
	wide := told(t, strings.NewReader(strings.Repeat(",", MaxColumns)+"\na\n\""+strings.Repeat("x", MaxCell+1)+"\"\nb\n"), 0)
	if len(wide) != 4 || !strings.HasPrefix(wide[0], "1! ") || wide[1] != "2: a" || !strings.HasPrefix(wide[2], "3! ") || wide[3] != "4: b" {
		t.Errorf("%.200q", wide)
	}
}

// At its limit a row goes in; with one more it is bad, and the next one goes in.
func TestTheLimitsOfARowAreTheirOwnLastValues(t *testing.T) {
	cell, cells := strings.Repeat("x", MaxCell), strings.Repeat(",", MaxColumns-1)
	for _, c := range []struct{ name, good, bad, why string }{
		{"a cell", cell, cell + "x", errCell.Error()},
		{"a quoted cell", `"` + cell + `"`, `"` + cell + `x"`, errCell.Error()},
		{"cells", cells, cells + ",", errColumns.Error()},
	} {
		r := NewReader(strings.NewReader(c.good+"\n"+c.bad+"\nlast\n"), 0)
		if _, err := r.Next(); err != nil {
			t.Errorf("%s at the limit: %v", c.name, err)
		}
		var bad *RowError
		if _, err := r.Next(); !errors.As(err, &bad) || bad.Reason != c.why {
			t.Errorf("%s beyond the limit: %v", c.name, err)
		}
		if row, err := r.Next(); err != nil || !reflect.DeepEqual(row.Cells, []string{"last"}) {
			t.Errorf("%s: after it %q, %v", c.name, row.Cells, err)
		}
	}
}

func TestLines(t *testing.T) {
	in := "uno\r\n\n" + strings.Repeat("x", 50) + "\n\x00tres\n" + strings.Repeat("y", 5000) + "\núltima"
	var got []string
	for l, err := range Lines(strings.NewReader(in), 50) {
		got = append(got, fmt.Sprint(l.Number, " ", l.Text, " ", err))
	}
	want := []string{"1 uno <nil>", "3 " + strings.Repeat("x", 50) + " <nil>", "4  line 4: " + errZero.Error(), "5  line 5: the row is longer than 50 bytes", "6 última <nil>"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
	failing := errors.New("the disk is gone")
	var last error
	for _, err := range Lines(io.MultiReader(strings.NewReader("a\n"), failed{failing}), 50) {
		last = err
	}
	if !errors.Is(last, failing) {
		t.Errorf("a reader that fails ended with %v", last)
	}
}

type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }

func packed(t testing.TB, in io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.Copy(z, in); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAFileIsReadInWhateverItWasWritten(t *testing.T) {
	const text = "id,nombre\n7,Ñandú\n"
	as := func(e unicode.Endianness, b unicode.BOMPolicy) []byte {
		out, err := unicode.UTF16(e, b).NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, b := range map[string][]byte{
		"UTF-8": []byte(text), "UTF-8 with a mark": []byte("\ufeff" + text), "packed": packed(t, strings.NewReader(text)),
		"UTF-16 of Excel": as(unicode.LittleEndian, unicode.UseBOM), "UTF-16, the other way round": as(unicode.BigEndian, unicode.UseBOM),
		"UTF-16 without a mark": as(unicode.LittleEndian, unicode.IgnoreBOM), "the same the other way round": as(unicode.BigEndian, unicode.IgnoreBOM),
		"UTF-16, packed": packed(t, bytes.NewReader(as(unicode.LittleEndian, unicode.UseBOM))),
	} {
		in, err := Open(bytes.NewReader(b))
		if err != nil {
			t.Fatal(name, err)
		}
		if got := told(t, in, 0); !reflect.DeepEqual(got, []string{"1: id|nombre", "2: 7|Ñandú"}) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := Text(" Mar\xeda\x80\tde\nla\x07 Cruz "); got != "María€ de la  Cruz" {
		t.Errorf("Windows-1252 with control characters: %q", got)
	}
}

func TestAFileThatUnpacksToFarTooMuchEnds(t *testing.T) {
	in, err := Open(bytes.NewReader(packed(t, &repeated{text: strings.Repeat("\n", 1<<16), left: 300 << 20})))
	if err != nil {
		t.Fatal(err)
	}
	r := NewReader(in, 0)
	if _, err := r.Next(); !errors.Is(err, ErrBomb) {
		t.Errorf("300 MB of line ends: %v", err)
	}
	if in, err = Open(bytes.NewReader(packed(t, strings.NewReader("a\n"))[:12])); err == nil {
		_, err = NewReader(in, 0).Next()
	}
	if err == nil || err == io.EOF {
		t.Errorf("a packed file that is cut: %v", err)
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b, 0)
	cells := []string{"=1+1", "+56 2", "-2", "@x", "\tx", "\rx", "plain", "", "a=b", "\"=x"}
	if err := w.Write(cells...); err != nil {
		t.Fatal(err)
	}
	got := told(t, &b, 0)
	if want := "1: '=1+1|'+56 2|'-2|'@x|'\tx|'\rx|plain||a=b|\"=x"; len(got) != 1 || got[0] != want {
		t.Errorf("%q, not %q", got, want)
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("a,\"b\nc\"\n\"d,e\nf,g\n"), uint8(0))
	f.Add([]byte("\xff\xfea\x00,\x00"), uint8(1))
	f.Add([]byte("\"\"\"\r\n\r\n,\x00"), uint8(2))
	f.Fuzz(func(t *testing.T, b []byte, kind uint8) {
		if kind%2 == 1 {
			b = packed(t, bytes.NewReader(b))
		}
		in, err := Open(bytes.NewReader(b))
		if err != nil {
			return
		}
		r := NewReader(in, []rune{',', ';', '\t', 'ñ'}[kind/2%4])
		last := 0
		for n := 0; ; n++ {
			row, err := r.Next()
			var bad *RowError
			if err != nil && !errors.As(err, &bad) {
				return
			}
			if row.Line <= last || n > len(b)*4+4 {
				t.Fatalf("line %d comes after line %d", row.Line, last)
			}
			last = row.Line
		}
	})
}

func FuzzLines(f *testing.F) {
	f.Add("a\n\nb\x00\r\nccccccccc\nd", 4)
	f.Fuzz(func(t *testing.T, text string, most int) {
		last, want := 0, 0
		for _, l := range strings.Split(text, "\n") {
			if strings.TrimRight(l, "\r") != "" {
				want++
			}
		}
		got := 0
		for l, err := range Lines(strings.NewReader(text), 1+abs(most)%64) {
			if l.Number <= last || err == nil && (l.Text == "" || strings.Contains(l.Text, "\n")) {
				t.Fatalf("line %d after %d: %q, %v", l.Number, last, l.Text, err)
			}
			last = l.Number
			got++
		}
		if got != want {
			t.Fatalf("%d rows, not %d", got, want)
		}
	})
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}
