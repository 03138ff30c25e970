package phone

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// RowError is one row that could not be read, or that is no call. Line counts
// from 1.
type RowError struct {
	Line   int
	Reason string
}

func (e *RowError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Limits of what a row may hold: bytes of a row, bytes of an id, bytes of any
// other field, and the longest duration believed.
const (
	maxLine     = 64 << 10
	maxID       = 128
	maxField    = 512
	maxDuration = 10 * 24 * time.Hour
)

// row is one line of a text. One longer than maxLine is cut, with long set.
type row struct {
	text string
	long bool
	err  error
}

// lines gives the rows of a text with their numbers, from 1.
func lines(r io.Reader) iter.Seq2[int, row] {
	return func(yield func(int, row) bool) {
		in := bufio.NewReaderSize(r, maxLine)
		for n := 1; ; n++ {
			b, err := in.ReadSlice('\n')
			text := row{text: strings.TrimRight(string(b), "\r\n")}
			for err == bufio.ErrBufferFull {
				text.long = true
				_, err = in.ReadSlice('\n')
			}
			if err != nil && err != io.EOF {
				text.err = err
			}
			if (len(b) > 0 || text.err != nil) && !yield(n, text) || err != nil {
				return
			}
		}
	}
}

// clean makes a field fit to store and to show: valid UTF-8 (bytes that are not
// are read as Latin-1, which is what old exchanges write), without control
// characters and outer spaces.
func clean(s string) string {
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
		latin := make([]rune, len(s))
		for i := range len(s) {
			latin[i] = rune(s[i])
		}
		s = string(latin)
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s))
}

// field cleans a field and refuses one that is longer than the limit in bytes.
func field(what, s string, limit int) (string, error) {
	s = clean(s)
	if len(s) > limit {
		return "", fmt.Errorf("the %s is %d bytes long: at most %d are taken", what, len(s), limit)
	}
	return s, nil
}

// seconds reads a whole number of seconds, zero to maxDuration.
func seconds(s string) (time.Duration, error) { return span(s, time.Second) }

// millis reads a whole number of milliseconds.
func millis(s string) (time.Duration, error) { return span(s, time.Millisecond) }

func span(s string, unit time.Duration) (time.Duration, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 || n > int64(maxDuration/unit) {
		return 0, fmt.Errorf("%q is no duration: a whole number of units of %v up to %v is expected", cut(s), unit, maxDuration)
	}
	return time.Duration(n) * unit, nil
}

// cut shortens what a message quotes of a row.
func cut(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
