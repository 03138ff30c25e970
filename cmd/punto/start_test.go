package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"punto/store"
	"punto/ui"
)

// A folder that is in use is waited for; what only a person can mend is tried
// again when the person says so.
func TestAStartGoesOnByItselfWhereThatCanHelp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fails := []error{fmt.Errorf("open: %w", store.ErrLocked), fmt.Errorf("open: %w", store.ErrLocked), fmt.Errorf("open: %w", store.ErrDamaged), nil}
		var told []ui.Trouble
		opened := false
		o := &opening{retry: make(chan struct{}, 1), ready: func() { opened = true }, tell: func(x ui.Trouble, _ error) { told = append(told, x) },
			open: func(context.Context) error { err := fails[0]; fails = fails[1:]; return err }}
		done := make(chan struct{})
		go func() { defer close(done); o.run(t.Context()) }()
		synctest.Wait()
		if !slices.Equal(told, []ui.Trouble{ui.InUse}) {
			t.Fatalf("at first it told %v", told)
		}
		time.Sleep(3 * pause) // of the bubble
		synctest.Wait()
		if !slices.Equal(told, []ui.Trouble{ui.InUse, ui.InUse, ui.Damaged}) || opened {
			t.Fatalf("then it told %v, open: %v", told, opened)
		}
		o.retry <- struct{}{}
		<-done
		if !opened || told[len(told)-1] != ui.NoTrouble || o.err != nil {
			t.Errorf("it told %v, open: %v, %v", told, opened, o.err)
		}
	})
}

func TestEveryFailureIsATrouble(t *testing.T) {
	for err, want := range map[error]ui.Trouble{store.ErrLocked: ui.InUse, store.ErrDamaged: ui.Damaged, store.ErrNewer: ui.Newer, fs.ErrPermission: ui.Denied,
		errManyWindows: ui.Windows, errors.New("something else"): ui.Failed} {
		if got := troubleOf(fmt.Errorf("open the desk: %w", err)); got != want {
			t.Errorf("%v is trouble %d, not %d", err, got, want)
		}
	}
}

func TestAHolderThatDoesNotAnswerIsWaitedFor(t *testing.T) {
	if got := troubleOf(fmt.Errorf("reach the desk: %w", context.DeadlineExceeded)); got != ui.InUse {
		t.Errorf("it is trouble %v", got)
	}
}
