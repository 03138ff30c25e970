// Package table reads the rows of files that others have written, and writes rows
// for others to read. It is pure: readers and writers in, values out.
//
// It promises that no file makes it hold more than one record of MaxRecord bytes,
// that every row that is not empty comes out once, as a row or as a *RowError with
// its line, in the order of the file, and that a bad row takes no other with it: a
// quote that is never closed costs its own line. What it writes no program takes
// for a formula.
package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"
)

// Limits of a file. A record is a row with its quoted line ends.
const (
	MaxRecord  = 1 << 20   // bytes of a record
	MaxCell    = 512 << 10 // bytes of a cell
	MaxColumns = 1_000
	MaxRows    = 50_000_000
	maxLines   = 2_000 // of a record
	maxOpen    = 50    // quotes that are not closed; from then on a row is a line
)

// RowError is one row that could not be read. Line counts from 1.
type RowError struct {
	Line   int
	Reason string
}

func (e *RowError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// ErrRows says that a file has more rows than are taken.
var ErrRows = fmt.Errorf("the file has more than %d rows: split it", MaxRows)

// Row is one record with the line that it begins on. Its cells are not shared.
type Row struct {
	Line  int
	Cells []string
}

// reader is a text of which at most one record is held.
type reader struct {
	in   *bufio.Reader
	buf  []byte // from the beginning of the record on
	line int    // of its beginning
	rows int
	end  error // io.EOF, or why no more comes
	most int
}

// newReader holds at most most bytes of a text at a time.
func newReader(r io.Reader, most int) *reader {
	return &reader{in: bufio.NewReaderSize(r, 64<<10), line: 1, most: most}
}

// more reads on; false at the end, or when the record is full.
func (r *reader) more() bool {
	if r.end != nil || len(r.buf) >= r.most {
		return false
	}
	n := min(max(r.in.Buffered(), 1), r.most-len(r.buf))
	b, err := r.in.Peek(n)
	if r.in.Buffered() > n {
		b, err = r.in.Peek(min(r.in.Buffered(), r.most-len(r.buf)))
	}
	r.buf = append(r.buf, b...)
	_, _ = r.in.Discard(len(b)) // they are there
	if err != nil {
		r.end = err
	}
	return len(b) > 0
}

// take drops n bytes of the buffer.
func (r *reader) take(n int) {
	r.line += bytes.Count(r.buf[:n], []byte{'\n'})
	r.buf = r.buf[n:]
}

// lineEnd is where the first line ends, with its end; false when it is longer than
// the limit.
func (r *reader) lineEnd() (int, bool) {
	for from := 0; ; {
		if i := bytes.IndexByte(r.buf[from:], '\n'); i >= 0 {
			return from + i + 1, true
		}
		from = len(r.buf)
		if !r.more() {
			return len(r.buf), r.end != nil
		}
	}
}

// skip passes over a line that is too long, without holding it.
func (r *reader) skip() {
	for {
		if i := bytes.IndexByte(r.buf, '\n'); i >= 0 {
			r.take(i + 1)
			return
		}
		r.buf = r.buf[:0]
		if !r.more() {
			return
		}
	}
}

// counted ends the reading after MaxRows.
func (r *reader) counted() error {
	if r.rows++; r.rows > MaxRows {
		r.end = ErrRows
		return ErrRows
	}
	return nil
}

// tooLong is the error of a row over its limit.
func tooLong(line, most int) error {
	return &RowError{line, fmt.Sprintf("the row is longer than %d bytes", most)}
}

// Lines gives the rows of a text that are a line each, without their ends, and
// passes over empty ones. A row of more than most bytes, or with a zero byte, is a
// *RowError; any other error ends the reading.
func Lines(in io.Reader, most int) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		r := newReader(in, most+2)
		for {
			n, whole := r.lineEnd()
			at := r.line
			text := bytes.TrimRight(r.buf[:n], "\r\n")
			var err error
			l := Line{Number: at}
			switch {
			case !whole || len(text) > most:
				err = tooLong(at, most)
			case bytes.IndexByte(text, 0) >= 0:
				err = &RowError{at, errZero.Error()}
			default:
				l.Text = string(text)
			}
			if empty := whole && len(text) == 0; !empty {
				if over := r.counted(); over != nil {
					yield(l, over)
					return
				}
				if !yield(l, err) {
					return
				}
			}
			if whole {
				r.take(n)
			} else {
				r.skip()
			}
			if len(r.buf) == 0 && r.end != nil {
				if !errors.Is(r.end, io.EOF) {
					yield(Line{Number: r.line}, r.end)
				}
				return
			}
		}
	}
}

// Line is one row of Lines.
type Line struct {
	Number int // from 1
	Text   string
}

// Reader reads CSV as programs write it: cells may stand in quotes, with doubled
// quotes and line ends in them; a quote elsewhere is a letter.
type Reader struct {
	r     *reader
	comma []byte
	open  int // quotes that were not closed
}

