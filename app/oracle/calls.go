package oracle

import "time"

// calls counts every index of calls of a month: those that were offered in it.
func (d *Desk) calls(m Month, asked time.Time, t *SumsOf) {
	from, to := d.span(m)
	c := d.Contracts[m.Contract]
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
		if k.Queued && outcome == k.Outcome && offered(k, c) {
			t.add("queued")
		}
	}
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
