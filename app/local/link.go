package local

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"sync"
	"time"

	"punto/app"
)

// errLost is inside the error of a call whose connection was lost.
var errLost = &app.Error{Code: app.Unavailable, Msg: "the program that held the desk has ended: try again"}

// receiver takes the messages that answer one call. put must not block.
type receiver interface{ put(message) }

// link is one connection of a client. read is its only reader.
type link struct {
	conn    net.Conn
	done    chan struct{} // closed when read ends
	reading sync.WaitGroup

	writing sync.Mutex // held while a message is written

	mu    sync.Mutex // guards what follows
	next  uint64
	waits map[uint64]receiver // nil once the connection is lost
}

func (l *link) lost() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// close ends the connection and waits for its reader.
func (l *link) close() {
	_ = l.conn.Close()
	l.reading.Wait()
}

// read gives each message to who waits for it; others have gone and it is
// dropped.
func (l *link) read() {
	defer close(l.done)
	defer func() { _ = l.conn.Close() }()
	for {
		m, err := readMessage(l.conn, MaxMessageBytes)
		if err != nil {
			return
		}
		l.mu.Lock()
		w := l.waits[m.ID]
		l.mu.Unlock()
		if w != nil {
			w.put(m)
		}
	}
}

func (l *link) register(w receiver) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost() {
		return 0, errLost
	}
	l.next++
	l.waits[l.next] = w
	return l.next, nil
}

func (l *link) forget(id uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.waits, id)
}

func (l *link) send(m message) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	_ = l.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	err := writeMessage(l.conn, m)
	switch {
	case errors.Is(err, errTooLong):
		return refuse(app.Invalid, "%s is longer than %d bytes: send fewer rows at once", m.Name, MaxMessageBytes)
	case err != nil: // half a message may be out: the connection is of no more use
		_ = l.conn.Close()
		return errLost
	}
	return nil
}

func (l *link) cancel(id uint64) { _ = l.send(message{ID: id, Verb: cancel}) }

// single receives the one answer of a call.
type single chan message

func (s single) put(m message) {
	select {
	case s <- m:
	default: // a second answer to one call has no taker
	}
}

// call sends a request and waits for its answer.
func (l *link) call(ctx context.Context, m message) (message, error) {
	s := make(single, 1)
	var err error
	if m.ID, err = l.register(s); err != nil {
		return message{}, err
	}
	defer l.forget(m.ID)
	if err := l.send(m); err != nil {
		return message{}, err
	}
	select {
	case a := <-s:
		return settle(a)
	case <-ctx.Done():
		l.cancel(m.ID)
		return message{}, ctx.Err()
	case <-l.done:
		select { // the answer may have been the last that came
		case a := <-s:
			return settle(a)
		default:
			return message{}, errLost
		}
	}
}

func settle(a message) (message, error) {
	if a.Verb == failed {
		return message{}, failureOf(a)
	}
	return a, nil
}

// keptChanges is how many changes wait for a slow watcher before it skips.
const keptChanges = 64

// mailbox holds the changes that a watcher has not taken yet.
type mailbox struct {
	bell chan struct{} // rung when something was put

	mu    sync.Mutex // guards what follows
	news  []app.Change
	ended bool
}

func newMailbox() *mailbox { return &mailbox{bell: make(chan struct{}, 1)} }

// put keeps a change; when too many wait they become one snapshot mark, which
// says: ask again.
func (b *mailbox) put(m message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var c app.Change
	if m.Verb != change || json.Unmarshal(m.Body, &c) != nil {
		b.ended = true
	} else {
		if len(b.news) >= keptChanges {
			clear(b.news)
			b.news = b.news[:0]
			c = app.Change{Rev: c.Rev, Snapshot: true}
		}
		b.news = append(b.news, c)
	}
	select {
	case b.bell <- struct{}{}:
	default:
	}
}

func (b *mailbox) take() (news []app.Change, ended bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	news, b.news = b.news, nil
	return news, b.ended
}
