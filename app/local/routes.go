package local

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
)

// routes answers requests for a desk.
type routes struct {
	desk app.Desk
	wait waits
}

// exchange is one request and its answer.
type exchange struct {
	desk app.Desk
	wait waits
	w    http.ResponseWriter
	r    *http.Request
	who  *caller
	ctl  *http.ResponseController
	read bool // the body was read to its end
}

// ServeHTTP implements http.Handler. The connection must be a *caller.
func (d routes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{desk: d.desk, wait: d.wait, w: w, r: r, who: callerOf(r.Context()), ctl: http.NewResponseController(w), read: r.ContentLength == 0}
	h := w.Header()
	h["Date"] = nil // both ends have one clock
	h["Cache-Control"] = []string{"no-store"}
	h["X-Content-Type-Options"] = []string{"nosniff"}
	if !x.read {
		_ = x.ctl.SetReadDeadline(time.Now().Add(d.wait.body))
	}
	switch {
	case !x.who.may():
		x.fail(refuse(app.NotAllowed, "this desk belongs to another user of this machine: work with a folder of your own"))
	case browsing(r):
		x.fail(refuse(app.NotAllowed, "this door is for programs of this machine, not for pages of a browser: send no Origin, Referer or Sec-Fetch header, and %s or localhost as the Host", hostName))
	default:
		x.route()
	}
}

// browsing tells whether a page may be behind a request, by what only browsers
// send, or by a name that only a page of elsewhere says.
func browsing(r *http.Request) bool {
	if r.Host != hostName && r.Host != "localhost" {
		return true
	}
	for k := range r.Header {
		if k == "Origin" || k == "Referer" || strings.HasPrefix(k, "Sec-Fetch-") {
			return true
		}
	}
	return false
}

// route finds what is asked for. Paths are taken as they are written: none is
// cleaned or unescaped.
func (x *exchange) route() {
	path := x.r.URL.EscapedPath()
	parts := strings.Split(path, "/")
	switch {
	case len(parts) < 2 || parts[0] != "" || len(parts) > 4:
	case parts[1] != protocol && spoken(parts[1]):
		x.failAs(http.StatusNotFound, refuse(app.Unavailable, "the program that holds the desk speaks %s and not %s: update both programs to one version", protocol, parts[1]))
		return
	case parts[1] != protocol:
	case len(parts) == 4 && parts[2] == "do":
		x.on(http.MethodPost, func() { x.do(parts[3]) })
		return
	case len(parts) == 4 && parts[2] == "ask":
		x.on(http.MethodPost, func() { x.ask(parts[3]) })
		return
	case len(parts) == 3 && parts[2] == "fed":
		x.on(http.MethodPost, x.fed)
		return
	case len(parts) == 3 && parts[2] == "watch":
		x.on(http.MethodGet, x.watch)
		return
	case len(parts) == 3 && parts[2] == "commands":
		x.on(http.MethodGet, x.commands)
		return
	case len(parts) == 2:
		x.on(http.MethodGet, func() {
			_, can := x.desk.(owner)
			x.answer(greeting{Speaks: []string{protocol}, Owner: can && x.who.own}, nil)
		})
		return
	}
	x.failAs(http.StatusNotFound, refuse(app.Invalid, "there is nothing at %q: ask at /%s/do/COMMAND, /%s/ask/QUERY, /%s/watch; /%s/commands lists the names", path, protocol, protocol, protocol, protocol))
}

// spoken tells whether a part of a path is the name of a protocol.
func spoken(s string) bool {
	n, v := strings.CutPrefix(s, "v")
	_, err := strconv.ParseUint(n, 10, 16)
	return v && err == nil
}

// on refuses other methods than the one of a path, and what it does not take.
func (x *exchange) on(method string, do func()) {
	switch {
	case x.r.Method != method:
		x.w.Header().Set("Allow", method)
		x.failAs(http.StatusMethodNotAllowed, refuse(app.Invalid, "%q is asked for by %s and not by %q", x.r.URL.Path, method, x.r.Method))
	case method == http.MethodGet && x.r.ContentLength != 0:
		x.fail(refuse(app.Invalid, "%q takes no body", x.r.URL.Path))
	case method == http.MethodPost && (x.r.URL.RawQuery != "" || x.r.URL.ForceQuery):
		x.fail(refuse(app.Invalid, "%q takes its fields as JSON in the body, and nothing after a question mark", x.r.URL.Path))
	default:
		do()
	}
}

