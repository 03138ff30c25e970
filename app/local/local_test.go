package local_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
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

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a desk that remembers what it was asked and answers as it is told.
type fake struct {
	mu      sync.Mutex
	done    []app.Command
	session string
	err     error
	hold    chan struct{} // Ask waits for it or for its context, when not nil
	stopped chan struct{} // closed when a held Ask was cancelled
	changes []app.Change
	sent    chan struct{} // closed when all changes were taken, when not nil
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

func (f *fake) Watch(ctx context.Context, _ app.Interest) iter.Seq[app.Change] {
	return func(yield func(app.Change) bool) {
		if !yield(app.Change{Snapshot: true}) {
			return
		}
		for _, c := range f.changes {
			if !yield(c) {
				return
			}
		}
		if f.sent != nil {
			close(f.sent)
		}
		<-ctx.Done()
	}
}

// serve hosts a desk in dir until the test ends or the stop that it returns is
// called.
func serve(t *testing.T, dir string, d app.Desk) (stop func()) {
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

func dial(t *testing.T, dir string) *local.Client {
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
	const many = 50_000 // far more than a socket's buffer holds
	f, dir := &fake{sent: make(chan struct{})}, t.TempDir()
	for i := range many {
		f.changes = append(f.changes, app.Change{Rev: uint64(i + 1), Entities: []desk.Entity{{Type: desk.CaseType, ID: desk.DerivedID("c")}}})
	}
	serve(t, dir, f)
	c := dial(t, dir)
	var seen []app.Change
	for x := range c.Watch(t.Context(), app.Interest{}) {
		if len(seen) == 0 { // while we are slow the connection still answers
			if _, err := c.Ask(t.Context(), app.Status{}); err != nil {
				t.Fatal(err)
			}
			<-f.sent
		}
		seen = append(seen, x)
		if x.Rev == many {
			break
		}
	}
	if len(seen) > many/2 {
		t.Errorf("the slow reader was given all of %d changes", len(seen))
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

func TestManyCallsShareOneConnection(t *testing.T) {
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
	stop()
	if _, ok := next(); ok {
		t.Error("the watch outlived its host")
	}
	if _, err := c.Do(t.Context(), app.SignOut{}); app.CodeOf(err) != app.Unavailable {
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

func TestBrokenPeersAreLetGoAndTheOthersServed(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir, &fake{})
	path, err := local.Address(dir)
	if err != nil {
		t.Fatal(err)
	}
	hello := "\x00\x00\x00\x22" + `{"id":1,"verb":"hello","body":  1}`
	for name, bytes := range map[string]string{
		"no greeting":        "\x00\x00\x00\x02{}",
		"not JSON":           "\x00\x00\x00\x02]]",
		"a long greeting":    "\x00\x10\x00\x00",
		"a version to come":  "\x00\x00\x00\x22" + `{"id":1,"verb":"hello","body":999}`,
		"a length of 4 GiB":  hello + "\xff\xff\xff\xff",
		"garbage after that": hello + "\x00\x00\x00\x05hello",
	} {
		c, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, bytes)
		_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, err := io.ReadAll(c); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: the host holds on", name)
		}
		_ = c.Close()
	}
	if _, err := dial(t, dir).Do(t.Context(), app.SignOut{}); err != nil {
		t.Errorf("after the broken peers: %v", err)
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
	for _, s := range []string{"", `{"id":2,"verb":"do","name":"SignIn","body":{}}`, `{"id":2,"verb":"ask","name":"Status"}`, `{"id":3,"verb":"watch","body":7}`, `{"id":2,"verb":"cancel"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		dir := t.TempDir()
		stop := serve(t, dir, &fake{})
		path, err := local.Address(dir)
		if err != nil {
			t.Fatal(err)
		}
		c, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for _, b := range [][]byte{[]byte(`{"id":1,"verb":"hello","body":1}`), body} {
			_, _ = c.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...))
		}
		stop()
	})
}

func TestOneConnectionHasSoManyCallsInHand(t *testing.T) {
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
