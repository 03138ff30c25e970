package calls

import (
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
	"punto/app/phone/number"
)

// A call that was lost is returned when its caller is talked to again, on whatever line:
// answered, or reached by somebody who called back.

// CallerKey is what the same numbers have in common, by which a caller is known: their
// last digits, or all of an internal one. "" where no number is told.
func CallerKey(caller string) string {
	if t := number.Tail(caller); t != "" {
		return t
	}
	n, ok := number.Parse(caller, "")
	if !ok {
		return ""
	}
	return strings.TrimSpace(n.Digits)
}

// Lost tells whether a call was lost: busy, or abandoned.
func Lost(c phone.Call) bool { return c.Outcome == phone.Busy || c.Outcome == phone.Abandoned }

// EndOfWait is when a call was answered or lost, in Unix milliseconds.
func EndOfWait(c phone.Call) int64 { return c.OfferedAt.Add(c.Wait).UnixMilli() }

// window is how long a lost call can be returned, in milliseconds.
const window = int64(app.CallBackDays * 24 * time.Hour / time.Millisecond)

// Returned is how long after it was lost at an instant a caller was talked to; 0 when
// not yet, and a second at least.
func Returned(r desk.Reader, key string, at int64) (time.Duration, error) {
	if key == "" {
		return 0, nil
	}
	p := engine.Prefix(IxReached, key)
	for k, err := range r.Scan(p, engine.Prefix(IxReached, key, at), false) {
		if err != nil {
			return 0, err
		}
		if d := engine.InstantAfter(k.Key, len(p)) - at; d <= window {
			return max(time.Second, time.Duration(d)*time.Millisecond), nil
		}
		break
	}
	return 0, nil
}

// LostBefore shows when calls of a caller were lost that being talked to at an instant
// returns.
func LostBefore(r desk.Reader, key string, at int64, use func(lost int64)) error {
	if key == "" {
		return nil
	}
	p := engine.Prefix(IxLostBy, key)
	for k, err := range r.Scan(p, engine.Prefix(IxLostBy, key, at-window), false) {
		if err != nil {
			return err
		}
		lost := engine.InstantAfter(k.Key, len(p))
		if lost > at {
			break
		}
		use(lost)
	}
	return nil
}
