package draft

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"punto/app/desk"
	"punto/app/sla"
	"punto/app/tally"
)

// checker gathers what is wrong with a file.
type checker struct {
	f   *File
	doc *yaml.Node // nil = the model does not come from a file
	ps  []Problem
}

// Check says what is missing in a model or contradicts itself.
func (f File) Check() []Problem { return f.check(nil) }

func (f File) check(doc *yaml.Node) []Problem {
	c := &checker{f: &f, doc: doc}
	c.groups()
	c.matrix()
	c.reasons()
	c.calendars()
	c.contracts()
	c.rules()
	c.procedures()
	c.categories()
	c.words("impacts", f.Impacts)
	c.words("urgencies", f.Urgencies)
	c.words("priorities", f.Priorities)
	c.texts()
	slices.SortStableFunc(c.ps, func(a, b Problem) int { return a.Line - b.Line })
	return c.ps
}

func (c *checker) add(grave bool, path []string, form string, args ...any) {
	p := Problem{At: strings.Join(path, " › "), Form: form, Args: args, Grave: grave}
	if c.doc != nil {
		p.Line = line(c.doc, path)
	}
	c.ps = append(c.ps, p)
}

func (c *checker) wrong(path []string, form string, args ...any) { c.add(true, path, form, args...) }
func (c *checker) warn(path []string, form string, args ...any)  { c.add(false, path, form, args...) }

func at(parts ...any) (path []string) {
	for _, p := range parts {
		path = append(path, fmt.Sprint(p))
	}
	return path
}

func (c *checker) groups() {
	names := map[string]string{}
	if len(c.f.Groups) == 0 {
		c.wrong(at("groups"), "there is no group: write at least n1, the first level")
	} else if _, ok := c.f.Groups["n1"]; !ok {
		c.wrong(at("groups"), "there is no group n1: cases of no other group go to it")
	}
	for _, code := range slices.Sorted(maps.Keys(c.f.Groups)) {
		g := c.f.Groups[code]
		switch other, twice := names[g.Name]; {
		case strings.TrimSpace(g.Name) == "":
			c.wrong(at("groups", code), "it has no name: write it")
		case twice:
			c.warn(at("groups", code), "it has the name of %s: nobody can tell them apart", other)
		}
		names[g.Name] = code
		if g.Level < 1 || g.Level > 3 {
			c.wrong(at("groups", code, "level"), "the level is %d: it is 1, 2 or 3", g.Level)
		}
	}
}

func (c *checker) matrix() {
	ok := len(c.f.Matrix) == 4
	for i, row := range c.f.Matrix {
		ok = ok && len(row) == 4
		for u, p := range row {
			if p < 1 || p > 4 {
				c.wrong(at("matrix"), "impact %d and urgency %d give priority %d: it goes from 1 to 4", i+1, u+1, p)
			} else if u > 0 && p < row[u-1] || i > 0 && u < len(c.f.Matrix[i-1]) && p < c.f.Matrix[i-1][u] {
				c.warn(at("matrix"), "impact %d and urgency %d give priority %d, higher than where more is at stake", i+1, u+1, p)
			}
		}
	}
	if !ok {
		c.wrong(at("matrix"), "it has not four rows of four: by impact the priorities by urgency")
	}
}

func (c *checker) reasons() {
	seen := map[string]bool{}
	for i, r := range c.f.Reasons {
		c.coded(at("reasons", i), r.Code, seen)
		c.named(at("reasons", i), r.Name)
	}
	for i, f := range c.f.Requires {
		if !slices.Contains(desk.Requirable, f) && (f != desk.RequiresNothing || len(c.f.Requires) > 1) {
			c.wrong(at("requires", i), "%q is not a field that can be required: there are %s, and %q alone for none", f, strings.Join(desk.Requirable, ", "), desk.RequiresNothing)
		}
	}
}

// coded refuses a code that is missing, or there already.
func (c *checker) coded(path []string, code string, seen map[string]bool) {
	switch {
	case strings.TrimSpace(code) == "":
		c.wrong(path, "it has no code: write one that never changes")
	case seen[code]:
		c.wrong(path, "there is another with the code %s: codes are of one each", code)
	}
	seen[code] = true
}

