package analysis

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/spc"
)

// rule is one way from figures to a proposal. A rule that comes to count otherwise has
// another version; what was proposed by the one before stands.
type rule struct {
	id        string
	version   int
	threshold float64 // from which on it proposes: what it means is said beside each
	class     desk.ProposalClass
	days      int // until what it proposes is due
	find      func(f *facts, threshold float64) []found
}

// found is one subject about which a rule proposes.
type found struct {
	subject  string // of what, for ever the same: a code, an id, an hour
	name     string // as people call it
	category string // whose name is looked up; "" = name tells it
	index    string
	to       float64
	atLeast  bool
	num, den float64
	n        int // what a text tells beside them
	group    string
	cases    []desk.ID
}

// Limits below which a figure tells nothing.
const (
	mostOfRule   = 3  // subjects of a rule that are proposed at once
	fewestRuns   = 10 // of a group or category in the month
	fewestCalls  = 30 // of an hour
	fewestScores = 5
	fewestBad    = 3
	firstAlert   = 8 // day of the month from which on its end is told
)

// rules are those that a desk begins with, in the order in which they are told.
var rules = []rule{
	// share of the target that may be missing: 0 = none
	{"sla_missed", 1, 0, desk.Corrective, 30, func(f *facts, t float64) (out []found) {
		w := f.index("sla_resolve")
		if w == nil || w.Of.Target == nil || *w.Of.Value >= *w.Of.Target-t {
			return nil
		}
		x := found{subject: "sla_resolve", index: "sla_resolve", to: *w.Of.Target, atLeast: true, num: *w.Of.Den - w.Of.Num, den: *w.Of.Den}
		if names := worst(f.late); len(names) > 0 {
			top := f.late[names[0]]
			x.name, x.group, x.n, x.cases = names[0], names[0], top.Bad, top.Cases
		}
		return []found{x}
	}},
	// probability of missing the target, from the eighth day on
	{"at_risk", 1, 0.7, desk.Proactive, 14, func(f *facts, t float64) (out []found) {
		for _, w := range f.watched {
			if w.Projection == nil || w.Of.Target == nil || w.Projection.Miss < t || w.Of.State == "missed" && w.Of.ID == "sla_resolve" {
				continue
			}
			if last := day(w.Days[len(w.Days)-1].Date); last.Day() < firstAlert-1 {
				continue
			}
			out = append(out, found{subject: w.Of.ID, name: w.Of.ID, index: w.Of.ID, to: *w.Of.Target, atLeast: w.Of.AtLeast, num: w.Projection.Miss * 100, den: 100})
		}
		return out
	}},
	// share of the calls of an hour that is abandoned; twice that of the day at least
	{"abandon_hour", 1, 0.1, desk.Corrective, 21, func(f *facts, t float64) (out []found) {
		offered, lost := 0, 0
		for _, h := range f.hours {
			offered, lost = offered+h.Offered, lost+h.Abandoned
		}
		for i, h := range f.hours {
			share := float64(h.Abandoned) / float64(max(1, h.Offered))
			if h.Offered < fewestCalls || share < t || share < 2*float64(lost)/float64(offered) {
				continue
			}
			// As if the hour lost what the others do.
			others := float64(lost-h.Abandoned) / float64(max(1, offered-h.Offered))
			to := (float64(lost-h.Abandoned) + others*float64(h.Offered)) / float64(offered)
			out = append(out, found{subject: fmt.Sprintf("%02d", i), name: fmt.Sprintf("%02d:00", i), index: "pct_abandoned", to: to, num: float64(h.Abandoned), den: float64(h.Offered)})
		}
		return out
	}},
	// share of a unit's runs that must keep their promise, where the contract says none
	{"ola_unit", 1, 0.9, desk.Corrective, 30, func(f *facts, t float64) (out []found) {
		if g, ok := f.goals["ola"]; ok {
			t = g
		}
		all, bad := 0, 0
		for _, x := range f.groups {
			all, bad = all+x.All, bad+x.Bad
		}
		for _, name := range worst(f.groups) {
			x := f.groups[name]
			if x.All < fewestRuns || float64(x.All-x.Bad) >= t*float64(x.All) {
				continue
			}
			to := 1 - (float64(bad-x.Bad)+(1-t)*float64(x.All))/float64(all)
			out = append(out, found{subject: name, name: name, index: "ola", to: to, atLeast: true, num: float64(x.Bad), den: float64(x.All), group: name, cases: x.Cases})
		}
		return out
	}},
	// share of a category's handed-on cases that comes back or goes to and fro
	{"wrong_group", 1, 0.2, desk.Corrective, 21, func(f *facts, t float64) (out []found) {
		moves := 0.0
		for _, x := range f.wrong {
			moves += float64(x.Bad)
		}
		for _, code := range worst(f.wrong) {
			x := f.wrong[code]
			if code != "" && x.Bad >= fewestBad+2 && float64(x.Bad) >= t*float64(x.All) {
				out = append(out, found{subject: code, category: code, index: "ping_pong", to: f.perDay(moves - float64(x.Bad)/2), num: float64(x.Bad), den: float64(x.All), cases: x.Cases})
			}
		}
		return out
	}},
	// cases of a category at a site in a week that is above its limit
	{"rising", 1, 3, desk.Corrective, 30, func(f *facts, t float64) (out []found) {
		for _, g := range f.ofKind(app.SamePlace) {
			if float64(g.Week) < t {
				continue
			}
			x := f.fewer(g, float64(g.Week)-g.Expected)
			x.subject, x.category, x.num, x.n = g.Category+" "+g.ID.String(), g.Category, float64(g.Week), int(g.Expected+0.5)
			out = append(out, x)
		}
		return out
	}},
	// cases of a user within 30 days
	{"repeat_user", 1, 5, desk.Proactive, 30, func(f *facts, t float64) []found { return f.again(app.SamePerson, t) }},
	// cases of an asset within 90 days
	{"repeat_asset", 1, 3, desk.Corrective, 45, func(f *facts, t float64) []found { return f.again(app.SameAsset, t) }},
	// share of a category marked for level 1 that is to be solved in the contact: there is an article
	{"fcr_article", 1, 0.6, desk.Corrective, 30, func(f *facts, t float64) []found { return f.notOnline(t, true) }},
	// the same, and there is none
	{"fcr_write", 1, 0.6, desk.Corrective, 30, func(f *facts, t float64) []found { return f.notOnline(t, false) }},
	// share of a group's scores that is 1 or 2
	{"survey_low", 1, 0.3, desk.Corrective, 30, func(f *facts, t float64) (out []found) {
		all, bad := 0, 0
		for _, x := range f.scores {
			all, bad = all+x.All, bad+x.Bad
		}
		for _, name := range worst(f.scores) {
			if x := f.scores[name]; x.All >= fewestScores && x.Bad >= fewestBad && float64(x.Bad) >= t*float64(x.All) {
				out = append(out, found{subject: name, name: name, index: csat, to: 1 - float64(bad-x.Bad)/float64(all), atLeast: true, num: float64(x.Bad), den: float64(x.All), group: name, cases: x.Cases})
			}
		}
		return out
	}},
	// share of a group's open cases that is older than 30 days
	{"ageing", 1, 0.1, desk.Corrective, 21, func(f *facts, t float64) (out []found) {
		for _, name := range worst(f.old) {
			if x := f.old[name]; x.Bad >= fewestBad+2 && float64(x.Bad) >= t*float64(x.All) {
				solved := 0
				for _, l := range f.late {
					solved += l.All
				}
				out = append(out, found{subject: name, name: name, index: "cases_resolved", to: f.perDay(float64(solved + x.Bad)), atLeast: true, num: float64(x.Bad), den: float64(x.All), group: name, cases: x.Cases})
			}
		}
		return out
	}},
	// share of the calls that finds no line
	{"busy_lost", 1, 0.01, desk.Corrective, 45, func(f *facts, t float64) []found {
		offered, busy, lost := 0, 0, 0
		for _, h := range f.hours {
			offered, busy, lost = offered+h.Offered, busy+h.Busy, lost+h.Busy+h.Abandoned
		}
		if busy < fewestBad || float64(busy) < t*float64(offered) || f.load <= 0 {
			return nil
		}
		lines, err := spc.Lines(f.load.Seconds()/time.Hour.Seconds(), t)
		if err != nil {
			return nil
		}
		return []found{{subject: "lines", name: "", index: "pct_lost", to: float64(lost-busy)/float64(offered) + t, num: float64(busy), den: float64(offered), n: lines}}
	}},
}

