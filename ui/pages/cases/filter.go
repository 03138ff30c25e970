package cases

import (
	"strconv"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// leastWord is from how many letters on a word may mean a priority, a status or a day.
const leastWord = 3

// termsOf reads a filter as it is typed: each word begins a word of the case, or names
// its priority ("p1", "crítica"), its status, or a day on which it was opened or falls
// due ("hoy", "23/11").
func termsOf(k *page.Kit, text string) (out []app.Term) {
	for _, s := range strings.Fields(text) {
		if len(out) == app.MaxTerms {
			break
		}
		t := app.Term{Text: s}
		said := strings.TrimSpace(look.Fold(s))
		for p := 1; p <= 4; p++ {
			if said == "p"+strconv.Itoa(p) || means(said, k.Priority(p)) {
				t.Priorities = append(t.Priorities, p)
			}
		}
		for _, x := range []desk.Status{desk.New, desk.Assigned, desk.InProgress, desk.Pending} {
			if means(said, k.Words.T("status."+x.String())) {
				t.Statuses = append(t.Statuses, x)
			}
		}
		if day, ok := dayOf(k, said, s); ok {
			t.From, t.To = day.UnixMilli(), day.AddDate(0, 0, 1).UnixMilli()
		}
		out = append(out, t)
	}
	return out
}

// means tells whether what is typed begins a word.
func means(typed, word string) bool {
	return len([]rune(typed)) >= leastWord && strings.HasPrefix(look.Fold(word), typed)
}

// dayOf is the beginning of the day that a word names.
func dayOf(k *page.Kit, said, raw string) (time.Time, bool) {
	now := k.Local(k.Now())
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	for i, word := range []string{k.T("when.yesterday"), k.T("when.today"), k.T("when.tomorrow")} {
		if said == look.Fold(word) {
			return today.AddDate(0, 0, i-1), true
		}
	}
	if day, err := time.ParseInLocation("2/1/2006", raw, now.Location()); err == nil && day.Year() >= 1970 && day.Year() < 2200 {
		return day, true
	}
	if day, err := time.ParseInLocation("2/1/2006", raw+"/"+strconv.Itoa(now.Year()), now.Location()); err == nil {
		return day, true
	}
	return time.Time{}, false
}
