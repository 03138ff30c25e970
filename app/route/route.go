// Package route tells to which group and agent a new case goes by the rules of the service
// model, and why: which rule held and what kept the others from holding. It is pure.
package route

import (
	"cmp"
	"slices"
	"strings"

	"punto/app/desk"
)

// Fact is what rules ask of a case.
type Fact struct {
	Category string
	Contract string // its code
	Lang     string
	Priority int
	VIP      bool
	Words    string // its subject and description, folded
	Area     string // its name
	Day      int    // of the week, Monday is 1
	Minute   int    // of the day
}

// What may keep a rule from holding.
const (
	ByCategory = "category"
	ByContract = "contract"
	ByLang     = "lang"
	ByPriority = "priority"
	ByVIP      = "vip"
	ByWords    = "words"
	ByArea     = "area"
	ByTime     = "time"
)

// Fails tells what keeps a rule from holding; "" when it holds. Words are folded by fold.
func Fails(r *desk.Rule, f Fact, fold func(string) string) string {
	w := &r.When
	in := func(list []string, x string) bool { return len(list) == 0 || slices.Contains(list, x) }
	switch {
	case len(w.Categories) > 0 && !slices.ContainsFunc(w.Categories, func(c string) bool { return f.Category == c || strings.HasPrefix(f.Category, c+".") }):
		return ByCategory
	case !in(w.Contracts, f.Contract):
		return ByContract
	case !in(w.Langs, f.Lang):
		return ByLang
	case len(w.Priorities) > 0 && !slices.Contains(w.Priorities, f.Priority):
		return ByPriority
	case w.VIP && !f.VIP:
		return ByVIP
	case len(w.Words) > 0 && !slices.ContainsFunc(w.Words, func(x string) bool { return said(f.Words, fold(x)) }):
		return ByWords
	case len(w.Areas) > 0 && !slices.ContainsFunc(w.Areas, func(x string) bool { return fold(x) == fold(f.Area) }):
		return ByArea
	case len(w.Days) > 0 && !slices.Contains(w.Days, f.Day) || w.Hours != "" && !within(w.Hours, f.Minute):
		return ByTime
	}
	return ""
}

// within tells whether a minute of the day lies in hours; in none that cannot be read.
func within(hours string, minute int) bool {
	from, to, ok := desk.HoursOf(hours)
	if from < to {
		return ok && minute >= from && minute < to
	}
	return ok && (minute >= from || minute < to)
}

// said tells whether a word, or several, begin at the beginning of a word of a text.
func said(text, words string) bool {
	words = strings.TrimSpace(words)
	return words != "" && strings.Contains(" "+text, " "+words)
}

// First is the first rule that holds, -1 for none, and what keeps each before it from
// holding.
func First(rules []desk.Rule, f Fact, fold func(string) string) (i int, why []string) {
	for i := range rules {
		s := Fails(&rules[i], f, fold)
		if s == "" {
			return i, why
		}
		why = append(why, s)
	}
	return -1, why
}

// Candidate is an agent of the group that a rule names.
type Candidate struct {
	ID   desk.ID
	Name string
	Open int  // cases that the agent has
	Last bool // the agent had the user's last case of the category

	Speaks bool  // the agent speaks the language of the case, or it has none
	Given  int64 // when the agent's newest case was opened; 0 = the agent has had none
}

// Strategies by which an agent is chosen; none leaves the case to the group.
const (
	LeastLoaded = "least" // whoever has fewest open
	SameAgain   = "same"  // whoever had the user's last case of the category, else as least
	InTurn      = "turn"  // whose newest case is the oldest
)

// Strategies are all.
var Strategies = []string{LeastLoaded, SameAgain, InTurn}

// before puts what is so first.
func before(is bool) int {
	if is {
		return -1
	}
	return 1
}

// Pick chooses an agent, before others one who speaks the language of the case; the zero ID when the rule leaves it to the group, or everybody has
// as many as its cap allows.
func Pick(r *desk.Rule, all []Candidate) desk.ID {
	if r.Strategy == "" {
		return desk.ID{}
	}
	all = slices.DeleteFunc(slices.Clone(all), func(c Candidate) bool { return r.Cap > 0 && c.Open >= r.Cap })
	slices.SortFunc(all, func(a, b Candidate) int {
		if r.Strategy == SameAgain && a.Last != b.Last {
			return before(a.Last)
		}
		if a.Speaks != b.Speaks {
			return before(a.Speaks)
		}
		if r.Strategy == InTurn && a.Given != b.Given {
			return cmp.Compare(a.Given, b.Given)
		}
		return cmp.Or(cmp.Compare(a.Open, b.Open), cmp.Compare(a.Name, b.Name), slices.Compare(a.ID[:], b.ID[:]))
	})
	if len(all) == 0 {
		return desk.ID{}
	}
	return all[0].ID
}
