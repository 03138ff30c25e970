package draft

import (
	"reflect"
	"slices"
	"strings"

	"punto/app/desk"
	"punto/app/route"
)

// Rule sends a new case to a group, and to one of its agents.
type Rule struct {
	Code     string `yaml:"code"`
	Name     Names  `yaml:"name,flow,omitempty"`
	When     When   `yaml:"when,omitempty"`
	Group    string `yaml:"group"`
	Strategy string `yaml:"strategy,omitempty"` // least, same or turn; none = it is left to the group
	Cap      int    `yaml:"cap,omitempty"`      // an agent with so many open gets no more
}

// When is what has to be so of a case: all that is said.
type When struct {
	Categories []string `yaml:"categories,flow,omitempty"` // and all below them
	Contracts  []string `yaml:"contracts,flow,omitempty"`
	Langs      []string `yaml:"langs,flow,omitempty"`
	Priorities []int    `yaml:"priorities,flow,omitempty"`
	VIP        bool     `yaml:"vip,omitempty"`
	Words      []string `yaml:"words,flow,omitempty"` // one of them stands in subject or description
	Areas      []string `yaml:"areas,flow,omitempty"` // names
	Days       []int    `yaml:"days,flow,omitempty"`  // of the week, Monday is 1
	Hours      string   `yaml:"hours,omitempty"`      // of the day, in the desk's zone: 08:00-13:30
}

func (c *checker) rules() {
	seen := map[string]bool{}
	all := "" // the rule before which nothing else comes: it asks for nothing
	for i, r := range c.f.Rules {
		path := at("rules", i)
		c.coded(path, r.Code, seen)
		if len(r.Name) > 0 {
			c.named(path, r.Name)
		}
		if _, ok := c.f.Groups[r.Group]; !ok {
			c.wrong(append(path, "group"), "there is no group %q in the file", r.Group)
		}
		if r.Strategy != "" && !slices.Contains(route.Strategies, r.Strategy) {
			c.wrong(append(path, "strategy"), "%q is no strategy: one of %s", r.Strategy, strings.Join(route.Strategies, ", "))
		}
		if r.Cap < 0 || r.Cap > 10_000 {
			c.wrong(append(path, "cap"), "the cap %d is not between 0 and 10,000", r.Cap)
		}
		for _, p := range r.When.Priorities {
			if p < 1 || p > 4 {
				c.wrong(append(path, "when"), "there is no priority %d: it goes from 1 to 4", p)
			}
		}
		for _, d := range r.When.Days {
			if d < 1 || d > 7 {
				c.wrong(append(path, "when"), "there is no day %d of the week: it goes from 1, Monday, to 7", d)
			}
		}
		if _, _, ok := desk.HoursOf(r.When.Hours); r.When.Hours != "" && !ok {
			c.wrong(append(path, "when"), "%q are no hours: something like 08:00-13:30 is expected", r.When.Hours)
		}
		for _, code := range r.When.Categories {
			if !slices.ContainsFunc(c.f.Categories, func(x Category) bool { return x.Code == code || strings.HasPrefix(x.Code, code+".") }) {
				c.wrong(append(path, "when"), "there is no category %q in the file", code)
			}
		}
		for _, code := range r.When.Contracts {
			if _, ok := c.f.Contracts[code]; !ok {
				c.wrong(append(path, "when"), "there is no contract %q in the file", code)
			}
		}
		if all != "" {
			c.warn(path, "it is never reached: the rule %s before it always holds", all)
		} else if reflect.ValueOf(r.When).IsZero() {
			all = r.Code
		}
	}
}

func fromRules(all []desk.Rule) (out []Rule) {
	for _, r := range all {
		out = append(out, Rule{r.Code, r.Name, When(r.When), r.Group, r.Strategy, r.Cap})
	}
	return out
}

// rules are those of the file as the desk keeps them.
func (f File) rules() (out []desk.Rule) {
	for _, r := range f.Rules {
		out = append(out, desk.Rule{Code: r.Code, Name: r.Name, When: desk.RuleWhen(r.When), Group: r.Group, Strategy: r.Strategy, Cap: r.Cap})
	}
	return out
}
