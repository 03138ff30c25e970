package local_test

import (
	"context"
	"net"
	"net/http"
	"os"
	"runtime"
	"sync"
	"syscall"
	"testing"

	"punto/app"
	"punto/app/local"
)

// rawAs connects as another user: the kernel notes the user of the thread that
// connects, and the thread ends with its goroutine.
func rawAs(t *testing.T, uid int, dir string) (c net.Conn) {
	t.Helper()
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread is thrown away
		const same = ^uintptr(0)
		if _, _, e := syscall.RawSyscall(syscall.SYS_SETRESUID, same, uintptr(uid), same); e != 0 {
			done <- e
			return
		}
		path, err := local.Address(dir)
		if err == nil {
			c, err = net.Dial("unix", path)
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestAnotherUserIsRefusedUnlessLetIn(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("SKIPPED: only root can play another user")
	}
	const other, guest = 65534, 65533
	dir, err := os.MkdirTemp("", "punto")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	l, err := local.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	path, err := local.Address(dir)
	if err != nil {
		t.Fatal(err)
	}
	for p, mode := range map[string]os.FileMode{dir: 0o755, path: 0o666} { // so that only the check itself is left
		if err := os.Chmod(p, mode); err != nil {
			t.Fatal(err)
		}
	}
	var mu sync.Mutex
	asked := map[uint32]int{}
	f := &fake{}
	s := &local.Server{Desk: f, Allow: func(uid uint32) bool {
		mu.Lock()
		defer mu.Unlock()
		asked[uid]++
		return uid == guest
	}}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	defer func() { stop(); <-ended }()

	for range 2 { // it is asked once, and told each time
		if status, e := say(t, rawAs(t, other, dir), get("/v1")); status != http.StatusForbidden || e.Code != app.NotAllowed {
			t.Errorf("another user got %d, %v", status, e)
		}
	}
	if status, e := say(t, rawAs(t, other, dir), post("/v1/do/SignOut", "{}")); status != http.StatusForbidden || e.Code != app.NotAllowed {
		t.Errorf("another user's command got %d, %v", status, e)
	}
	c := rawAs(t, guest, dir)
	if status, e := say(t, c, post("/v1/do/SignOut", "{}", "Authorization: Bearer mine")); status != http.StatusOK || f.session != "mine" {
		t.Errorf("with a session: %d, %v", status, e)
	}
	if status, e := say(t, c, post("/v1/do/SignOut", "{}", "Authorization: Owner")); status != http.StatusForbidden || e.Code != app.NotAllowed {
		t.Errorf("as the owner another user got %d, %v", status, e)
	}
	if len(f.done) != 1 {
		t.Errorf("%d commands arrived", len(f.done))
	}
	if asked[other] != 1 || asked[guest] != 1 {
		t.Errorf("the system was asked %v", asked)
	}
}
