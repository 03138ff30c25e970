package table

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// A packed file may unpack to so many times its size beyond the first bytes: logs
// pack to a tenth or a fiftieth.
const (
	maxRatio  = 300
	freeBytes = 64 << 20
)

// ErrBomb says that a packed file is no log.
var ErrBomb = fmt.Errorf("the file unpacks to more than %d times its size, which no table does: unpack it yourself and look at it", maxRatio)

// Open gives the text of a file as UTF-8, whatever it was written as: packed with
// gzip or not, in UTF-8, in UTF-16 with a mark at its beginning or without. A text
// of one byte a letter comes as it is: see Text.
func Open(file io.Reader) (io.Reader, error) {
	counted := &counter{r: file}
	in := bufio.NewReaderSize(counted, 64<<10)
	if b, _ := in.Peek(2); bytes.Equal(b, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("unpack the file: %w", err)
		}
		in = bufio.NewReaderSize(&unpacked{z: z, packed: counted}, 64<<10)
	}
	begin, err := in.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if order, yes := utf16(begin); yes {
		return transform.NewReader(in, utf.BOMOverride(utf.UTF16(order, utf.IgnoreBOM).NewDecoder())), nil
	}
	if bytes.HasPrefix(begin, []byte("\ufeff")) {
		_, _ = in.Discard(3) // they are there
	}
	return in, nil
}

// utf16 tells whether a text is UTF-16, by its mark or by the zero bytes that
// letters, digits and separators have in it.
func utf16(begin []byte) (order utf.Endianness, yes bool) {
	switch {
	case bytes.HasPrefix(begin, []byte{0xff, 0xfe}):
		return utf.LittleEndian, true
	case bytes.HasPrefix(begin, []byte{0xfe, 0xff}):
		return utf.BigEndian, true
	}
	var zeros [2]int
	for i, b := range begin {
		if b == 0 {
			zeros[i%2]++
		}
	}
	pairs := len(begin) / 2
	switch {
	case pairs >= 4 && zeros[0] == 0 && zeros[1] > pairs/2:
		return utf.LittleEndian, true
	case pairs >= 4 && zeros[1] == 0 && zeros[0] > pairs/2:
		return utf.BigEndian, true
	}
	return order, false
}

// counter counts what was read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// unpacked is what a packed file holds, as long as it is believed.
type unpacked struct {
	z      *gzip.Reader
	packed *counter
	n      int64
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.z.Read(p)
	u.n += int64(n)
	if u.n > freeBytes+maxRatio*u.packed.n {
		return 0, ErrBomb
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("unpack the file: %w", err)
	}
	return n, err
}

// Text is a cell fit to store and to show: in UTF-8 (what is none is taken for
// Windows-1252), its line ends and other control characters turned into spaces,
// without outer spaces.
func Text(s string) string {
	plain := true
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			plain = false
			break
		}
	}
	if plain {
		return strings.TrimSpace(s)
	}
	if !utf8.ValidString(s) {
		w, err := charmap.Windows1252.NewDecoder().String(s)
		if err != nil {
			w = strings.ToValidUTF8(s, "�")
		}
		s = w
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case r == utf8.RuneError:
			return -1
		}
		return r
	}, s))
}
