package local_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"punto/app"
	"punto/app/local"
)

// patience is for what must come, on a machine however loaded.
const patience = time.Minute

// raw is a connection on which anything can be said.
func raw(t testing.TB, dir string) net.Conn {
	t.Helper()
	path, err := local.Address(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	return c
}

// script is HTTP as any program speaks it, without our client.
func script(t testing.TB, dir string) *http.Client {
	t.Helper()
	path, err := local.Address(dir)
	if err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// get and post are requests as they stand on the wire.
func get(target string, header ...string) string {
	return "GET " + target + " HTTP/1.1\r\n" + strings.Join(append([]string{"Host: localhost"}, header...), "\r\n") + "\r\n\r\n"
}

func post(target, body string, header ...string) string {
	header = append([]string{"Host: punto", "Content-Type: application/json", fmt.Sprint("Content-Length: ", len(body))}, header...)
	return "POST " + target + " HTTP/1.1\r\n" + strings.Join(header, "\r\n") + "\r\n\r\n" + body
}

// say sends bytes and reads one answer; status 0 is none.
func say(t testing.TB, c net.Conn, said string) (status int, e app.Error) {
	t.Helper()
	go func() { _, _ = io.WriteString(c, said) }() // the host may answer before it has read all
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0, e
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil && !errors.Is(err, syscall.ECONNRESET) { // it was closed before all was read that was said
		t.Error(err)
	}
	_ = json.Unmarshal(b, &e)
	if r.StatusCode != http.StatusOK && r.Header.Get("Content-Type") == "application/json" && (e.Code == "" || e.Msg == "") {
		t.Errorf("%d without a code or words: %q", r.StatusCode, b)
	}
	return r.StatusCode, e
}

func sent(t *testing.T, h *http.Client, method, path, body string, header map[string]string) (*http.Response, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://localhost"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	a, err := h.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a, b
}

var inJSON = map[string]string{"Content-Type": "application/json; charset=utf-8", "Authorization": "Bearer mine"}

func TestAScriptDoesAsksAndWatches(t *testing.T) {
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	h := script(t, dir)

	a, b := sent(t, h, http.MethodPost, "/v1/do/AddNote", `{"Text": "ñandú <&>", "Public": true}`+"\n", inJSON)
	var r app.Receipt
	if a.StatusCode != http.StatusOK || json.Unmarshal(b, &r) != nil || r.Number != "A-1-9" || b[len(b)-1] != '\n' {
		t.Errorf("do: %d %s", a.StatusCode, b)
	}
	if len(f.done) != 1 || f.done[0] != (app.AddNote{Text: "ñandú <&>", Public: true}) || f.session != "mine" {
		t.Errorf("the desk was given %+v in the session %q", f.done, f.session)
	}
	if a.Header.Get("Content-Type") != "application/json" || a.ProtoMajor != 1 {
		t.Errorf("the answer is %v, %v", a.Proto, a.Header)
	}

	a, b = sent(t, h, http.MethodPost, "/v1/ask/Search", `{"Text":"tóner"}`, inJSON)
	var hits app.SearchAnswer
	if a.StatusCode != http.StatusOK || json.Unmarshal(b, &hits) != nil || len(hits.Hits) != 1 || hits.Hits[0].Ref != "tóner" {
		t.Errorf("ask: %d %s", a.StatusCode, b)
	}

	if a, b = sent(t, h, http.MethodPost, "/v1/fed", "{}", inJSON); a.StatusCode != http.StatusOK {
		t.Errorf("fed: %d %s", a.StatusCode, b)
	}

	w, err := h.Get("http://localhost/v1/watch?type=case&type=call")
	if err != nil || w.StatusCode != http.StatusOK {
		t.Fatal(w, err)
	}
	defer w.Body.Close()
	lines := bufio.NewScanner(w.Body)
	for n, want := range []uint64{0, 1, 2} {
		if n > 0 {
			f.change(1)
		}
		var c app.Change
		if !lines.Scan() || json.Unmarshal(lines.Bytes(), &c) != nil || c.Rev != want || c.Snapshot != (n == 0) {
			t.Errorf("line %d of the watch is %q", n, lines.Text())
		}
	}
}

// What the list of commands and queries gives as an example is taken as it is.
func TestTheListOfCommandsIsWhatCanBeSaid(t *testing.T) {
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	h := script(t, dir)
	var list struct {
		Commands, Queries map[string]json.RawMessage
		Types             map[string]int
	}
	if a, b := sent(t, h, http.MethodGet, "/v1/commands", "", nil); a.StatusCode != http.StatusOK || json.Unmarshal(b, &list) != nil {
		t.Fatalf("%d %s", a.StatusCode, b)
	}
	if got := slices.Sorted(maps.Keys(list.Commands)); !slices.Equal(got, app.CommandNames()) {
		t.Errorf("commands %v", got)
	}
	if got := slices.Sorted(maps.Keys(list.Queries)); !slices.Equal(got, app.QueryNames()) {
		t.Errorf("queries %v", got)
	}
	if list.Types["case"] == 0 || list.Types["none"] != 0 {
		t.Errorf("types %v", list.Types)
	}
	for verb, named := range map[string]map[string]json.RawMessage{"do": list.Commands, "ask": list.Queries} {
		for name, example := range named {
			if a, b := sent(t, h, http.MethodPost, "/v1/"+verb+"/"+name, string(example), inJSON); a.StatusCode != http.StatusOK {
				t.Errorf("%s %s %s: %d %s", verb, name, example, a.StatusCode, b)
			}
		}
	}
}

func TestAScriptIsToldWhatIsWrong(t *testing.T) {
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	h := script(t, dir)
	for _, s := range []struct {
		name, method, path, body string
		header                   map[string]string
		status                   int
		code                     app.Code
		says                     string
	}{
		{"an unknown command", "POST", "/v1/do/Fly", "{}", inJSON, 404, app.Invalid, `no command "Fly"`},
		{"a command in small letters", "POST", "/v1/do/signout", "{}", inJSON, 404, app.Invalid, "no command"},
		{"a query that is done", "POST", "/v1/do/Cases", "{}", inJSON, 404, app.Invalid, "no command"},
		{"an unknown query", "POST", "/v1/ask/Fly", "{}", inJSON, 404, app.Invalid, `no query "Fly"`},
		{"another path", "GET", "/", "", nil, 404, app.Invalid, "/v1/commands"},
		{"a path below", "POST", "/v1/do/SignOut/now", "{}", inJSON, 404, app.Invalid, "/v1/commands"},
		{"a protocol to come", "POST", "/v2/do/SignOut", "{}", inJSON, 404, app.Unavailable, "speaks v1 and not v2: update both programs"},
		{"a command got", "GET", "/v1/do/SignOut", "", inJSON, 405, app.Invalid, "POST"},
		{"a command put", "PUT", "/v1/do/SignOut", "{}", inJSON, 405, app.Invalid, "POST"},
		{"a watch posted", "POST", "/v1/watch", "{}", inJSON, 405, app.Invalid, "GET"},
		{"a greeting with a body", "GET", "/v1", "{}", nil, 400, app.Invalid, "no body"},
		{"fields behind a question mark", "POST", "/v1/do/SignOut?a=1", "{}", inJSON, 400, app.Invalid, "question mark"},
		{"no body", "POST", "/v1/do/SignOut", "", inJSON, 400, app.Invalid, "send {}"},
		{"half a body", "POST", "/v1/do/SignIn", `{"Login":"a`, inJSON, 400, app.Invalid, "SignIn"},
		{"no JSON", "POST", "/v1/do/SignIn", `Login=a`, inJSON, 400, app.Invalid, "SignIn"},
		{"a list", "POST", "/v1/do/SignIn", `[]`, inJSON, 400, app.Invalid, "SignIn"},
		{"another type", "POST", "/v1/do/SignIn", `{"Login":7}`, inJSON, 400, app.Invalid, "Login"},
		{"an unknown field", "POST", "/v1/do/SignIn", `{"Logon":"a"}`, inJSON, 400, app.Invalid, `SignIn has no field "Logon"`},
		{"two objects", "POST", "/v1/do/SignOut", `{}{}`, inJSON, 400, app.Invalid, "follows"},
		{"a tail", "POST", "/v1/do/SignOut", `{} x`, inJSON, 400, app.Invalid, "follows"},
		{"a form", "POST", "/v1/do/SignOut", `{}`, map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, 415, app.Invalid, "application/json"},
		{"plain text", "POST", "/v1/do/SignOut", `{}`, map[string]string{"Content-Type": "text/plain"}, 415, app.Invalid, "application/json"},
		{"no type", "POST", "/v1/do/SignOut", `{}`, nil, 415, app.Invalid, "application/json"},
		{"a packed body", "POST", "/v1/do/SignOut", `{}`, map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}, 415, app.Invalid, "application/json"},
		{"a password as authorization", "POST", "/v1/do/SignOut", `{}`, map[string]string{"Content-Type": "application/json", "Authorization": "Basic YTpi"}, 401, app.NotSignedIn, "Bearer"},
		{"an empty token", "POST", "/v1/do/SignOut", `{}`, map[string]string{"Content-Type": "application/json", "Authorization": "Bearer"}, 401, app.NotSignedIn, "Bearer"},
		{"a watch of an unknown type", "GET", "/v1/watch?type=cases", "", nil, 400, app.Invalid, `type="cases"`},
		{"a watch of no id", "GET", "/v1/watch?id=7", "", nil, 400, app.Invalid, `id="7"`},
		{"a watch of something else", "GET", "/v1/watch?of=case", "", nil, 400, app.Invalid, "of="},
		{"a watch that cannot be read", "GET", "/v1/watch?type=%zz", "", nil, 400, app.Invalid, "question mark"},
	} {
		a, b := sent(t, h, s.method, s.path, s.body, s.header)
		var e app.Error
		if err := json.Unmarshal(b, &e); err != nil || a.StatusCode != s.status || e.Code != s.code || !strings.Contains(e.Msg, s.says) {
			t.Errorf("%s: %d %s", s.name, a.StatusCode, b)
		}
		if allow := a.Header.Get("Allow"); (s.status == 405) != (allow != "") {
			t.Errorf("%s: allowed is %q", s.name, allow)
		}
	}
	if len(f.done) != 0 {
		t.Errorf("done was %+v", f.done)
	}
}

func TestCodesOfFailureHaveTheirStatus(t *testing.T) {
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	h := script(t, dir)
	for code, status := range map[app.Code]int{app.Invalid: 400, app.NotFound: 404, app.NotAllowed: 403, app.NotSignedIn: 401, app.BadPassword: 401,
		app.TooSoon: 429, app.Busy: 503, app.Conflict: 409, app.DiskFull: 507, app.Unavailable: 503, app.Internal: 500} {
		want := app.Error{Code: code, Msg: "qué pasó con X", Form: "qué pasó con %s", Args: []string{"X"}, After: 7, Field: "subject"}
		f.err = &want
		a, b := sent(t, h, http.MethodPost, "/v1/ask/Status", "{}", inJSON)
		var e app.Error
		if err := json.Unmarshal(b, &e); err != nil || a.StatusCode != status || fmt.Sprint(e) != fmt.Sprint(want) || a.Header.Get("Retry-After") != "7" {
			t.Errorf("%s: %d %v %s", code, a.StatusCode, a.Header, b)
		}
	}
}