// named looks for a name in the languages.
func (c *checker) named(path []string, n Names) {
	for _, lang := range slices.Sorted(maps.Keys(n)) {
		if !slices.Contains(langs, lang) {
			c.wrong(path, "%q is not a language of the desk: es, en or pt", lang)
		}
	}
	if strings.TrimSpace(n["es"]) == "" {
		c.wrong(path, "it has no name in Spanish: it stands where another language lacks one")
		return
	}
	for _, lang := range langs {
		if strings.TrimSpace(n[lang]) == "" {
			c.warn(path, "it has no name in %s: the Spanish one is shown", lang)
		}
	}
}

var langs = []string{"es", "en", "pt"}

func (c *checker) calendars() {
	used := map[string]bool{}
	for _, k := range c.f.Contracts {
		used[k.Calendar] = true
	}
	for _, name := range slices.Sorted(maps.Keys(c.f.Calendars)) {
		k := c.f.Calendars[name]
		for _, d := range slices.Sorted(maps.Keys(k.Weekly)) {
			if !slices.Contains(weekdays[:], d) {
				c.wrong(at("calendars", name, "weekly", d), "%q is not a weekday: mon, tue, wed, thu, fri, sat or sun", d)
			}
		}
		good := true
		for i, s := range k.Special {
			if _, err := s.special(); err != nil {
				c.wrong(at("calendars", name, "special", i), "%v", err)
				good = false
			}
		}
		if good {
			cal, _ := k.calendar(name)
			if _, err := sla.Compile(cal); err != nil {
				c.wrong(at("calendars", name), "%v", err)
			}
		}
		if !used[name] {
			c.warn(at("calendars", name), "no contract keeps it")
		}
	}
}

func (c *checker) contracts() {
	queues, numbers := map[string]string{}, map[string]string{}
	if len(c.f.Contracts) == 0 {
		c.wrong(at("contracts"), "there is no contract: nothing is promised to anybody")
	}
	for _, code := range slices.Sorted(maps.Keys(c.f.Contracts)) {
		k, path := c.f.Contracts[code], at("contracts", code)
		if strings.TrimSpace(k.Client) == "" {
			c.wrong(path, "it has no client: write it")
		}
		if _, ok := c.f.Calendars[k.Calendar]; !ok {
			if k.Calendar != "" {
				c.wrong(append(path, "calendar"), "there is no calendar %q in the file", k.Calendar)
			} else {
				c.warn(path, "it has no calendar: its clocks run always")
			}
		}
		if k.Zone != "" {
			if _, err := time.LoadLocation(k.Zone); err != nil || k.Zone == "Local" {
				c.wrong(append(path, "zone"), "%q is not a time zone: write one such as America/Santiago", k.Zone)
			}
		}
		c.targets(path, k)
		c.ladders(path, k)
		for i, r := range k.Pauses {
			if !slices.ContainsFunc(c.f.Reasons, func(x Reason) bool { return x.Code == r }) {
				c.wrong(append(path, "pauses", strconv.Itoa(i)), "there is no pending reason %q in the file", r)
			}
		}
		for i, g := range k.Goals {
			where := append(path[:len(path):len(path)], "goals", strconv.Itoa(i))
			if !tally.Known(g.Index) {
				c.wrong(where, "there is no index %q", g.Index)
			}
			if (g.AtLeast == nil) == (g.AtMost == nil) {
				c.wrong(where, "the goal of %s has not one bound: write at_least or at_most", g.Index)
			}
		}
		if !slices.Contains([]string{"", "strict", "asterisk1", "asterisk2"}, k.Formula) {
			c.wrong(append(path, "service_level_formula"), "%q is no formula of the service level: strict, asterisk1 or asterisk2", k.Formula)
		}
		if k.ReopenDays < 0 || k.ReopenDays > 365 {
			c.wrong(append(path, "reopen_days"), "%d days: from 0 to 365 a solution may be reopened", k.ReopenDays)
		}
		for _, rule := range slices.Sorted(maps.Keys(k.Thresholds)) {
			if v := k.Thresholds[rule]; !slices.Contains(desk.ProposalRules, rule) || !(v >= 0 && v <= 1e6) {
				c.wrong(append(path, "thresholds"), "the threshold of %q is of no rule that proposes, or no number from 0 on: correct it", rule)
			}
		}
		claim(c, path, "queues", k.Queues, code, queues)
		claim(c, path, "numbers", k.Numbers, code, numbers)
	}
}

