package site

import (
	"testing"
	"time"
)

func TestTheClockOfAWorkstationIsJudgedByTheMiddleOne(t *testing.T) {
	const min = time.Minute
	for _, c := range []struct {
		name        string
		others      []time.Duration
		coordinator bool
		want        time.Duration
	}{
		{"two clocks: the coordinator's is right", []time.Duration{5 * min, 5 * min}, false, 5 * min},
		{"two clocks, on the coordinator", []time.Duration{5 * min}, true, 0},
		{"this one is ahead of two that agree", []time.Duration{-3 * min, -3 * min}, false, -3 * min},
		{"one of three others is far off", []time.Duration{0, time.Second, 1000 * min}, false, 0},
		{"of two in the middle the nearer", []time.Duration{-2 * min, -min, 4 * min}, false, 0},
		{"nearer below", []time.Duration{2 * min, 3 * min, -min}, false, 0},
		{"all others are ahead", []time.Duration{2 * min, 3 * min, 4 * min}, false, 2 * min},
	} {
		if got := median(c.others, c.coordinator); got != c.want {
			t.Errorf("%s: %v and not %v", c.name, got, c.want)
		}
	}
}
