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
	if l.seen, l.round = at, c.round; l.waiting {
		return nil
	}
	if wait, ok := seconds(m, "Wait", time.Second); ok {
		at = at.Add(-wait)
	}
	return join(c, m, at)
}

// listedAll tells which callers left a queue while nobody listened: what became of
// them their ends tell, or nobody.
func listedAll(c *Calls, _ *Message, _ time.Time) error {
	for _, l := range c.lines.of {
		switch {
		case l.waiting && l.round != c.round:
			l.waiting, l.left = false, true
			c.lines.hush(l)
		case !l.answered.IsZero():
			l.missed = true
		}
	}
	return nil
}

// listedMember is an agent of a queue as it is now; what was told of it is not told
// again.
func listedMember(c *Calls, m *Message, at time.Time) error {
	name, err := agent(m)
	if err != nil || name == "" {
		return err
	}
	queue, err := text(m, "Queue", phone.MaxID)
	if err != nil {
		return err
	}
	was, known := c.members[who{queue, name}]
	if !known {
		if err := c.ofAgent(m, phone.CallEvent{At: since(m, "LoginTime", at), Key: phone.Key{Kind: phone.AgentSignedIn}}); err != nil {
			return err
		}
	}
	is := state{paused: m.Get("Paused") == "1"}
	if is.paused {
		if is.reason, err = text(m, "PausedReason", phone.MaxField); err != nil {
			return err
		}
	}
	if is == was {
		return nil
	}
	e := phone.CallEvent{At: at, Key: phone.Key{Kind: phone.AgentBack}}
	if is.paused {
		e.At, e.Reason, e.Key.Kind = since(m, "LastPause", at), is.reason, phone.AgentPaused
	}
	return c.ofAgent(m, e)
}

// since is the instant that a list gives in whole seconds; now when it gives none.
func since(m *Message, key string, now time.Time) time.Time {
	if sec, ok := digits(m.Get(key)); ok && sec > 0 && sec <= now.Unix() {
		return time.Unix(sec, 0).UTC()
	}
	return now
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
		if l.waiting || l.left || !l.answered.IsZero() {
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
