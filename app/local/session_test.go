package local

import (
	"testing"

	"punto/app"
)

func TestRequestsInHandTakeNoMoreThanOneMessageMay(t *testing.T) {
	x := &session{calls: map[uint64]*call{}}
	big := make([]byte, MaxMessageBytes/2+1)
	for i, want := range []app.Code{"", app.Busy, app.Busy} {
		_, err := x.begin(t.Context(), message{ID: uint64(i), Verb: do, Body: big})
		if err == nil && want != "" || err != nil && app.CodeOf(err) != want {
			t.Errorf("request %d: %v", i, err)
		}
	}
	x.end(0)
	if _, err := x.begin(t.Context(), message{ID: 9, Verb: do, Body: big}); err != nil {
		t.Error("after the answer:", err)
	}
	if _, err := x.begin(t.Context(), message{ID: 9, Verb: do}); app.CodeOf(err) != app.Invalid {
		t.Errorf("one id twice: %v", err)
	}
	x.end(9)
}