// session is the context of the request with the session that it names.
func (x *exchange) session() (context.Context, error) {
	ctx, said := x.r.Context(), x.r.Header["Authorization"]
	if len(said) == 0 {
		return ctx, nil
	}
	scheme, token, _ := strings.Cut(said[0], " ")
	switch {
	case len(said) == 1 && strings.EqualFold(scheme, "Bearer") && token != "":
		return app.WithSession(ctx, token), nil
	case len(said) == 1 && strings.EqualFold(scheme, "Owner") && token == "":
		if o, can := x.desk.(owner); can && x.who.own {
			return o.Owner(ctx), nil
		}
		return nil, refuse(app.NotAllowed, "only the owner of the desk's folder works without signing in: sign in")
	}
	return nil, refuse(app.NotSignedIn, "the header Authorization is not understood: say it once, as Bearer and the token of a SignIn, or as Owner")
}

func (x *exchange) do(name string) {
	p, ok := app.NewCommand(name)
	if !ok {
		x.failAs(http.StatusNotFound, refuse(app.Invalid, "there is no command %q: /%s/commands lists them; update both programs to one version", name, protocol))
		return
	}
	x.work(p, func(ctx context.Context) (any, error) { return x.desk.Do(ctx, app.AsCommand(p)) })
}

func (x *exchange) ask(name string) {
	p, ok := app.NewQuery(name)
	if !ok {
		x.failAs(http.StatusNotFound, refuse(app.Invalid, "there is no query %q: /%s/commands lists them; update both programs to one version", name, protocol))
		return
	}
	x.work(p, func(ctx context.Context) (any, error) { return x.desk.Ask(ctx, app.AsQuery(p)) })
}

// fed are the fields of POST /v1/fed: none.
type fed struct{}

func (x *exchange) fed() {
	x.work(&fed{}, func(ctx context.Context) (any, error) {
		if f, ok := x.desk.(feeding); ok {
			return fed{}, f.Fed(ctx)
		}
		return fed{}, nil
	})
}

// work reads the body into p and answers what do gives, unless its user has too
// much in hand.
func (x *exchange) work(p any, do func(context.Context) (any, error)) {
	ctx, err := x.session()
	if err != nil {
		x.fail(err)
		return
	}
	if kind, _, err := mime.ParseMediaType(x.r.Header.Get("Content-Type")); err != nil || kind != "application/json" || x.r.Header.Get("Content-Encoding") != "" {
		x.failAs(http.StatusUnsupportedMediaType, refuse(app.Invalid, "the body is taken as plain JSON only: send it with Content-Type: application/json, and {} when there is nothing to say"))
		return
	}
	if !x.who.takes.begin() {
		x.fail(busy())
		return
	}
	body := &metered{Reader: http.MaxBytesReader(x.w, x.r.Body, MaxMessageBytes), of: x.who.takes}
	defer func() { x.who.takes.end(body.taken) }()
	if x.r.ContentLength > MaxMessageBytes {
		err = &http.MaxBytesError{Limit: MaxMessageBytes}
	} else {
		err = decode(body, p)
	}
	if err != nil {
		x.unread(p, err)
		return
	}
	x.read = true
	_ = x.ctl.SetReadDeadline(time.Time{})
	v, err := do(ctx)
	x.answer(v, err)
}

var errTrailing = errors.New("something follows the JSON object")

// decode reads one JSON object, all of its fields known, and nothing after it.
func decode(r io.Reader, p any) error {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		return err
	}
	switch _, err := d.Token(); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil && !errors.As(err, new(*json.SyntaxError)):
		return err
	}
	return errTrailing
}

// unread tells why a body was not taken.
func (x *exchange) unread(p any, err error) {
	told := (*app.Error)(nil)
	switch {
	case errors.As(err, &told):
		x.fail(err)
	case errors.As(err, new(*http.MaxBytesError)):
		x.failAs(http.StatusRequestEntityTooLarge, refuse(app.Invalid, "the request is longer than %d bytes: send fewer rows at once", MaxMessageBytes))
	case errors.Is(err, os.ErrDeadlineExceeded):
		x.failAs(http.StatusRequestTimeout, refuse(app.Invalid, "the request did not come whole within %s: send it again", x.wait.body))
	case errors.Is(err, io.EOF):
		x.fail(refuse(app.Invalid, "the body is empty: send {} when there is nothing to say"))
	default:
		if field, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
			x.fail(refuse(app.Invalid, "%s has no field %s: /%s/commands shows its fields; update both programs to one version", app.NameOf(p), field, protocol))
			return
		}
		x.fail(refuse(app.Invalid, "%s does not have the form of its fields: %v; /%s/commands shows them", app.NameOf(p), err, protocol))
	}
}