// NewReader reads CSV with that separator; 0 is a comma.
func NewReader(in io.Reader, comma rune) *Reader {
	if comma == 0 {
		comma = ','
	}
	return &Reader{r: newReader(in, MaxRecord), comma: utf8.AppendRune(nil, comma)}
}

// Next is the next row that is not empty; io.EOF at the end. After a *RowError the
// rows after it can be read; any other error is the end.
func (c *Reader) Next() (Row, error) {
	r := c.r
	for {
		if len(r.buf) == 0 && !r.more() {
			if r.end == nil {
				r.end = io.EOF
			}
			return Row{}, r.end
		}
		n, whole := r.lineEnd()
		line := r.line
		if len(bytes.TrimRight(r.buf[:n], "\r\n")) == 0 {
			r.take(n)
			continue
		}
		if err := r.counted(); err != nil {
			return Row{}, err
		}
		if !whole {
			r.skip()
			return Row{Line: line}, tooLong(line, MaxRecord)
		}
		cells, end, err := c.record()
		if end == 0 { // where it ends is not known: the next line is the next row
			end = n
		}
		if err == nil && bytes.IndexByte(r.buf[:end], 0) >= 0 {
			err = errZero
		}
		r.take(end)
		if err != nil {
			return Row{Line: line}, &RowError{line, err.Error()}
		}
		return Row{line, cells}, nil
	}
}

var (
	errOpen    = fmt.Errorf("a quote is not closed within %d bytes or %d lines", MaxRecord, maxLines)
	errCell    = fmt.Errorf("a cell is longer than %d bytes", MaxCell)
	errColumns = fmt.Errorf("the row has more than %d cells", MaxColumns)
	errZero    = errors.New("the row holds a zero byte: the file is damaged, or no text")
)

// record reads the record that begins the buffer, and gives where it ends; 0 when
// that is not known.
func (c *Reader) record() (cells []string, end int, err error) {
	var bad error
	for at := 0; ; {
		var cell []byte
		if at < len(c.r.buf) && c.r.buf[at] == '"' {
			cell, at, err = c.quoted(at + 1)
		} else {
			cell, at, err = c.plain(at)
		}
		switch {
		case err != nil:
			return nil, 0, err
		case len(cell) > MaxCell:
			bad = errCell
		case len(cells) >= MaxColumns:
			bad = errColumns
		default:
			cells = append(cells, string(cell))
		}
		if !bytes.HasPrefix(c.r.buf[at:], c.comma) {
			return cells, min(at+1, len(c.r.buf)), bad // a line end, or the end of all
		}
		if at += len(c.comma); at >= len(c.r.buf) {
			c.r.more() // whether the next cell begins with a quote
		}
	}
}

// plain is a cell without quotes and where it ends: at a separator, a line end or
// the end of the file.
func (c *Reader) plain(at int) (cell []byte, end int, err error) {
	for from := at; ; {
		rest := c.r.buf[from:]
		end := bytes.IndexByte(rest, '\n')
		if i := bytes.Index(rest, c.comma); i >= 0 && (end < 0 || i < end) {
			return c.r.buf[at : from+i], from + i, nil
		}
		if end >= 0 {
			return bytes.TrimSuffix(c.r.buf[at:from+end], []byte{'\r'}), from + end, nil
		}
		from = max(at, len(c.r.buf)-len(c.comma)+1)
		if c.r.more() {
			continue
		}
		if c.r.end == nil {
			return nil, 0, errOpen // a quoted cell before it has taken all there may be
		}
		return bytes.TrimSuffix(c.r.buf[at:], []byte{'\r'}), len(c.r.buf), nil
	}
}

// quoted is the rest of a cell that began with a quote, and where it ends.
func (c *Reader) quoted(at int) (cell []byte, end int, err error) {
	lines := 0
	for i := at; ; i++ {
		if i+1+len(c.comma) >= len(c.r.buf) { // what follows a quote is to be seen
			for i+1+len(c.comma) >= len(c.r.buf) && c.r.more() {
			}
		}
		if i >= len(c.r.buf) {
			return nil, 0, c.unclosed()
		}
		b := c.r.buf[i]
		if b == '\n' {
			if lines++; lines >= maxLines || c.open >= maxOpen {
				return nil, 0, c.unclosed()
			}
		}
		if b != '"' {
			cell = append(cell, b)
			continue
		}
		switch rest := c.r.buf[i+1:]; {
		case len(rest) == 0 && c.r.end == nil:
			return nil, 0, c.unclosed()
		case len(rest) == 0, rest[0] == '\n', bytes.HasPrefix(rest, c.comma):
			return cell, i + 1, nil
		case rest[0] == '\r' && (len(rest) == 1 || rest[1] == '\n'):
			return cell, i + 2, nil
		case rest[0] == '"':
			i++
			fallthrough
		default: // a quote within a quoted cell that nobody has doubled
			cell = append(cell, '"')
		}
	}
}

// unclosed counts a quote that was not closed. After maxOpen of them quotes span no
// lines any more: each would have cost a read of a whole record.
func (c *Reader) unclosed() error {
	c.open++
	return errOpen
}
