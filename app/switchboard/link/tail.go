package link

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"punto/app/phone"
)

// Tail follows an Asterisk's queue_log while it is written: also when it is renamed and
// begun anew, or emptied, and from where it was left when the program was away.
type Tail struct {
	PBX   string
	Path  string
	From  Position          // where to go on; the zero Position is the beginning
	Since time.Time         // what is older is passed over, where it begins at the beginning
	Known []phone.CallEvent // of the log, of the calls that go on at From
	Every time.Duration     // how often it looks; 0 = half a second
	Keep  func(context.Context, Position) error
}

// Position is a place in a log: Head names the file by its first bytes, which a log never
// changes, so that it is known again under another name.
type Position struct {
	Head   string `json:"head"`
	Bytes  int64  `json:"bytes"` // of the head
	Offset int64  `json:"offset"`
}

// headBytes is how many bytes name a file.
const headBytes = 256

// head names a file that has a whole line at least; "" when it has none.
func head(f *os.File, most int64) (Position, error) {
	b := make([]byte, most)
	n, err := f.ReadAt(b, 0)
	if err != nil && err != io.EOF {
		return Position{}, err
	}
	b = b[:n]
	if n == 0 || most == headBytes && !slices.Contains(b, '\n') && n < headBytes {
		return Position{}, nil
	}
	sum := sha256.Sum256(b)
	return Position{Head: hex.EncodeToString(sum[:12]), Bytes: int64(n)}, nil
}

// Run follows the log until ctx ends.
func (t Tail) Run(ctx context.Context, out Out) error {
	if t.Every == 0 {
		t.Every = 500 * time.Millisecond
	}
	f := &follower{Tail: t, ctx: ctx, out: out, queue: newQueue(), state: State{Phase: Learning, Since: time.Now()}}
	defer f.close()
	var delivering sync.WaitGroup
	delivery, end := context.WithCancel(context.WithoutCancel(ctx)) // outlives the following
	delivering.Go(func() {
		f.queue.deliver(delivery, func(es []phone.CallEvent) error {
			ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), dialTimeout)
			defer stop()
			return out.Events(ctx, es)
		})
	})
	defer delivering.Wait()
	defer end()
	f.resume()
	known := t.Known
	if f.offset == 0 {
		known = nil // the log itself tells
	}
	for e, err := range (phone.QueueLog{PBX: t.PBX, Agents: true, Known: known}).Read(f) {
		var row *phone.RowError
		switch {
		case f.over:
			return nil // half a line, as it was when ctx ended
		case errors.As(err, &row):
			f.state.Odd = row.Reason
			continue
		case err != nil:
			return err
		case e.At.Before(t.Since):
			continue
		}
		f.state.Line, f.state.Heard, f.state.At = tailed(e), time.Now(), e.At
		if f.state.Phase == Up {
			out.Told(f.state)
		}
		if f.queue.put(ctx, heard{events: []phone.CallEvent{e}}) != nil {
			return nil // ctx has ended
		}
	}
	return nil
}

// tailed is an event in a line, for people.
func tailed(e phone.CallEvent) string {
	return clean(fmt.Sprintf("queue_log  %s  %s  %s  %s", e.Key.Kind, phone.Cut(e.Key.Queue), phone.Cut(e.Key.UniqueID), phone.Cut(e.Agent)))
}

// follower reads the log as one stream that does not end: whoever reads waits for what is
// written next. One goroutine.
type follower struct {
	Tail
	ctx    context.Context // the life of Run
	out    Out
	queue  queue
	file   *os.File // nil = not there, or not there yet
	offset int64    // of what is read next
	whole  int64    // behind the last whole line that was read
	kept   Position
	over   bool // ctx has ended
	state  State
}

func (f *follower) close() {
	if f.file != nil {
		_ = f.file.Close() // it was only read
		f.file = nil
	}
}

// resume opens the log where it was left: the file itself, or the one that it was renamed
// to, of which the rest is read first.
func (f *follower) resume() {
	if f.From.Head == "" {
		return
	}
	names := []string{f.Path}
	old, _ := filepath.Glob(f.Path + "?*") // of a bad pattern there is none
	for _, name := range append(names, old...) {
		x, err := os.Open(name)
		if err != nil {
			continue
		}
		at, err := head(x, f.From.Bytes)
		s, serr := x.Stat()
		if err == nil && serr == nil && at.Head == f.From.Head && at.Bytes == f.From.Bytes && s.Size() >= f.From.Offset {
			f.file, f.offset, f.whole, f.kept = x, f.From.Offset, f.From.Offset, f.From
			return
		}
		_ = x.Close() // as in close
	}
}

// Read implements io.Reader: it ends with io.EOF when ctx ends, and not before.
func (f *follower) Read(p []byte) (int, error) {
	for f.ctx.Err() == nil {
		if f.file != nil {
			n, err := f.file.ReadAt(p, f.offset)
			if n > 0 {
				if i := lastBreak(p[:n]); i >= 0 {
					f.whole = f.offset + int64(i) + 1
				}
				f.offset += int64(n)
				return n, nil
			}
			if err != nil && err != io.EOF {
				f.fail(err)
				f.close()
				continue
			}
		}
		if f.renewed() {
			continue
		}
		f.idle()
		if !wait(f.ctx, f.Every) {
			break
		}
	}
	f.over = true
	return 0, io.EOF
}

func lastBreak(b []byte) int {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] == '\n' {
			return i
		}
	}
	return -1
}

// renewed takes the file that the log is now, where it is another than the one that was
// read to its end, or was emptied; true when there may be something to read.
func (f *follower) renewed() bool {
	is, err := os.Stat(f.Path)
	if err != nil {
		f.fail(err)
		return false
	}
	if f.file != nil {
		was, err := f.file.Stat()
		switch {
		case err == nil && os.SameFile(was, is) && is.Size() >= f.offset && f.same():
			return false
		case err == nil && !os.SameFile(was, is) && was.Size() > f.offset:
			return true // of the old one there is more
		}
	}
	x, err := os.Open(f.Path)
	if err != nil {
		f.fail(err)
		return false
	}
	f.close()
	f.file, f.offset, f.whole, f.kept = x, 0, 0, Position{}
	return is.Size() > 0
}

// same tells whether the file begins as it did: it may have been emptied and written
// again beyond where it was read.
func (f *follower) same() bool {
	if f.kept.Head == "" {
		return true
	}
	at, err := head(f.file, f.kept.Bytes)
	return err != nil || at.Head == f.kept.Head
}

// fail tells why the log is not followed.
func (f *follower) fail(err error) {
	if f.state.Phase != Down {
		f.state.Phase, f.state.Since, f.state.Err = Down, time.Now(), err
		f.out.Told(f.state)
	}
}

// idle is called when all there is was read: it is delivered, and where it is is kept.
func (f *follower) idle() {
	if f.file == nil || f.queue.flush(f.ctx) != nil {
		return
	}
	if f.state.Phase != Up {
		f.state.Phase, f.state.Since, f.state.Err = Up, time.Now(), nil
		f.out.Told(f.state)
	}
	at, err := head(f.file, headBytes)
	if at.Offset = f.whole; err != nil || at.Head == "" || at == f.kept || f.Keep == nil {
		return
	}
	if f.Keep(f.ctx, at) == nil {
		f.kept = at
	}
}
