package local_test

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"punto/app"
	"punto/app/local"
)

// Nothing of this does anything, and the host answers the next one.
func TestHostileRequestsDoNothing(t *testing.T) {
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	const do = "/v1/do/SignOut"
	long := strings.Repeat("a", 64<<10)
	for _, s := range []struct {
		name, said string
		status     int // 0 = the connection is closed without an answer
		code       app.Code
	}{
		{"from a page", post(do, "{}", "Origin: http://localhost"), 403, app.NotAllowed},
		{"from a page of none", post(do, "{}", "Origin: null"), 403, app.NotAllowed},
		{"from a page with an empty mark", post(do, "{}", "Origin:"), 403, app.NotAllowed},
		{"from a link", get("/v1/watch", "Referer: http://localhost/"), 403, app.NotAllowed},
		{"from a browser", get("/v1/commands", "sec-fetch-site: none"), 403, app.NotAllowed},
		{"from a script of a page", post(do, "{}", "Sec-Fetch-Mode: no-cors"), 403, app.NotAllowed},
		{"asking before a page's request", "OPTIONS " + do + " HTTP/1.1\r\nHost: punto\r\nOrigin: http://x\r\nAccess-Control-Request-Method: POST\r\n\r\n", 403, app.NotAllowed},
		{"under the name of elsewhere", strings.Replace(post(do, "{}"), "Host: punto", "Host: punto.example", 1), 403, app.NotAllowed},
		{"under a name with a port", strings.Replace(post(do, "{}"), "Host: punto", "Host: localhost:8080", 1), 403, app.NotAllowed},
		{"under no name", strings.Replace(post(do, "{}"), "Host: punto", "Host:", 1), 403, app.NotAllowed},
		{"under an address", get("/v1", "X: y")[:len("GET /v1 HTTP/1.1\r\n")] + "Host: 127.0.0.1\r\n\r\n", 403, app.NotAllowed},
		{"to elsewhere", strings.Replace(post(do, "{}"), do, "http://elsewhere"+do, 1), 403, app.NotAllowed},
		{"of an old HTTP", "POST " + do + " HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", 403, app.NotAllowed},
		{"under two names", strings.Replace(post(do, "{}"), "Host: punto", "Host: punto\r\nHost: localhost", 1), 400, ""},
		{"a tunnel", "CONNECT punto:80 HTTP/1.1\r\nHost: punto\r\n\r\n", 403, app.NotAllowed},
		{"about all", "OPTIONS * HTTP/1.1\r\nHost: punto\r\n\r\n", 404, app.Invalid},
		{"a double slash", post("//v1/do/SignOut", "{}"), 404, app.Invalid},
		{"a double slash within", post("/v1//do/SignOut", "{}"), 404, app.Invalid},
		{"a slash behind", post(do+"/", "{}"), 404, app.Invalid},
		{"no name", post("/v1/do/", "{}"), 404, app.Invalid},
		{"dots", post("/v1/ask/../do/SignOut", "{}"), 404, app.Invalid},
		{"dots before", post("/../v1/do/SignOut", "{}"), 404, app.Invalid},
		{"an escaped letter", post("/v1/do/Sign%4fut", "{}"), 404, app.Invalid},
		{"an escaped slash", post("/v1/do%2fSignOut", "{}"), 404, app.Invalid},
		{"an escaped zero", post("/v1/do/SignOut%00", "{}"), 404, app.Invalid},
		{"a semicolon", post(do+";a", "{}"), 404, app.Invalid},
		{"a hash", post(do+"#a", "{}"), 404, app.Invalid},
		{"a zero in the path", post(do+"\x00", "{}"), 400, ""},
		{"a line in the path", post(do+"\rX", "{}"), 400, ""},
		{"a bell in a header", post(do, "{}", "X: \x07"), 400, ""},
		{"a zero in a token", post(do, "{}", "Authorization: Bearer a\x00b"), 400, ""},
		{"a space in a header's name", post(do, "{}", "X y: z"), 400, ""},
		{"two sessions", post(do, "{}", "Authorization: Bearer a", "Authorization: Bearer b"), 401, app.NotSignedIn},
		{"two types", strings.Replace(post(do, "{}"), "Content-Type: application/json", "Content-Type: text/plain, application/json", 1), 415, app.Invalid},
		{"two lengths", post(do, "{}", "Content-Length: 40"), 400, ""},
		{"no length that is a number", strings.Replace(post(do, "{}"), "Content-Length: 2", "Content-Length: -2", 1), 400, ""},
		{"an unknown coding", post(do, "{}", "Transfer-Encoding: gzip"), 501, ""},
		{"a broken chunk", strings.Replace(post(do, "zz\r\n{}\r\n0\r\n\r\n"), "Content-Length: 16", "Transfer-Encoding: chunked", 1), 400, app.Invalid},
		{"a long header", post(do, "{}", "X: "+long), 431, ""},
		{"a long path", get("/v1/" + long), 431, ""},
		{"a length of terabytes", strings.Replace(post("/v1/do/AddNote", "{}"), "Content-Length: 2", "Content-Length: 1099511627776", 1), 413, app.Invalid},
		{"a body that was promised elsewhere", strings.Replace(post(do, "{}"), "Content-Type: application/json", "Content-Type: text/html", 1), 415, app.Invalid},
		{"HTTP 2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 403, app.NotAllowed},
		{"HTTP 3", "GET /v1 HTTP/3.0\r\nHost: punto\r\n\r\n", 505, ""},
		{"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "\r\n\r\n", 400, ""},
		{"deep JSON", post(do, strings.Repeat("[", 100_000)), 400, app.Invalid},
	} {
		status, e := say(t, raw(t, dir), s.said)
		if status != s.status || e.Code != s.code {
			t.Errorf("%s: %d %v", s.name, status, e)
		}
		if status, _ := say(t, raw(t, dir), get("/v1")); status != http.StatusOK {
			t.Fatalf("after %s the host answers %d", s.name, status)
		}
	}
	if len(f.done) != 0 {
		t.Errorf("done was %+v", f.done)
	}
}

func TestEndlessBodyEnds(t *testing.T) {
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	c := raw(t, dir)
	go func() {
		_, _ = io.WriteString(c, "POST /v1/do/AddNote HTTP/1.1\r\nHost: punto\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
		piece := strings.Repeat("a", 1<<20)
		for _, err := io.WriteString(c, "9\r\n"+`{"Text":"`+"\r\n"); err == nil; {
			_, err = fmt.Fprintf(c, "%x\r\n%s\r\n", len(piece), piece)
		}
	}()
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || r.StatusCode != http.StatusRequestEntityTooLarge || len(f.done) != 0 {
		t.Fatal(r, err, f.done)
	}
	_ = r.Body.Close()
}

// Requests that are being sent take no more than one may, however many they are.
func TestRequestsInHandTakeNoMoreThanOneMayTake(t *testing.T) {
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	whole := post("/v1/do/AddNote", `{"Text":"`+strings.Repeat("a", local.MaxMessageBytes*2/5)+`"}`)
	slow := [2]net.Conn{raw(t, dir), raw(t, dir)}
	for _, c := range slow { // all but the end
		if _, err := io.WriteString(c, whole[:len(whole)-1]); err != nil {
			t.Fatal(err)
		}
	}
	// What was written is not all read yet, but for what a socket holds: the third
	// may fit in while the second is being read, and then is done.
	for len(f.notes()) < 50 {
		status, e := say(t, raw(t, dir), whole)
		if status == http.StatusServiceUnavailable && e.Code == app.Busy && e.After == 1 {
			break
		}
		if status != http.StatusOK {
			t.Fatal(status, e)
		}
	}
	before := len(f.notes())
	if before == 50 {
		t.Error("nobody was told to wait")
	}
	for _, c := range slow {
		if status, e := say(t, c, whole[len(whole)-1:]); status != http.StatusOK {
			t.Error("one in hand:", status, e)
		}
	}
	if status, e := say(t, raw(t, dir), whole); status != http.StatusOK || len(f.notes()) != before+3 {
		t.Error("afterwards:", status, e, len(f.notes()))
	}
}

func (f *fake) notes() []app.Command {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.done
}

// A thousand at once are each answered, most of them that they are too many.
func TestAThousandRequestsAtOnceAreEachAnswered(t *testing.T) {
	const many = 1000
	f, dir := &fake{hold: make(chan struct{}), held: make(chan struct{}, many)}, t.TempDir()
	serve(t, dir, f)
	var all sync.WaitGroup
	answers := make(chan int, many)
	for range many {
		c := raw(t, dir)
		all.Go(func() {
			status, e := say(t, c, post("/v1/ask/Status", "{}"))
			if status == http.StatusServiceUnavailable && e.Code != app.Busy {
				t.Error(e)
			}
			answers <- status
		})
	}
	for range many - local.MaxWork {
		if status := <-answers; status != http.StatusServiceUnavailable {
			t.Fatalf("one too many was answered %d", status)
		}
	}
	for range local.MaxWork {
		<-f.held
	}
	close(f.hold)
	for range local.MaxWork {
		if status := <-answers; status != http.StatusOK {
			t.Errorf("one in hand was answered %d", status)
		}
	}
	all.Wait()
	if status, e := say(t, raw(t, dir), post("/v1/ask/Status", "{}")); status != http.StatusOK {
		t.Error("afterwards:", status, e)
	}
}

// One connection too many is closed, and a place that is left is the next one's.
func TestOneUserHasSoManyConnections(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, &fake{})
	var held []net.Conn
	for range local.MaxConnections {
		c := raw(t, dir)
		if len(held) == 0 || len(held) == local.MaxConnections-1 {
			if status, _ := say(t, c, get("/v1")); status != http.StatusOK {
				t.Fatal("connection", len(held), "is answered", status)
			}
		}
		held = append(held, c)
	}
	c := raw(t, dir)
	if n, err := c.Read(make([]byte, 1)); n != 0 || errors.Is(err, os.ErrDeadlineExceeded) || err == nil {
		t.Errorf("one too many: %d, %v", n, err)
	}
	_ = held[0].Close()
	for end := time.Now().Add(patience); ; {
		if status, _ := say(t, raw(t, dir), get("/v1")); status == http.StatusOK {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the place that was left is not given away")
		}
	}
}

// Who closes its half after asking is answered or let go; who closes it within a
// request has asked nothing.
func TestHalfClosedConnectionsEnd(t *testing.T) {
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	for _, said := range []string{get("/v1"), post("/v1/do/SignOut", "{}"), "POST /v1/do/SignOut HT", post("/v1/do/SignOut", "{}")[:60],
		strings.Replace(post("/v1/do/AddNote", `{"Text":"a"}`), "Content-Length: 12", "Content-Length: 13", 1), get("/v1/watch"), ""} {
		c := raw(t, dir)
		if _, err := io.WriteString(c, said); err != nil {
			t.Fatal(err)
		}
		if err := c.(*net.UnixConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(c); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%q: the host holds on", said)
		}
	}
	for _, c := range f.notes() {
		if c != (app.SignOut{}) {
			t.Errorf("half a request did %+v", c)
		}
	}
}

// A program of before HTTP is told what to do, in the frames that it reads.
func TestAProgramOfAnOlderBuildIsToldToUpdate(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, &fake{})
	c := raw(t, dir)
	hello := `{"id":1,"verb":"hello","body":1}`
	if _, err := c.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(hello))), hello...)); err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(c)
	var m struct {
		ID   uint64
		Verb string
		Body app.Error
	}
	if err != nil || len(b) < 4 || int(binary.BigEndian.Uint32(b)) != len(b)-4 || json.Unmarshal(b[4:], &m) != nil {
		t.Fatalf("%q, %v", b, err)
	}
	if m.ID != 1 || m.Verb != "failed" || m.Body.Code != app.Unavailable || !strings.Contains(m.Body.Msg, "update both programs") {
		t.Errorf("%+v", m)
	}
}

// A host of before HTTP reads four bytes of length, finds too many, and closes.
func TestAHostOfAnOlderBuildIsNamed(t *testing.T) {
	dir := t.TempDir()
	l, err := local.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	defer all.Wait()
	defer l.Close()
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			var n [4]byte
			if _, err := io.ReadFull(c, n[:]); err == nil && binary.BigEndian.Uint32(n[:]) < 4<<10 {
				_, _ = io.CopyN(io.Discard, c, int64(binary.BigEndian.Uint32(n[:])))
				_, _ = c.Write([]byte("\x00\x00\x00\x0e" + `{"id":1,"a":1}`))
			}
			_ = c.Close()
		}
	})
	if _, err := local.Dial(t.Context(), dir); app.CodeOf(err) != app.Unavailable || errors.Is(err, local.ErrNobody) || !strings.Contains(err.Error(), "older version") {
		t.Errorf("a host of before gave %v", err)
	}
}
