package local_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/local"
)

// mistaken names a folder to a child process that hosts a desk with a mistake.
const mistaken = "PUNTO_TEST_MISTAKEN"

type mistake struct{ *fake }

func (mistake) Do(context.Context, app.Command) (app.Receipt, error) { panic("a lock is held") }

func hostMistakes(dir string) {
	l, err := local.Listen(dir)
	if err == nil {
		err = local.Serve(context.Background(), l, mistake{&fake{}})
	}
	panic(err)
}

// A desk that panics in a call may hold a lock for ever: the process ends, and says
// where, as it does when no socket is between.
func TestAMistakeOfTheDeskEndsItsProcess(t *testing.T) {
	dir := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), mistaken+"="+dir)
	var told bytes.Buffer
	child.Stderr = &told
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var c *local.Client
	for end := time.Now().Add(patience); ; {
		var err error
		if c, err = local.Dial(t.Context(), dir); err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	defer c.Close()
	if _, err := c.Ask(t.Context(), app.Status{}); err != nil {
		t.Error(err)
	}
	if _, err := c.Do(t.Context(), app.SignOut{}); app.CodeOf(err) != app.Unavailable {
		t.Errorf("the call gave %v", err)
	}
	if err := child.Wait(); err == nil || !strings.Contains(told.String(), "a lock is held") || !strings.Contains(told.String(), "mistake.Do") {
		t.Errorf("it ended with %v and said %s", err, told.String())
	}
}
