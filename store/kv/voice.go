package kv

import (
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"punto/store/volume"
)

// voice hears what Badger says of its work in the background.
type voice struct {
	log   *slog.Logger
	stuck chan struct{} // a memtable could not be written out: it is tried again for ever
	last  atomic.Pointer[string]
}

func newVoice(log *slog.Logger) *voice { return &voice{log: log, stuck: make(chan struct{}, 1)} }

// Errorf implements badger.Logger.
func (v *voice) Errorf(format string, args ...any) {
	if strings.HasPrefix(format, "error flushing memtable") {
		select {
		case v.stuck <- struct{}{}:
		default:
		}
	}
	s := strings.TrimSpace(fmt.Sprintf(format, args...))
	if was := v.last.Swap(&s); was == nil || *was != s { // once of each that repeats
		v.log.Warn("the database says", "what", s)
	}
}

// Warningf implements badger.Logger.
func (v *voice) Warningf(format string, args ...any) { v.Errorf(format, args...) }

// Infof implements badger.Logger.
func (*voice) Infof(string, ...any) {}

// Debugf implements badger.Logger.
func (*voice) Debugf(string, ...any) {}

// wait is a moment in which a full volume keeps something from ending.
func (v *voice) wait() {
	select {
	case v.stuck <- struct{}{}:
	default:
	}
	time.Sleep(time.Second)
}

// Badger tries for ever to write a memtable out: what waits for it waits so often,
// or so long.
const (
	stuckOften = 3
	stuckLong  = 45 * time.Second
)

// ends waits for what opens or closes the database, and gives up when a full
// volume keeps it: the log files hold all of it.
func ends[T any](r *volume.Space, v *voice, work func() T) (x T, ok bool) {
	done := make(chan T, 1)
	go func() { done <- work() }()
	late := time.After(stuckLong)
	for n := 1; ; n++ {
		select {
		case x := <-done:
			return x, true
		case <-v.stuck:
		case <-late:
			return x, false
		}
		if n >= stuckOften && !r.Spend() {
			return x, false
		}
	}
}
