package page

import (
	"strings"
	"time"

	"punto/app/desk"
)

// How a case leaves the hands of whoever has it: solved, handed on, waiting.

// CheckSolution refuses an answer that says nothing.
func (k *Kit) CheckSolution(i int, text string) string {
	if strings.TrimSpace(text) == "" && i == 0 {
		return k.T("err.solution")
	}
	return ""
}

// groupsAsked is how many units are offered at once.
const groupsAsked = 8

// AskGroup asks for a unit, other than the one that has the case, and a reason. The
// first is proposed, if it is another.
func (k *Kit) AskGroup(first, own desk.ID, reason string, use func(desk.ID, string)) *Question {
	var names []string
	var ids []desk.ID
	chosen := 0
	for _, proposed := range []bool{true, false} {
		for _, g := range k.Groups {
			if (g.ID == first) == proposed && g.ID != own && g.Of.Level >= 2 && len(ids) < groupsAsked {
				names, ids = append(names, g.Of.Name), append(ids, g.ID)
				if proposed {
					chosen = 1
				}
			}
		}
	}
	q := k.Question(k.T("ask.group"), names, chosen, k.T("ask.reason"), reason, func(i int, text string) { use(ids[i-1], text) })
	q.Check = func(i int, text string) string {
		switch {
		case i < 1 || i > len(ids):
			return k.T("ask.chooseGroup")
		case strings.TrimSpace(text) == "":
			return k.T("err.reason")
		}
		return ""
	}
	return q
}

// AskPending asks for a pending reason and a line about it, which may begin with
// the date on which the case wakes.
func (k *Kit) AskPending(use func(code, text string, wake int64)) *Question {
	var names, codes []string
	for _, r := range k.Model.Reasons {
		names, codes = append(names, k.Reason(r.Code)), append(codes, r.Code)
	}
	return k.Question(k.T("ask.pending"), names, 1, k.T("ask.wake"), "", func(i int, text string) {
		if i >= 1 && i <= len(codes) {
			wake, text := wakeOf(text, k.Local(k.Now()))
			use(codes[i-1], text, wake)
		}
	})
}

// wakeOf takes a date off the beginning of a line: "15:30", "30/11" (at 8) or
// "30/11 9:00", the next one that comes. Unix milliseconds; 0 = there is none.
func wakeOf(line string, now time.Time) (wake int64, rest string) {
	words := strings.Fields(line)
	for n := min(2, len(words)); n > 0; n-- {
		head := strings.Join(words[:n], " ")
		for _, layout := range []string{"2/1 15:04", "2/1/2006 15:04", "2/1/2006", "2/1", "15:04"} {
			t, err := time.ParseInLocation(layout, head, now.Location())
			if err != nil {
				continue
			}
			y, m, d, h, min := t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute()
			switch layout {
			case "15:04":
				y, m, d = now.Date()
			case "2/1", "2/1 15:04":
				y = now.Year()
			}
			if !strings.Contains(layout, "15") {
				h = 8
			}
			at := time.Date(y, m, d, h, min, 0, 0, now.Location())
			if at.Before(now) && layout == "15:04" {
				at = at.AddDate(0, 0, 1)
			} else if at.Before(now) && y == now.Year() {
				at = at.AddDate(1, 0, 0)
			}
			return at.UnixMilli(), strings.Join(words[n:], " ")
		}
	}
	return 0, line
}
