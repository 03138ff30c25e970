package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/month"
	"punto/app/records"
)

// How long what was said about a subject keeps a rule from saying it again.
const (
	dropsFor  = 180 // days after a proposal was made that was dropped
	quietFor  = 60  // days after one was due: its effect is measured meanwhile
	mostProof = 100 // cases that a proposal keeps as its evidence
)

func askSuggestions(ctx context.Context, e *engine.Engine, s engine.Session, q app.Suggestions) (a app.SuggestionsAnswer, err error) {
	first, err := learning(ctx, e, s, q.Contract, q.Month)
	if err != nil {
		return a, err
	}
	err = over(ctx, e, s, q.Contract, &a.Owed, func(d *month.Daily) error {
		said, err := listed(d.Look, d.ID())
		if err != nil {
			return err
		}
		f, err := factsOf(d, first)
		if err != nil {
			return err
		}
		a.Rows, err = suggestions(d, f, said)
		return err
	})
	return a, err
}

// suggestions are what the rules find, without what was said not long ago.
func suggestions(d *month.Daily, f *facts, said []app.ProposalRow) (out []app.Suggestion, err error) {
	m, err := records.Model(d.Names)
	if err != nil {
		return nil, err
	}
	lang := "es"
	if o, err := records.Desk(d.Names); err != nil {
		return nil, err
	} else if o.Lang != "" {
		lang = o.Lang
	}
	if len(d.Contract.Langs) > 0 {
		lang = d.Contract.Langs[0]
	}
	today := day(d.Today())
	for _, r := range rules {
		t, set := d.Contract.Thresholds[r.id]
		if !set {
			t = r.threshold
		}
		for _, x := range r.most(f, t) {
			if isSaid(said, r.id, x.subject, d.Today()) {
				continue
			}
			if x.category != "" {
				x.name = told(m, x, lang)
			}
			p := desk.Proposal{Title: r.text(lang, "title", x), Cause: r.text(lang, "cause", x), Class: r.class, Contract: d.ID(), Group: f.ids[x.group], Index: x.index, To: possible(x.index, x.to), AtLeast: x.atLeast,
				Made: d.Today(), Due: today.AddDate(0, 0, r.days).Format(time.DateOnly), Rule: fmt.Sprintf("%s/%d", r.id, r.version), Subject: x.subject, Cases: x.cases[:min(len(x.cases), mostProof)]}
			out = append(out, app.Suggestion{Of: p, Group: records.Name(d.Names, desk.GroupType, p.Group), Threshold: t, Num: x.num, Den: x.den, Cases: x.cases})
		}
	}
	return out, nil
}

// possible keeps what is expected within what an index can be, and short enough to read.
func possible(index string, to float64) float64 {
	if to = max(0, to); unit(index) == "share" {
		return math.Round(min(1, to)*1000) / 1000
	}
	return math.Round(to*10) / 10
}

// told is the name of a category, with the site where the subject has one.
func told(m desk.Model, x found, lang string) string {
	c, _ := m.Category(x.category)
	name := c.Name(lang)
	if name == "" {
		name = x.category
	}
	if x.name != "" {
		name += " · " + x.name
	}
	return name
}

// isSaid tells whether something was proposed of a rule and subject not long ago.
func isSaid(said []app.ProposalRow, rule, subject, today string) bool {
	return slices.ContainsFunc(said, func(r app.ProposalRow) bool {
		id, _, _ := strings.Cut(r.Of.Rule, "/")
		if id != rule || r.Of.Subject != subject {
			return false
		}
		if r.Of.State == desk.Dropped {
			return day(r.Of.Made).AddDate(0, 0, dropsFor).Format(time.DateOnly) >= today
		}
		return day(r.Of.Due).AddDate(0, 0, quietFor).Format(time.DateOnly) >= today
	})
}

// text fills a template of a rule.
func (r rule) text(lang, what string, x found) string {
	t := texts[r.id][what]
	s, ok := t[lang]
	if !ok {
		s = t["es"]
	}
	share := 0.0
	if x.den > 0 {
		share = x.num / x.den
	}
	name := x.name
	if r.id == "at_risk" {
		if name = indexNames[x.index][lang]; name == "" {
			name = x.name
		}
	}
	if name == "" {
		name = "-"
	}
	return strings.NewReplacer("{name}", name, "{num}", whole(x.num), "{den}", whole(x.den), "{n}", strconv.Itoa(x.n), "{share}", percent(lang, share)).Replace(s)
}

func whole(x float64) string { return strconv.FormatFloat(x, 'f', 0, 64) }

func percent(lang string, share float64) string {
	s := strconv.FormatFloat(share*100, 'f', 1, 64)
	if lang != "en" {
		s = strings.ReplaceAll(s, ".", ",")
	}
	return s + " %"
}
