package promises

import "punto/app/sla"

// At which shares of a target somebody is told.

// alarmPercents are the shares of a target at which somebody is told.
var alarmPercents = []int{75, 100}

// Armed is a threshold that an open case has reached, or will if nothing stops
// its clock.
type Armed struct {
	At      int64  `cbor:"1,keyasint"` // Unix milliseconds
	Clock   string `cbor:"2,keyasint"`
	Percent int    `cbor:"3,keyasint"`
}

// ArmedOf lists the thresholds of the runs that go on: those they have reached, and
// those they will reach if nothing stops them.
func ArmedOf(runs []sla.Run) (out []Armed) {
	for _, r := range runs {
		if !r.Stop.IsZero() || r.State == sla.Void {
			continue
		}
		for _, t := range append(r.Thresholds("", alarmPercents), r.Coming(alarmPercents)...) {
			out = append(out, Armed{t.At.UnixMilli(), r.ID, t.Percent})
		}
	}
	return out
}