// watch writes changes until either side ends. While a line is being written the
// desk skips for us, so that a slow reader costs its connection and no more.
func (x *exchange) watch() {
	ctx, err := x.session()
	if err != nil {
		x.fail(err)
		return
	}
	of, err := interestOf(x.r.URL.RawQuery)
	if err != nil {
		x.fail(err)
		return
	}
	_ = x.ctl.SetWriteDeadline(time.Time{})
	x.w.Header()["Content-Type"] = []string{"application/x-ndjson"}
	for c := range x.desk.Watch(ctx, of) {
		b, err := json.Marshal(c)
		if err == nil {
			_, err = x.w.Write(append(b, '\n'))
		}
		if err == nil {
			err = x.ctl.Flush()
		}
		if err != nil {
			return
		}
	}
}

// interestOf reads what follows the question mark of a watch.
func interestOf(query string) (of app.Interest, err error) {
	vs, err := url.ParseQuery(query)
	if err != nil {
		return of, refuse(app.Invalid, "what follows the question mark cannot be read: %v", err)
	}
	types := typesByName()
	for k, ws := range vs {
		for _, w := range ws {
			t, ok := types[w]
			switch {
			case k == "type" && ok:
				of.Types = append(of.Types, t)
			case k == "id" && len(ws) == 1 && of.ID.UnmarshalText([]byte(w)) == nil:
			default:
				return of, refuse(app.Invalid, "%s=%q is not understood: a watch is narrowed by type=, such as case, as often as needed, and by one id=", k, w)
			}
		}
	}
	return of, nil
}

// queryOf is what interestOf reads.
func queryOf(of app.Interest) string {
	vs := url.Values{}
	for _, t := range of.Types {
		vs.Add("type", t.String())
	}
	if !of.ID.IsZero() {
		vs.Set("id", of.ID.String())
	}
	return vs.Encode()
}

func typesByName() map[string]desk.Type {
	m := map[string]desk.Type{}
	for t := desk.NoType + 1; t.Valid(); t++ {
		m[t.String()] = t
	}
	return m
}

// commands lists what can be said, for whoever writes a script.
func (x *exchange) commands() {
	var list struct {
		Commands map[string]any       `json:"commands"`
		Queries  map[string]any       `json:"queries"`
		Types    map[string]desk.Type `json:"types"`
	}
	named := func(names []string, of func(string) (any, bool)) map[string]any {
		m := map[string]any{}
		for _, n := range names {
			m[n], _ = of(n)
		}
		return m
	}
	list.Commands, list.Queries, list.Types = named(app.CommandNames(), app.NewCommand), named(app.QueryNames(), app.NewQuery), typesByName()
	x.answer(list, nil)
}

// answer writes a value, or the failure.
func (x *exchange) answer(v any, err error) {
	var b []byte
	if err == nil {
		b, err = encode(v)
	}
	if err == nil && len(b) > MaxMessageBytes {
		err = refuse(app.Invalid, "the answer is longer than %d bytes: ask for fewer rows", MaxMessageBytes)
	}
	if err != nil {
		x.fail(err)
		return
	}
	x.reply(http.StatusOK, b)
}

func (x *exchange) fail(err error) {
	if known := (*app.Error)(nil); x.r.Context().Err() != nil && !errors.As(err, &known) {
		err = refuse(app.Unavailable, "the program that holds the desk has ended, or the call was given up: try again")
	}
	x.failAs(statusOf(app.CodeOf(err)), err)
}

func (x *exchange) failAs(status int, err error) {
	e, h := asError(err), x.w.Header()
	if e.After > 0 {
		h.Set("Retry-After", strconv.Itoa(e.After))
	}
	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	if !x.read || !x.who.may() { // what is left of the body is not waited for
		h.Set("Connection", "close")
		_ = x.ctl.SetReadDeadline(time.Now().Add(x.wait.end))
	}
	b, _ := json.Marshal(e) // strings and numbers always encode
	x.reply(status, b)
}

// reply ends the exchange. A peer that takes nothing for long is let go.
func (x *exchange) reply(status int, b []byte) {
	_ = x.ctl.SetWriteDeadline(time.Now().Add(x.wait.write))
	h := x.w.Header()
	h["Content-Type"] = []string{"application/json"}
	h["Content-Length"] = []string{strconv.Itoa(len(b) + 1)}
	x.w.WriteHeader(status)
	_, _ = x.w.Write(b) // who has gone gets nothing
	_, _ = x.w.Write([]byte{'\n'})
}
