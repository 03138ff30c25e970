package site

import (
	"testing"
	"time"
)

func TestTheClockOfAWorkstationIsJudgedByTheMiddleOne(t *testing.T) {
	const minute = time.Minute
	for _, c := range []struct {
		name        string
		others      []time.Duration
		coordinator bool
		want        time.Duration
	}{
		{"two clocks: the coordinator's is right", []time.Duration{5 * minute, 5 * minute}, false, 5 * minute},
		{"two clocks, on the coordinator", []time.Duration{5 * minute}, true, 0},
		{"this one is ahead of two that agree", []time.Duration{-3 * minute, -3 * minute}, false, -3 * minute},
		{"one of three others is far off", []time.Duration{0, time.Second, 1000 * minute}, false, 0},
		{"of two in the middle the nearer", []time.Duration{-2 * minute, -minute, 4 * minute}, false, 0},
		{"nearer below", []time.Duration{2 * minute, 3 * minute, -minute}, false, 0},
		{"all others are ahead", []time.Duration{2 * minute, 3 * minute, 4 * minute}, false, 2 * minute},
	} {
		if got := median(c.others, c.coordinator); got != c.want {
			t.Errorf("%s: %v and not %v", c.name, got, c.want)
		}
	}
}
