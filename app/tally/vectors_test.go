package tally_test

import (
	"testing"

	"punto/app/vectors"
	"punto/packaging/outside"
)

// Published roll-ups by hour, day and month, over a change of the clocks too, come out
// as their source states them.
func TestPublishedRollUpsOfHoursDaysAndMonths(t *testing.T) {
	rep, err := vectors.RollUps(outside.Open(t, "wazo-queue-stats/vectors.json"))
	if err != nil || rep.Failed > 0 || rep.Passed < 20 {
		t.Errorf("%d passed, failed %q: %v", rep.Passed, rep.Failures, err)
	}
}
