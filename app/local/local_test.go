package local_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"punto/app"
	"punto/app/desk"
	"punto/app/local"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(mistaken); dir != "" {
		hostMistakes(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

// fake is a desk that remembers what it was asked and answers as it is told.
type fake struct {
	mu      sync.Mutex
	done    []app.Command
	session string
	err     error
	hold    chan struct{} // Ask waits for it or for its context, when not nil
	held    chan struct{} // is sent to by an Ask that waits, when not nil
	stopped chan struct{} // closed when a held Ask was cancelled
	rev     uint64
	bell    chan struct{} // closed at the next change; nil when nobody waits
}

func (f *fake) Owner(ctx context.Context) context.Context {
	return app.WithSession(ctx, "of the owner")
}

func (f *fake) Do(ctx context.Context, c app.Command) (app.Receipt, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done, f.session = append(f.done, c), app.SessionOf(ctx)
	return app.Receipt{ID: desk.DerivedID("x"), Number: "A-1-9", Seq: uint64(len(f.done)), More: []desk.ID{desk.DerivedID("y")}}, f.err
}

func (f *fake) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	if f.hold != nil {
		if f.held != nil {
			f.held <- struct{}{}
		}
		select {
		case <-f.hold:
		case <-ctx.Done():
			close(f.stopped)
			return nil, ctx.Err()
		}
	}
	if s, ok := q.(app.Search); ok {
		return app.SearchAnswer{Hits: []app.Hit{{Ref: s.Text, Score: 1.5}}}, f.err
	}
	return app.StatusAnswer{Node: "A", Origins: map[desk.Origin]uint64{1<<63 + 5: 7}}, f.err
}

// change makes n changes, whoever watches.
func (f *fake) change(n int) {
	for range n {
		f.mu.Lock()
		f.rev++
		if f.bell != nil {
			close(f.bell)
			f.bell = nil
		}
		f.mu.Unlock()
	}
}

// Watch keeps few changes for a slow reader, as any desk does.
func (f *fake) Watch(ctx context.Context, _ app.Interest) iter.Seq[app.Change] {
	const kept = 8
	return func(yield func(app.Change) bool) {
		f.mu.Lock()
		seen := f.rev
		f.mu.Unlock()
		if !yield(app.Change{Rev: seen, Snapshot: true}) {
			return
		}
		for {
			f.mu.Lock()
			rev := f.rev
			if f.bell == nil {
				f.bell = make(chan struct{})
			}
			bell := f.bell
			f.mu.Unlock()
			if rev > seen+kept {
				if seen = rev; !yield(app.Change{Rev: rev, Snapshot: true}) {
					return
				}
			}
			for ; seen < rev; seen++ {
				if !yield(app.Change{Rev: seen + 1, Entities: []desk.Entity{{Type: desk.CaseType, ID: desk.DerivedID("c")}}}) {
					return
				}
			}
			select {
			case <-bell:
			case <-ctx.Done():
				return
			}
		}
	}
}

// serve hosts a desk in dir until the test ends or the stop that it returns is
// called.
func serve(t testing.TB, dir string, d app.Desk) (stop func()) {
	t.Helper()
	l, err := local.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- local.Serve(ctx, l, d) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serve ended with %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func dial(t testing.TB, dir string) *local.Client {
	t.Helper()
	c, err := local.Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestACommandCrossesWholeAndItsReceiptComesBack(t *testing.T) {
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	c := dial(t, dir)
	want := app.OpenCase{ID: desk.DerivedID("case"), At: 5, Opened: desk.Opened{Subject: "No imprime «ñ»\n", Kind: desk.Incident, Modality: desk.ByPhone, Impact: 2}}
	r, err := c.Do(app.WithSession(t.Context(), "token"), want)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(f.done, []app.Command{want}) || f.session != "token" {
		t.Errorf("the desk was given %+v in the session %q", f.done, f.session)
	}
	if r.ID != desk.DerivedID("x") || r.Number != "A-1-9" || r.Seq != 1 || len(r.More) != 1 {
		t.Errorf("the receipt came back as %+v", r)
	}
}

func TestEveryCommandAndQueryIsKnownByItsNameOnBothSides(t *testing.T) {
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	c := dial(t, dir)
	for _, n := range app.CommandNames() {
		p, _ := app.NewCommand(n)
		if _, err := c.Do(t.Context(), app.AsCommand(p)); err != nil {
			t.Errorf("%s: %v", n, err)
		}
	}
	for i, n := range app.CommandNames() {
		if got := app.NameOf(f.done[i]); got != n {
			t.Errorf("%s arrived as %s", n, got)
		}
	}
	a, err := c.Ask(t.Context(), app.Status{})
	if s, ok := a.(app.StatusAnswer); err != nil || !ok || s.Origins[1<<63+5] != 7 {
		t.Errorf("the status came back as %#v, %v", a, err)
	}
}

func TestCodesOfFailureCrossUnchanged(t *testing.T) {
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	c := dial(t, dir)
	for _, code := range []app.Code{app.Invalid, app.NotFound, app.NotAllowed, app.NotSignedIn, app.BadPassword, app.TooSoon, app.Busy, app.Conflict, app.Unavailable} {
		f.err = fmt.Errorf("do: %w", &app.Error{Code: code, Msg: "qué pasó", After: 7})
		if _, err := c.Do(t.Context(), app.SignOut{}); app.CodeOf(err) != code || !strings.Contains(err.Error(), "qué pasó") {
			t.Errorf("%s came back as %s: %v", code, app.CodeOf(err), err)
		} else if told := (*app.Error)(nil); !errors.As(err, &told) || told.After != 7 {
			t.Errorf("%s came back without the time to wait", code)
		}
		if _, err := c.Ask(t.Context(), app.Status{}); app.CodeOf(err) != code {
			t.Errorf("the query's %s came back as %s", code, app.CodeOf(err))
		}
	}
	f.err = errors.New("disk on fire")
	if _, err := c.Do(t.Context(), app.SignOut{}); app.CodeOf(err) != app.Internal {
		t.Errorf("an internal failure came back as %v", err)
	}
}

func TestOnlyTheOwnersMarkGivesTheOwnersSession(t *testing.T) {
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	c := dial(t, dir)
	for ctx, want := range map[context.Context]string{t.Context(): "", app.WithSession(t.Context(), "mine"): "mine", c.Owner(t.Context()): "of the owner"} {
		if _, err := c.Do(ctx, app.SignOut{}); err != nil || f.session != want {
			t.Errorf("the session arrived as %q, %v; want %q", f.session, err, want)
		}
	}
}

func TestAWatchBeginsWithASnapshotAndASlowReaderSkips(t *testing.T) {
	const many = 200_000 // far more than the buffers between hold
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	c := dial(t, dir)
	var seen []app.Change
	for x := range c.Watch(t.Context(), app.Interest{}) {
		if len(seen) == 0 { // we take nothing meanwhile: the desk goes on, and the host answers
			f.change(many)
			if _, err := c.Ask(t.Context(), app.Status{}); err != nil {
				t.Fatal(err)
			}
		}
		if seen = append(seen, x); x.Rev == many {
			break
		}
	}
	if len(seen) > many/2 {
		t.Errorf("the slow reader was given %d of %d changes", len(seen), many)
	}
	if !seen[0].Snapshot {
		t.Errorf("the first change is %+v, no snapshot", seen[0])
	}
	for i := 1; i < len(seen); i++ {
		if seen[i].Rev != seen[i-1].Rev+1 && !seen[i].Snapshot {
			t.Errorf("revision %d follows %d without a mark", seen[i].Rev, seen[i-1].Rev)
		}
	}
}

func TestAWatchIsNarrowedAsItWasAsked(t *testing.T) {
	dir, asked := t.TempDir(), make(chan app.Interest, 1)
	serve(t, dir, watched{&fake{}, asked})
	c := dial(t, dir)
	for _, want := range []app.Interest{{}, {ID: desk.DerivedID("c")}, {Types: []desk.Type{desk.CaseType, desk.AlarmType}, ID: desk.DerivedID("d")}} {
		for range c.Watch(t.Context(), want) {
			break
		}
		if got := <-asked; !reflect.DeepEqual(got, want) {
			t.Errorf("the interest %+v arrived as %+v", want, got)
		}
	}
}

// watched tells with what interest it was watched.
type watched struct {
	*fake
	asked chan app.Interest
}

func (w watched) Watch(ctx context.Context, of app.Interest) iter.Seq[app.Change] {
	w.asked <- of
	return w.fake.Watch(ctx, of)
}

func TestAStoppedCallIsStoppedInTheHost(t *testing.T) {
	f, dir := &fake{hold: make(chan struct{}), stopped: make(chan struct{})}, t.TempDir()
	serve(t, dir, f)
	c := dial(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.Ask(ctx, app.Status{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the stopped call gave %v", err)
	}
	<-f.stopped // or the test times out
}

func TestManyCallsAtOnceAreEachAnswered(t *testing.T) {
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	c := dial(t, dir)
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			text := fmt.Sprint(i)
			a, err := c.Ask(t.Context(), app.Search{Text: text})
			if err != nil || a.(app.SearchAnswer).Hits[0].Ref != text {
				t.Errorf("question %s was answered %v, %v", text, a, err)
			}
		})
	}
	all.Wait()
}

func TestNobodyAnswersInAnEmptyFolderNorAfterAKill(t *testing.T) {
	dir := t.TempDir()
	if _, err := local.Dial(t.Context(), dir); !errors.Is(err, local.ErrNobody) {
		t.Errorf("an empty folder gave %v", err)
	}
	path, err := local.Address(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false) // as a kill leaves it
	_ = l.Close()
	if _, err := local.Dial(t.Context(), dir); !errors.Is(err, local.ErrNobody) {
		t.Errorf("a dead socket gave %v", err)
	}
	serve(t, dir, &fake{})
	dial(t, dir)
}

func TestWhenTheHostEndsCallsSayItAndTheNextHostIsReached(t *testing.T) {
	dir := t.TempDir()
	stop := serve(t, dir, &fake{})
	c := dial(t, dir)
	next, end := iter.Pull(c.Watch(t.Context(), app.Interest{}))
	defer end()
	if x, ok := next(); !ok || !x.Snapshot {
		t.Fatal("the watch did not begin")
	}
	if c.Lost() {
		t.Error("lost while the host is there")
	}
	stop()
	if _, ok := next(); ok {
		t.Error("the watch outlived its host")
	}
	if !c.Lost() {
		t.Error("the end of the watch was not noted")
	}
	if _, err := c.Do(t.Context(), app.SignOut{}); app.CodeOf(err) != app.Unavailable || !errors.Is(err, local.ErrNobody) {
		t.Errorf("without a host a command gave %v", err)
	}
	serve(t, dir, &fake{})
	if _, err := c.Do(t.Context(), app.SignOut{}); err != nil {
		t.Errorf("the next host was not reached: %v", err)
	}
	_ = c.Close()
	if _, err := c.Do(t.Context(), app.SignOut{}); app.CodeOf(err) != app.Unavailable {
		t.Errorf("a closed client gave %v", err)
	}
}

func TestALongFolderNameHasASocketToo(t *testing.T) {
	dir := t.TempDir() + "/" + strings.Repeat("carpeta-larga/", 12)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	serve(t, dir, &fake{})
	if _, err := dial(t, dir).Do(t.Context(), app.SignOut{}); err != nil {
		t.Error(err)
	}
}

func TestACallTooLongForOneMessageIsRefusedAndTheConnectionLives(t *testing.T) {
	f, dir := &fake{}, t.TempDir()
	serve(t, dir, f)
	c := dial(t, dir)
	long := app.AddNote{Text: strings.Repeat("a", local.MaxMessageBytes)}
	if _, err := c.Do(t.Context(), long); app.CodeOf(err) != app.Invalid {
		t.Errorf("the long note gave %v", err)
	}
	if _, err := c.Do(t.Context(), app.AddNote{Text: "corta"}); err != nil || len(f.done) != 1 {
		t.Errorf("the next note gave %v; %d arrived", err, len(f.done))
	}
}

func FuzzAHostSurvivesAnyBytes(f *testing.F) {
	for _, s := range []string{"", "GET /v1 HTTP/1.1\r\nHost: punto\r\n\r\n", "POST /v1/do/SignOut HTTP/1.1\r\nHost: punto\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
		"GET /v1/watch?type=case HTTP/1.1\r\nHost: punto\r\nAuthorization: Bearer x\r\n\r\n", "\x00\x00\x00\x02{}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		dir := t.TempDir()
		stop := serve(t, dir, &fake{})
		c := raw(t, dir)
		_, _ = c.Write(said)
		stop()
	})
}

func FuzzAHostSurvivesAnyBody(f *testing.F) {
	for _, s := range []string{"{}", `{"Login":"a","Password":"b"}`, `{"Login":1}`, `{"No":1}`, "null", "[]", `{}{}`, `{"Login":"\ud800"}`, strings.Repeat("[", 20_000)} {
		f.Add("SignIn", []byte(s))
	}
	f.Fuzz(func(t *testing.T, name string, body []byte) {
		dir := t.TempDir()
		serve(t, dir, &fake{})
		h := script(t, dir)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://punto/v1/do/"+url.PathEscape(name), bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		a, err := h.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		b, err := io.ReadAll(a.Body)
		var e app.Error
		if err != nil || !json.Valid(b) || a.StatusCode != http.StatusOK && (json.Unmarshal(b, &e) != nil || e.Code == "" || e.Msg == "") {
			t.Fatalf("%d %q, %v", a.StatusCode, b, err)
		}
	})
}

func TestOneUserHasSoManyCallsInHand(t *testing.T) {
	f, dir := &fake{hold: make(chan struct{})}, t.TempDir()
	serve(t, dir, f)
	c := dial(t, dir)
	answers := make(chan error, 2*local.MaxWork)
	for range 2 * local.MaxWork {
		go func() {
			_, err := c.Ask(context.Background(), app.Status{})
			answers <- err
		}()
	}
	for range local.MaxWork { // those in hand are held: the others are all answered
		var told *app.Error
		if err := <-answers; !errors.As(err, &told) || told.Code != app.Busy || told.After != 1 || told.Form == "" {
			t.Fatalf("one call too many was answered %v", err)
		}
	}
	for range c.Watch(t.Context(), app.Interest{}) { // a watch is no call
		break
	}
	close(f.hold)
	for range local.MaxWork {
		if err := <-answers; err != nil {
			t.Errorf("a call in hand: %v", err)
		}
	}
	if _, err := c.Ask(t.Context(), app.Status{}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
