package oracle

import "time"

// calls counts every index of calls of a month: those that were offered in it.
func (d *Desk) calls(m Month, asked time.Time, t *SumsOf) {
	from, to := d.span(m)
	c := d.Contracts[m.Contract]
	reached := d.reached(asked)
	for _, k := range d.Calls {
		if !in(k.At, from, to) || k.At.After(asked) || k.Known.After(asked) {
			continue
		}
		if whose := d.whose(k); whose != m.Contract {
			if whose == "" {
				t.add("nobody's")
			}
			continue
		}
		outcome := k.Outcome
		if outcome != "menu" && c.Hours.Business(k.At, k.At.Add(time.Second)) == 0 {
			outcome = "closed" // offered is what comes in service hours
		}
		switch outcome {
		case "answered":
			t.answered(k, c)
		case "abandoned":
			t.abandoned(k, c)
		default:
			t.add(outcome)
		}
		if outcome == "busy" || outcome == "abandoned" && !short(k, c) {
			if key(k.Number) != "" {
				t.add("callable")
			}
			if after, ok := returned(k, reached); ok {
				t.add("returned")
				t.spread("back", after)
			}
		}
		if k.Queued && outcome == k.Outcome && offered(k, c) {
			t.add("queued")
		}
	}
}

// reached lists when each caller was talked to: answered on any line, or reached by hand.
func (d *Desk) reached(asked time.Time) map[string][]time.Time {
	all := map[string][]time.Time{}
	for _, k := range d.Calls {
		if k.Outcome == "answered" && !k.At.After(asked) && !k.Known.After(asked) {
			all[key(k.Number)] = append(all[key(k.Number)], k.At.Add(k.Wait))
		}
	}
	for _, r := range d.Reaches {
		if !r.At.After(asked) {
			all[key(r.Number)] = append(all[key(r.Number)], r.At)
		}
	}
	return all
}

// returned is how long after a call was lost its caller was talked to; within a week,
// and a second at least.
func returned(lost Call, reached map[string][]time.Time) (after time.Duration, ok bool) {
	if key(lost.Number) == "" {
		return 0, false
	}
	for _, at := range reached[key(lost.Number)] {
		since := at.Sub(lost.At.Add(lost.Wait))
		if since >= 0 && since <= 7*24*time.Hour && (!ok || since < after) {
			after, ok = since, true
		}
	}
	return max(after, time.Second), ok
}

// key is by what two numbers are one: their last seven digits.
func key(number string) (digits string) {
	for _, r := range number {
		if r >= '0' && r <= '9' {
			digits += string(r)
		}
	}
	if len(digits) > 7 {
		return digits[len(digits)-7:]
	}
	return digits
}

// whose is the contract of a call: that of its queue, else of the number that was
// dialled, else of its person, else the desk's only one. "" is nobody's.
func (d *Desk) whose(k Call) string {
	for id, c := range d.Contracts {
		if k.Queue != "" && has(c.Queues, k.Queue) {
			return id
		}
	}
	for id, c := range d.Contracts {
		if k.Dialled != "" && has(c.Numbers, k.Dialled) {
			return id
		}
	}
	if k.Contract != "" || len(d.Contracts) != 1 {
		return k.Contract
	}
	for id := range d.Contracts {
		return id
	}
	return ""
}

func short(k Call, c Contract) bool {
	return k.Outcome == "abandoned" && !k.NoWait && k.Wait < c.ShortAbandon
}

// offered tells whether the call is one of the offered.
func offered(k Call, c Contract) bool {
	switch k.Outcome {
	case "answered", "busy", "overflow", "withdrawn":
		return true
	case "abandoned":
		return !short(k, c)
	}
	return false
}

func (t *SumsOf) answered(k Call, c Contract) {
	t.add("answered")
	if k.NoWait {
		t.add("unknown wait")
	} else {
		t.add("wait known")
		t.spread("wait", k.Wait)
		if k.Wait <= c.AnswerIn {
			t.add("answered in time")
		}
	}
	wrapUp := k.WrapUp
	if wrapUp > c.WrapUp {
		wrapUp = c.WrapUp
		t.add("capped")
	}
	t.spread("talk", k.Talk+k.Hold)
	t.spread("handle", k.Talk+k.Hold+wrapUp)
}

func (t *SumsOf) abandoned(k Call, c Contract) {
	if short(k, c) {
		t.add("short")
		return
	}
	t.add("abandoned")
	if k.Queued {
		t.add("abandoned queued")
	}
	if k.NoWait {
		t.add("unknown wait")
		return
	}
	t.add("wait known")
	t.spread("left", k.Wait)
	if k.Wait <= c.AnswerIn {
		t.add("abandoned in time")
	}
}
