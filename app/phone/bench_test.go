package phone_test

import (
	"fmt"
	"testing"
	"time"

	"punto/app/phone"
)

// A morning of calls, each with what a live link tells of it.
func morning(calls int) (of [][]phone.CallEvent, events int) {
	for i := range calls {
		at := noon.Add(time.Duration(i) * 7 * time.Second)
		id := fmt.Sprintf("%d.%d", at.Unix(), i)
		say := func(kind phone.EventKind, sec int) phone.CallEvent {
			return phone.CallEvent{Key: phone.Key{PBX: "asterisk", UniqueID: id, Queue: "mesa", Entry: 1, Kind: kind}, At: at.Add(time.Duration(sec) * time.Second), Rank: phone.FromLive}
		}
		queued, fail, answered, end := say(phone.Queued, 1), say(phone.RingFailed, 9), say(phone.Answered, 15), say(phone.Ended, 200)
		queued.Caller, queued.Name, fail.Agent, fail.Key.Attempt = "0981234501", "Usuario", "Bruno Diaz", 1
		answered.Agent, answered.Wait, answered.Told, end.Outcome = "Ana Perez", 14*time.Second, phone.ToldWait, phone.Completed
		first, second := say(phone.Ringing, 2), say(phone.Ringing, 11)
		first.Key.Attempt, second.Key.Attempt = 1, 2
		of = append(of, []phone.CallEvent{say(phone.Offered, 0), queued, first, fail, second, answered, say(phone.Held, 50), say(phone.Resumed, 70), end})
	}
	return of, 9 * calls
}

// BenchmarkFold folds each call as it ends, with each event told by two listeners.
func BenchmarkFold(b *testing.B) {
	of, n := morning(1_000)
	for i := range of {
		of[i] = append(of[i], of[i]...)
	}
	n *= 2
	for b.Loop() {
		for _, es := range of {
			if phone.Fold(es).Outcome != phone.Completed {
				b.Fatal("a call did not end")
			}
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkFoldLive folds each call anew at each of its events, as a live board does.
func BenchmarkFoldLive(b *testing.B) {
	of, n := morning(1_000)
	for b.Loop() {
		for _, es := range of {
			for i := range es {
				_ = phone.Fold(es[:i+1])
			}
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "events/s")
}
