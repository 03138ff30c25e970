// Package ami reads what an Asterisk exchange says on its manager interface: its
// messages, and the events of calls and agents that they tell of.
//
// It is pure: readers, messages and instants in, values out. It opens no line and
// reads no clock.
//
// It promises that no exchange, however hostile, makes it hold more than one
// message of maxMessage bytes and what it keeps of maxChannels channels; that every
// message is used, passed over as one that tells of no call, or rejected with its
// line and the reason; and that a message after a bad one is read as if that had
// not been.
//
// Asterisk 12 to 23 use one set of names; those of 11 are mapped to it.
package ami

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"punto/app/phone"
)

// Limits of a stream.
const (
	maxLine    = 16 << 10 // bytes of a line
	maxFields  = 512      // of a message
	maxMessage = 128 << 10
	maxEndless = 64 << 20 // bytes of one message that are passed over before the stream is given up
)

// ErrEndless says that a stream is none of an exchange: one message never ends.
var ErrEndless = fmt.Errorf("one message is longer than %d bytes: this is no manager interface, or it is an attack", maxEndless)

// Message is one block of the stream, an event or an answer.
type Message struct {
	Line   int    // of its first line, from 1
	Odd    string // what was not as it should be in it; it is used all the same
	fields []entry
}

// entry is one line of a message.
type entry struct{ key, value string }

// Get is the first value of a key, whatever its case; "" when there is none. A key
// that comes twice has been smuggled in by whoever chose the value of another.
func (m *Message) Get(key string) string {
	for i := range m.fields {
		if f := &m.fields[i]; len(f.key) == len(key) && strings.EqualFold(f.key, key) {
			return f.value
		}
	}
	return ""
}

// Event is the name of the event, in the names of Asterisk 12 and later; "" for an
// answer.
func (m *Message) Event() string {
	name := m.Get("Event")
	if now, ok := events11[name]; ok {
		return now
	}
	return name
}

// get is Get under the name of Asterisk 12, or the one that 11 had.
func (m *Message) get(key string) string {
	if v := m.Get(key); v != "" {
		return v
	}
	for _, old := range keys11[key] {
		if v := m.Get(old); v != "" {
			return v
		}
	}
	return ""
}

// events11 and keys11 are what Asterisk 11 and older call otherwise.
var (
	events11 = map[string]string{"Join": "QueueCallerJoin", "Leave": "QueueCallerLeave", "QueueMemberPaused": "QueueMemberPause"}
	keys11   = map[string][]string{"Interface": {"Member", "AgentCalled", "Location"}, "MemberName": {"AgentName", "Name"}, "PausedReason": {"Reason"}}
)

// At is the instant that the exchange gives the message; zero when it gives none,
// or one that is no time.
func (m *Message) At() time.Time {
	s := m.Get("Timestamp")
	if s == "" {
		return time.Time{}
	}
	whole, part, _ := strings.Cut(s, ".")
	sec, ok := digits(whole)
	if !ok || len(part) > 6 {
		return time.Time{}
	}
	micro, ok := digits(part + "000000"[len(part):])
	if !ok {
		return time.Time{}
	}
	return time.Unix(sec, micro*1000).UTC()
}