// ofKind are the groups of what came back of one kind.
func (f *facts) ofKind(by string) (out []app.Recurring) {
	return slices.DeleteFunc(slices.Clone(f.back.Groups), func(g app.Recurring) bool { return g.By != by })
}

// fewer expects so many cases less in a month like this one.
func (f *facts) fewer(g app.Recurring, less float64) found {
	return found{subject: g.ID.String(), name: g.Name, index: "cases_opened", to: f.perDay(max(0, float64(f.back.Cases)-less)), num: float64(g.Count), cases: g.Cases}
}

func (f *facts) again(by string, t float64) (out []found) {
	for _, g := range f.ofKind(by) {
		if float64(g.Count) >= t {
			out = append(out, f.fewer(g, float64(g.Count)/2))
		}
	}
	return out
}

func (f *facts) notOnline(t float64, article bool) (out []found) {
	all, bad := 0, 0
	for _, x := range f.online {
		all, bad = all+x.All, bad+x.Bad
	}
	for _, code := range worst(f.online) {
		x := f.online[code]
		if code == "" || x.All < fewestRuns || f.knows[code] != article || float64(x.All-x.Bad) >= t*float64(x.All) {
			continue
		}
		to := 1 - (float64(bad-x.Bad)+(1-t)*float64(x.All))/float64(all)
		out = append(out, found{subject: code, category: code, index: "solved_online", to: to, atLeast: true, num: float64(x.Bad), den: float64(x.All), cases: x.Cases})
	}
	return out
}

// most tells the first subjects of a rule, those with most behind them.
func (r rule) most(f *facts, threshold float64) []found {
	out := r.find(f, threshold)
	slices.SortStableFunc(out, func(x, y found) int { return cmp.Compare(y.num, x.num) })
	return out[:min(len(out), mostOfRule)]
}
