package ami

import (
	"time"

	"punto/app/phone"
)

// What an exchange lists when it is asked, after the link was lost.

// queueEntry is a caller who waits now.
func queueEntry(c *Calls, m *Message, at time.Time) error {
	uid, err := id(m)
	if err != nil {
		return err
	}
	l := c.lines.at(uid)
	if l.seen = at; l.waiting {
		return nil
	}
	if wait, ok := seconds(m, "Wait", time.Second); ok {
		at = at.Add(-wait)
	}
	return join(c, m, at)
}

// showChannel is a channel that lives now.
func showChannel(c *Calls, m *Message, at time.Time) error {
	if c.listing.IsZero() {
		c.listing = at
	}
	if l := c.lines.of[m.Get("Uniqueid")]; l != nil {
		l.seen = at
	}
	return nil
}

// shownAll ends the calls whose channel the exchange does not list: they ended
// while nobody listened, and how is not known until a log tells.
func shownAll(c *Calls, _ *Message, at time.Time) error {
	from := c.listing
	if c.listing = (time.Time{}); from.IsZero() {
		from = at
	}
	for _, id := range append([]string(nil), c.lines.order...) {
		l := c.lines.of[id]
		if l == nil || !l.seen.Before(from) {
			continue
		}
		if l.waiting || !l.answered.IsZero() {
			e := phone.CallEvent{At: at, Likely: phone.Unknown, Rank: phone.FromRecord, Key: phone.Key{Kind: phone.Ended}}
			c.gone(l, e)
		}
		c.lines.drop(id)
	}
	return nil
}

// gone tells an end that nobody saw: any source that did see it is believed before.
func (c *Calls) gone(l *channel, e phone.CallEvent) {
	e.Key.PBX, e.Key.UniqueID, e.Key.Queue = c.pbx, l.id, l.queue
	c.numbers.Number(&e)
	c.out = append(c.out, e)
}
