package sla

import "time"

// dayNumber numbers civil dates, so that walking them never adds 86,400 s to an
// instant.
func dayNumber(y int, m time.Month, d int) int64 {
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / daySeconds
}

func civil(n int64) (int, time.Month, int) { return time.Unix(n*daySeconds, 0).UTC().Date() }

// firstDay (1900-01-01) and lastDay (2200-01-01) are the ends of every walk:
// open time outside them is not counted.
const firstDay, lastDay = -25_567, 84_006

// dayOf is the civil date of an instant, kept between firstDay and lastDay.
func (h *Hours) dayOf(t time.Time) int64 {
	_, off := t.In(h.zone).Zone()
	s := t.Unix() + int64(off)
	n := s / daySeconds
	if s%daySeconds < 0 {
		n--
	}
	return min(max(n, firstDay), lastDay)
}

// wall is a zone's clock face at an instant, written as if it were UTC.
func wall(t time.Time) time.Time {
	_, off := t.Zone()
	return t.UTC().Add(time.Duration(off) * time.Second)
}

// At is the moment of a local wall-clock reading, sec seconds into a civil date, which
// may be more than a day and dates beyond the end of the month: one that does not exist
// moves to the first instant that does, one that occurs twice is the first. In
// other words, the earliest instant whose clock face has reached the reading;
// so it never runs backwards as the reading grows.
func (h *Hours) At(y int, m time.Month, d, sec int) time.Time {
	t := time.Date(y, m, d, 0, 0, sec, 0, h.zone)
	want := time.Date(y, m, d, 0, 0, sec, 0, time.UTC)
	start, end := t.ZoneBounds()
	if face := wall(t); !face.Equal(want) { // in a gap: Go picked one of its sides
		if face.Before(want) {
			return end
		}
		return start
	}
	if start.IsZero() {
		return t
	}
	_, before := start.Add(-time.Nanosecond).Zone()
	_, after := t.Zone()
	if before > after { // the clock was set back: perhaps this is the second of two
		if first := t.Add(-time.Duration(before-after) * time.Second); first.Before(start) {
			return first
		}
	}
	return t
}
