package local_test

import (
	"context"
	"os"
	"runtime"
	"syscall"
	"testing"

	"punto/app"
	"punto/app/local"
)

// dialAs reaches the host as another user: the kernel notes the user of the
// thread that connects, and the thread ends with its goroutine.
func dialAs(ctx context.Context, uid int, dir string) (c *local.Client, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread is thrown away
		const same = ^uintptr(0)
		if _, _, e := syscall.RawSyscall(syscall.SYS_SETRESUID, same, uintptr(uid), same); e != 0 {
			err = e
			return
		}
		c, err = local.Dial(ctx, dir)
	}()
	<-done
	return c, err
}

func TestAnotherUserIsRefusedUnlessLetIn(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("SKIPPED: only root can play another user")
	}
	const other = 65534
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
	f := &fake{}
	letIn := make(chan bool, 1)
	s := &local.Server{Desk: f, Allow: func(uid uint32) bool { return uid == other && <-letIn }}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	defer func() { stop(); <-ended }()

	letIn <- false
	if _, err := dialAs(t.Context(), other, dir); app.CodeOf(err) != app.NotAllowed {
		t.Errorf("another user got %v", err)
	}
	letIn <- true
	c, err := dialAs(t.Context(), other, dir)
	if err != nil {
		t.Fatalf("a user let in got %v", err)
	}
	defer c.Close()
	if _, err := c.Do(app.WithSession(t.Context(), "mine"), app.SignOut{}); err != nil || f.session != "mine" {
		t.Errorf("with a session: %v", err)
	}
	if _, err := c.Do(c.Owner(t.Context()), app.SignOut{}); app.CodeOf(err) != app.NotAllowed {
		t.Errorf("as the owner another user got %v", err)
	}
}
