package local

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net"
	"sync"

	"punto/app"
)

// ErrNobody says that nobody answers for a folder: its engine may be hosted.
var ErrNobody = errors.New("no program answers for this desk")

// Client is the desk of another process of this machine. When that process ends,
// calls fail with app.Unavailable, and the next call tries to reach whoever
// holds the folder then; sessions ended with the process.
type Client struct {
	dir string

	mu     sync.Mutex // guards what follows
	link   *link
	closed bool
}

var _ app.Desk = (*Client)(nil)

// Dial reaches the process that holds the folder dir. The error is ErrNobody
// when there is none.
func Dial(ctx context.Context, dir string) (*Client, error) {
	l, err := connect(ctx, dir)
	if err != nil {
		return nil, err
	}
	return &Client{dir: dir, link: l}, nil
}

// Close ends the connection; calls under way fail with app.Unavailable.
func (c *Client) Close() error {
	c.mu.Lock()
	c.closed = true
	l := c.link
	c.mu.Unlock()
	l.close()
	return nil
}

// Lost tells whether the connection has ended: the next call tries to reach
// whoever holds the folder then.
func (c *Client) Lost() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed || c.link.lost()
}

// ownerMark is no token that an engine gives out: those are letters and digits.
const ownerMark = "\x00owner"

// Owner attaches the session of the owner of the data folder to a context. The
// host grants it to the user who runs it and to nobody else: that user can read
// and replace the very files of the desk, so no right is added by it.
func (c *Client) Owner(ctx context.Context) context.Context { return app.WithSession(ctx, ownerMark) }

// Do implements app.Desk. When ctx ends first, the command may have been
// carried out.
func (c *Client) Do(ctx context.Context, cmd app.Command) (r app.Receipt, err error) {
	if cmd == nil {
		return r, refuse(app.Invalid, "no command was given")
	}
	m, err := c.call(ctx, do, app.NameOf(cmd), cmd)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(m.Body, &r)
}

// Ask implements app.Desk.
func (c *Client) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	if q == nil {
		return nil, refuse(app.Invalid, "no query was given")
	}
	name := app.NameOf(q)
	p, ok := app.NewAnswer(name)
	if !ok {
		return nil, refuse(app.Invalid, "the query %q has no answer: update both programs to one version", name)
	}
	m, err := c.call(ctx, ask, name, q)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(m.Body, p); err != nil {
		return nil, err
	}
	return app.AsAnswer(p), nil
}

// Fed waits until the host's search holds all that was written before the call.
func (c *Client) Fed(ctx context.Context) error {
	_, err := c.call(ctx, fed, "", nil)
	return err
}

// Watch implements app.Desk. It also ends when the host does.
func (c *Client) Watch(ctx context.Context, of app.Interest) iter.Seq[app.Change] {
	return func(yield func(app.Change) bool) {
		l, err := c.reach(ctx)
		if err != nil {
			return
		}
		body, err := json.Marshal(of)
		if err != nil {
			return
		}
		box := newMailbox()
		m := request(ctx, watch, "", body)
		if m.ID, err = l.register(box); err != nil {
			return
		}
		defer l.forget(m.ID)
		if l.send(m) != nil {
			return
		}
		for {
			news, ended := box.take()
			for _, x := range news {
				if ctx.Err() != nil || !yield(x) {
					l.cancel(m.ID)
					return
				}
			}
			if ended {
				return
			}
			select {
			case <-box.bell:
			case <-l.done:
				return
			case <-ctx.Done():
				l.cancel(m.ID)
				return
			}
		}
	}
}

// reach gives the connection, made anew when the old one was lost.
func (c *Client) reach(ctx context.Context) (*link, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, refuse(app.Unavailable, "the desk was closed in this program")
	}
	if !c.link.lost() {
		return c.link, nil
	}
	l, err := connect(ctx, c.dir)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, refuse(app.Unavailable, "the program that held the desk has ended: open Punto again (%v)", err)
	}
	c.link.close()
	c.link = l
	return l, nil
}

func request(ctx context.Context, verb, name string, body []byte) message {
	m := message{Verb: verb, Name: name, Session: app.SessionOf(ctx), Body: body}
	if m.Session == ownerMark {
		m.Session, m.Owner = "", true
	}
	return m
}

func (c *Client) call(ctx context.Context, verb, name string, v any) (message, error) {
	if err := ctx.Err(); err != nil {
		return message{}, err
	}
	l, err := c.reach(ctx)
	if err != nil {
		return message{}, err
	}
	body, err := json.Marshal(v)
	if err != nil {
		return message{}, refuse(app.Invalid, "%s cannot be sent: %v", name, err)
	}
	return l.call(ctx, request(ctx, verb, name, body))
}

// connect dials and greets.
func connect(ctx context.Context, dir string) (*link, error) {
	ctx, stop := context.WithTimeout(ctx, helloTimeout)
	defer stop()
	conn, err := dial(ctx, dir)
	if err != nil {
		return nil, err
	}
	l := newLink(conn)
	b, _ := json.Marshal(version) // an int always encodes
	if _, err := l.call(ctx, message{Verb: hello, Body: b}); err != nil {
		l.close()
		if app.CodeOf(err) == app.Unavailable && errors.Is(err, errLost) {
			return nil, ErrNobody
		}
		return nil, err
	}
	return l, nil
}

func newLink(conn net.Conn) *link {
	l := &link{conn: conn, done: make(chan struct{}), waits: map[uint64]receiver{}}
	l.reading.Go(l.read)
	return l
}
