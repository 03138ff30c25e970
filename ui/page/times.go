package page

import (
	"fmt"
	"time"
)

// Span is a length of time in words: "9 min", "2 h 05", "3 d 4 h".
func Span(d time.Duration) string {
	d = max(0, d)
	switch m := int(d.Minutes()); {
	case m < 60:
		return fmt.Sprintf("%d min", m)
	case m < 24*60:
		return fmt.Sprintf("%d h %02d", m/60, m%60)
	default:
		return fmt.Sprintf("%d d %d h", m/60/24, m/60%24)
	}
}

// Duration is a length of time on a timer: "0:09", "1:05:30".
func Duration(d time.Duration) string {
	d = max(0, d)
	if d >= time.Hour {
		return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// Zone is the time zone of the desk; until that is known, the machine's.
func (k *Kit) Zone() *time.Location {
	name := k.State.Desk.Zone
	if name == "" {
		return time.Local
	}
	if k.zone.name != name { // reading one takes longer than drawing a page
		at, err := time.LoadLocation(name)
		if err != nil {
			at = time.Local
		}
		k.zone.name, k.zone.at = name, at
	}
	return k.zone.at
}

// Local is an instant in the desk's time zone.
func (k *Kit) Local(t time.Time) time.Time { return t.In(k.Zone()) }

// At is an instant as a local time of day or date.
func (k *Kit) At(t time.Time) string {
	now := k.Local(k.Now())
	t = k.Local(t)
	days := func(x time.Time) int {
		return int(time.Date(x.Year(), x.Month(), x.Day(), 12, 0, 0, 0, time.UTC).Unix() / 86400)
	}
	switch d := days(t) - days(now); {
	case d == 0:
		return k.T("time.today", "At", t.Format("15:04"))
	case d == 1:
		return k.T("time.tomorrow", "At", t.Format("15:04"))
	case t.Year() == now.Year():
		return t.Format("2/1 15:04")
	}
	return t.Format("2/1/2006 15:04")
}

// Second is an instant to the second if it is of today, else At.
func (k *Kit) Second(t time.Time) string {
	if k.today(t) {
		return k.Local(t).Format("15:04:05")
	}
	return k.At(t)
}

// Since is an instant, in Unix milliseconds, as it follows "desde": "las 15:04", "el
// 22/11 15:04".
func (k *Kit) Since(ms int64) string {
	t := time.UnixMilli(ms)
	if k.today(t) {
		return k.T("time.theHour", "At", k.Local(t).Format("15:04"))
	}
	return k.T("time.theDay", "At", k.Local(t).Format("2/1 15:04"))
}

func (k *Kit) today(t time.Time) bool {
	return k.Local(t).Format(time.DateOnly) == k.Local(k.Now()).Format(time.DateOnly)
}