// digits reads a number of digits alone.
func digits(s string) (n int64, ok bool) {
	if s == "" || len(s) > 12 {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n, true
}

// Reader reads the messages of a stream. One goroutine at a time may use it.
type Reader struct {
	Version string // what the banner says; "" before it came, or in a session that was saved without

	in   *bufio.Reader
	line int    // of what is read next
	crlf bool   // lines end in CR LF: a lone LF is part of a value
	any  bool   // a line was read
	buf  []byte // of the message
	ends []int  // of its lines in buf
}

// NewReader reads a stream from the beginning of a message on.
func NewReader(r io.Reader) *Reader {
	return &Reader{in: bufio.NewReaderSize(r, 32<<10), line: 1}
}

// Next is the next message; io.EOF at the end. After a *phone.RowError, of a
// message that was passed over, the ones after it can be read; any other error is
// the end.
func (r *Reader) Next() (Message, error) {
	for {
		m, err := r.block()
		if err != nil || len(m.fields) > 0 {
			return m, err
		}
	}
}

// block reads up to the next empty line. A block without fields is none.
func (r *Reader) block() (Message, error) {
	r.buf, r.ends = r.buf[:0], r.ends[:0]
	m := Message{Line: r.line}
	passed, why := 0, ""
	for {
		from := len(r.buf)
		n, empty, err := r.read(why != "")
		if passed += n; passed > maxEndless {
			return m, ErrEndless
		}
		switch {
		case err == io.EOF && passed == 0 && len(r.ends) == 0:
			return m, io.EOF
		case err == io.EOF:
			return m, &phone.RowError{Line: m.Line, Reason: "the stream ends in the middle of a message"}
		case errors.Is(err, errLine):
			why = err.Error()
		case err != nil:
			return m, fmt.Errorf("read the manager interface at line %d: %w", r.line, err)
		case empty && why != "":
			return m, &phone.RowError{Line: m.Line, Reason: why}
		case empty:
			if m = r.fields(m); len(m.fields) == 0 && m.Odd != "" {
				return m, &phone.RowError{Line: m.Line, Reason: m.Odd}
			}
			return m, nil
		case why != "":
			r.buf = r.buf[:from]
		case len(r.ends) == 0 && bytes.Contains(r.buf[from:], []byte("Call Manager/")):
			r.Version = string(r.buf[from:])
			r.buf = r.buf[:from]
			m.Line, passed = r.line, 0
		case len(r.ends) == maxFields:
			why = fmt.Sprintf("the message has more than %d lines", maxFields)
		case len(r.buf) > maxMessage:
			why = fmt.Sprintf("the message is longer than %d bytes", maxMessage)
		default:
			r.ends = append(r.ends, len(r.buf))
		}
	}
}

var errLine = fmt.Errorf("a line is longer than %d bytes", maxLine)

// read appends one line to the buffer without its end, and tells how many bytes it
// read; skip holds nothing of it. errLine is one that is too long: it was passed
// over.
func (r *Reader) read(skip bool) (n int, empty bool, err error) {
	from, long := len(r.buf), false
	for {
		part, err := r.in.ReadSlice('\n')
		n += len(part)
		if !skip && !long {
			if r.buf = append(r.buf, part...); len(r.buf)-from > maxLine {
				long = true
			}
		}
		if skip || long {
			// The last two bytes tell whether the line ends here, and whether it is empty.
			r.buf = append(r.buf[:from], tail(r.buf[from:], part)...)
		}
		if err == bufio.ErrBufferFull {
			if n > maxEndless {
				return n, false, nil
			}
			continue
		}
		if err != nil {
			return n, false, err
		}
		r.line++
		if !r.any {
			r.any, r.crlf = true, bytes.HasSuffix(r.buf[from:], []byte("\r\n"))
		}
		if !r.crlf || bytes.HasSuffix(r.buf[from:], []byte("\r\n")) {
			break
		}
		if (skip || long) && n > maxEndless {
			return n, false, nil
		}
	}
	empty = n <= 2 && len(bytes.TrimRight(r.buf[from:], "\r\n")) == 0
	if skip || long {
		r.buf = r.buf[:from]
	} else {
		own := bytes.TrimSuffix(bytes.TrimSuffix(r.buf[from:], []byte("\n")), []byte("\r"))
		r.buf = r.buf[:from+len(own)] // the line before keeps its end
	}
	if long {
		return n, empty, errLine
	}
	return n, empty, nil
}

// tail is the last two bytes of what is held and what follows.
func tail(held, part []byte) []byte {
	both := part
	if len(part) < 2 {
		both = append(append([]byte(nil), held...), part...)
	}
	return append([]byte(nil), both[max(0, len(both)-2):]...)
}

// fields parts the lines of a message into keys and values.
func (r *Reader) fields(m Message) Message {
	text := string(r.buf)
	m.fields = make([]entry, 0, len(r.ends))
	from := 0
	for i, end := range r.ends {
		l := text[from:end]
		from = end
		key, value, ok := strings.Cut(l, ":")
		if !ok || key == "" {
			if m.Odd == "" {
				m.Odd = fmt.Sprintf("line %d of it is no \"key: value\"", i+1)
			}
			continue
		}
		m.fields = append(m.fields, entry{key, strings.TrimPrefix(value, " ")})
	}
	if m.Odd == "" && len(m.fields) > 0 && !begins(m.fields[0].key) {
		m.Odd = fmt.Sprintf("it begins with %q, not with an event or an answer", phone.Cut(m.fields[0].key))
	}
	return m
}

func begins(key string) bool {
	return strings.EqualFold(key, "Event") || strings.EqualFold(key, "Response")
}
