package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"punto/app"
)

// ErrNobody says that nobody answers for a folder: its engine may be hosted. A
// call that fails with it was not sent.
var ErrNobody = errors.New("no program answers for this desk")

// Client is the desk of another process of this machine. When that process ends,
// calls fail with app.Unavailable, and the next call tries to reach whoever
// holds the folder then; sessions ended with the process.
type Client struct {
	dir  string
	http *http.Transport
	lost atomic.Bool

	mu     sync.Mutex // guards what follows
	open   map[net.Conn]struct{}
	closed bool
}

var _ app.Desk = (*Client)(nil)

// Dial reaches the process that holds the folder dir. The error is ErrNobody
// when there is none.
func Dial(ctx context.Context, dir string) (*Client, error) {
	c := &Client{dir: dir, open: map[net.Conn]struct{}{}}
	c.http = &http.Transport{
		DialContext:            c.dial,
		DisableCompression:     true,
		MaxIdleConnsPerHost:    32,
		IdleConnTimeout:        clientIdle,
		MaxResponseHeaderBytes: maxHeaderBytes,
		Protocols:              onlyHTTP1(),
	}
	ctx, stop := context.WithTimeout(ctx, helloTimeout)
	defer stop()
	var g greeting
	err := c.call(ctx, http.MethodGet, "", nil, &g)
	if err == nil {
		return c, nil
	}
	_ = c.Close()
	if cause := (*unreached)(nil); errors.As(err, &cause) {
		return nil, cause.error
	}
	switch {
	case !errors.Is(err, errLost):
		return nil, err
	case older(ctx, dir):
		return nil, refuse(app.Unavailable, "the program that holds the desk is of an older version: end it, or restart the service, and try again")
	}
	return nil, ErrNobody
}

// Close ends the connections; calls under way fail with app.Unavailable.
func (c *Client) Close() error {
	c.mu.Lock()
	c.closed = true
	for x := range c.open {
		_ = x.(*tracked).Conn.Close()
	}
	clear(c.open)
	c.mu.Unlock()
	c.http.CloseIdleConnections()
	return nil
}

func (c *Client) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// Lost tells whether a call or a watch has met the end of the process: dial again
// to be sure of who holds the folder now.
func (c *Client) Lost() bool { return c.lost.Load() || c.isClosed() }

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
	return r, c.call(ctx, http.MethodPost, "/do/"+app.NameOf(cmd), cmd, &r)
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
	if err := c.call(ctx, http.MethodPost, "/ask/"+name, q, p); err != nil {
		return nil, err
	}
	return app.AsAnswer(p), nil
}

// Fed waits until the host's search holds all that was written before the call.
func (c *Client) Fed(ctx context.Context) error {
	return c.call(ctx, http.MethodPost, "/fed", struct{}{}, &struct{}{})
}

// Watch implements app.Desk. It also ends when the host does.
func (c *Client) Watch(ctx context.Context, of app.Interest) iter.Seq[app.Change] {
	return func(yield func(app.Change) bool) {
		r, err := c.send(ctx, http.MethodGet, "/watch?"+queryOf(of), nil)
		if err != nil {
			return
		}
		defer func() { _ = r.Body.Close() }()
		for d := json.NewDecoder(r.Body); ; {
			var x app.Change
			err := d.Decode(&x)
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				c.lost.Store(true)
				return
			case !yield(x):
				return
			}
		}
	}
}

// call sends a value and decodes what is answered into p.
func (c *Client) call(ctx context.Context, method, path string, v, p any) error {
	var body []byte
	if v != nil {
		var err error
		if body, err = json.Marshal(v); err != nil {
			return refuse(app.Invalid, "%s cannot be sent: %v", app.NameOf(v), err)
		}
		if len(body) > MaxMessageBytes {
			return refuse(app.Invalid, "%s is longer than %d bytes: send fewer rows at once", app.NameOf(v), MaxMessageBytes)
		}
	}
	r, err := c.send(ctx, method, path, body)
	if err != nil {
		return err
	}
	b, err := c.bodyOf(ctx, r)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, p)
}

// send gives the response to a request, or the failure that it tells. The caller
// reads and closes the body.
func (c *Client) send(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if c.isClosed() {
		return nil, errClosed
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://"+hostName+"/"+protocol+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header["User-Agent"] = nil
	if method == http.MethodPost {
		r.Header["Content-Type"] = []string{"application/json"}
		if !strings.HasPrefix(path, "/do/") {
			r.Header["Idempotency-Key"] = nil // not sent: it may be asked again when a connection is just being closed
		}
	}
	switch s := app.SessionOf(ctx); {
	case s == ownerMark:
		r.Header["Authorization"] = []string{"Owner"}
	case !sendable(s):
		return nil, refuse(app.NotSignedIn, "the session is not known: sign in")
	case s != "":
		r.Header["Authorization"] = []string{"Bearer " + s}
	}
	a, err := c.http.RoundTrip(r)
	if err != nil {
		return nil, c.failed(ctx, err)
	}
	if a.StatusCode == http.StatusOK {
		return a, nil
	}
	b, err := c.bodyOf(ctx, a)
	if err != nil {
		return nil, err
	}
	e := &app.Error{}
	if json.Unmarshal(b, e) != nil || e.Code == "" {
		return nil, errors.New("the desk answered with an error that cannot be read: update both programs to one version")
	}
	return nil, e
}

// sendable tells whether a token fits in a header; no other can be one of a
// SignIn.
func sendable(token string) bool {
	for _, b := range []byte(token) {
		if b <= ' ' || b > '~' {
			return false
		}
	}
	return true
}

// bodyOf is the body of a response, and leaves its connection to the next.
func (c *Client) bodyOf(ctx context.Context, r *http.Response) ([]byte, error) {
	defer func() { _ = r.Body.Close() }()
	var b bytes.Buffer
	if n := r.ContentLength; n > 0 && n <= MaxMessageBytes+1 {
		b.Grow(int(n) + bytes.MinRead)
	}
	if _, err := b.ReadFrom(io.LimitReader(r.Body, MaxMessageBytes+1)); err != nil {
		return nil, c.failed(ctx, err)
	}
	return b.Bytes(), nil
}

var (
	errClosed = &app.Error{Code: app.Unavailable, Msg: "the desk was closed in this program"}
	errLost   = &app.Error{Code: app.Unavailable, Msg: "the program that held the desk has ended: try again"}
)

// failed is the failure of a call that was not answered.
func (c *Client) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if c.isClosed() {
		return errClosed
	}
	c.lost.Store(true)
	if cause := (*unreached)(nil); errors.As(err, &cause) {
		return cause
	}
	return errLost
}

// unreached is the failure to connect: nothing was sent.
type unreached struct{ error }

func (u *unreached) Error() string {
	return "the program that held the desk has ended: open Punto again (" + u.error.Error() + ")"
}

// Unwrap gives the code to those who ask for it, and the cause.
func (u *unreached) Unwrap() []error {
	return []error{&app.Error{Code: app.Unavailable, Msg: u.Error()}, u.error}
}

// dial connects for the transport.
func (c *Client) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	conn, err := dial(ctx, c.dir)
	if err != nil {
		return nil, &unreached{err}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		_ = conn.Close()
		return nil, errClosed
	}
	t := &tracked{Conn: conn, of: c}
	c.open[t] = struct{}{}
	return t, nil
}

// tracked is a connection that Client.Close ends.
type tracked struct {
	net.Conn
	of *Client
}

func (t *tracked) Close() error {
	t.of.mu.Lock()
	delete(t.of.open, t)
	t.of.mu.Unlock()
	return t.Conn.Close()
}