func claim(c *checker, path []string, what string, list []string, code string, taken map[string]string) {
	for i, x := range list {
		key := strings.ToLower(strings.TrimSpace(x))
		if other, twice := taken[key]; twice {
			c.wrong(append(path[:len(path):len(path)], what, strconv.Itoa(i)), "the calls of %q are those of %s already", x, other)
		}
		taken[key] = code
	}
}

func (c *checker) targets(path []string, k Contract) {
	path = append(path[:len(path):len(path)], "targets")
	for _, p := range slices.Sorted(maps.Keys(k.Targets)) {
		t, where := k.Targets[p], append(path[:len(path):len(path)], strconv.Itoa(p))
		switch {
		case p < 1 || p > 4:
			c.wrong(where, "there is no priority %d: it goes from 1 to 4", p)
		case t.TakeUp > 0 && t.Resolve > 0 && t.TakeUp > t.Resolve:
			c.warn(where, "it is promised to be taken up later than solved")
		case t.OLA > 0 && t.Resolve > 0 && t.OLA > t.Resolve:
			c.warn(where, "a unit has longer than the client is promised")
		}
		if before, ok := k.Targets[p-1]; ok && t.Resolve > 0 && before.Resolve > t.Resolve {
			c.warn(where, "it is promised sooner than priority %d, which is more urgent", p-1)
		}
	}
	for p := 1; p <= 4; p++ {
		if _, ok := k.Targets[p]; !ok && slices.ContainsFunc(c.f.Matrix, func(row []int) bool { return slices.Contains(row, p) }) {
			c.warn(path, "nothing is promised for priority %d, which the matrix gives", p)
		}
	}
}

func (c *checker) categories() {
	seen, paths := map[string]bool{}, map[string]string{}
	if len(c.f.Categories) == 0 {
		c.warn(at("categories"), "there is no category: cases cannot be told apart")
	}
	for i, x := range c.f.Categories {
		path := at("categories", i)
		c.coded(path, x.Code, seen)
		c.named(path, x.Name)
		if other, twice := paths[x.Name["es"]]; twice && x.Name["es"] != "" {
			c.wrong(path, "%s has the name of %s: nobody can tell them apart", x.Code, other)
		}
		paths[x.Name["es"]] = x.Code
		if _, ok := kinds[x.Kind]; !ok {
			c.wrong(append(path, "kind"), "%q is not a kind of case: incident, request or question", x.Kind)
		}
		if _, ok := c.f.Groups[x.Group]; !ok && x.Group != "" {
			c.wrong(append(path, "group"), "there is no group %q in the file", x.Group)
		} else if x.Level1 && ok && c.f.Groups[x.Group].Level > 1 {
			c.warn(path, "%s is to be solved at level 1 and goes to %s, of level %d", x.Code, x.Group, c.f.Groups[x.Group].Level)
		}
		if !slices.ContainsFunc(c.f.Procedures, func(p Procedure) bool { return p.Code == x.Procedure }) && x.Procedure != "" {
			c.wrong(append(path, "procedure"), "there is no procedure %q in the file", x.Procedure)
		}
		for what, grade := range map[string]int{"impact": x.Impact, "urgency": x.Urgency} {
			if grade < 0 || grade > 4 {
				c.wrong(append(path, what), "impact and urgency go from 1 to 4; 0 proposes none")
			}
		}
	}
}

var kinds = map[string]desk.CaseKind{"": desk.NoCaseKind, desk.Incident.String(): desk.Incident, desk.Request.String(): desk.Request, desk.Question.String(): desk.Question}

func (c *checker) words(what string, w Words) {
	for _, lang := range slices.Sorted(maps.Keys(w)) {
		if !slices.Contains(langs, lang) {
			c.wrong(at(what, lang), "%q is not a language of the desk: es, en or pt", lang)
		}
		if len(w[lang]) != 4 {
			c.wrong(at(what, lang), "it has %d words and not four", len(w[lang]))
		}
	}
}

func (c *checker) texts() {
	seen := map[string]bool{}
	for i, t := range c.f.Canned {
		c.coded(at("canned", i), t.Code, seen)
		c.named(at("canned", i), t.Text)
	}
}

// Grave leaves of the problems those that keep a model from being published.
func Grave(ps []Problem) []Problem {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return !p.Grave })
}
