package analysis

import (
	"slices"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/tally"
)

// quiet are the facts of a month about which there is nothing to propose.
func quiet() *facts {
	return &facts{days: 20, goals: map[string]float64{}, groups: map[string]*fact{"Redes": {All: 50, Bad: 2}}, late: map[string]*fact{"Redes": {All: 50, Bad: 1}}, wrong: map[string]*fact{"red.vpn": {All: 30, Bad: 4}},
		online: map[string]*fact{"correo": {All: 20, Bad: 8}, "clave": {All: 9, Bad: 9}}, scores: map[string]*fact{"Redes": {All: 20, Bad: 2}}, old: map[string]*fact{"Redes": {All: 60, Bad: 5}}, knows: map[string]bool{}, back: app.RecurrenceAnswer{Cases: 400}}
}

func share(id string, met, of, target float64, atLeast bool) app.WatchedIndex {
	v := met / of
	state := "met"
	if atLeast && v < target || !atLeast && v > target {
		state = "missed"
	}
	return app.WatchedIndex{Of: tally.Figure{ID: id, Unit: "share", Num: met, Den: &of, Value: &v, Target: &target, AtLeast: atLeast, State: state}, Days: []app.WatchedDay{{Date: "2026-09-08"}}}
}

// Each rule proposes where its threshold is passed, about the subject and with the figure
// that passes it, and does not where it is just kept.
func TestEachRuleFiresAndDoesNot(t *testing.T) {
	at := []desk.ID{{1}, {2}, {3}}
	risk := func(miss float64, date string) func(*facts) {
		return func(f *facts) {
			w := share("pct_abandoned", 40, 1000, 0.05, false)
			w.Projection, w.Days[0].Date = &app.Projection{Miss: miss}, date
			f.watched = append(f.watched, w)
		}
	}
	group := func(by string, n int) func(*facts) {
		return func(f *facts) {
			f.back.Groups = append(f.back.Groups, app.Recurring{By: by, ID: desk.ID{9}, Name: "nueve", Category: "red.vpn", Count: n, Week: n, Expected: 2, Cases: at})
		}
	}
	hour := func(offered, lost, busy int) func(*facts) {
		return func(f *facts) {
			for i := 9; i < 13; i++ {
				f.hours[i] = hourFact{Offered: 100, Abandoned: 2}
			}
			f.hours[11] = hourFact{Offered: offered, Abandoned: lost, Busy: busy, Held: 20 * 10 * time.Hour}
			f.load = 10 * time.Hour // ten erlangs
		}
	}
	for _, x := range []struct {
		rule           string
		fires, not     func(*facts)
		subject, index string
		to             float64
		num, den       float64
	}{
		{"sla_missed", func(f *facts) { f.watched = append(f.watched, share("sla_resolve", 93, 100, 0.95, true)) }, func(f *facts) { f.watched = append(f.watched, share("sla_resolve", 95, 100, 0.95, true)) }, "sla_resolve", "sla_resolve", 0.95, 7, 100},
		{"at_risk", risk(0.7, "2026-09-08"), risk(0.69, "2026-09-08"), "pct_abandoned", "pct_abandoned", 0.05, 70, 100},
		{"at_risk", risk(0.99, "2026-09-07"), risk(0.99, "2026-09-06"), "pct_abandoned", "pct_abandoned", 0.05, 99, 100},
		{"abandon_hour", hour(100, 20, 0), hour(100, 9, 0), "11", "pct_abandoned", (6 + 0.02*100) / 400, 20, 100},
		{"abandon_hour", hour(30, 6, 0), hour(29, 29, 0), "11", "pct_abandoned", (6 + 0.02*30) / 330, 6, 30},
		{"ola_unit", func(f *facts) { f.groups["Ilo"] = &fact{All: 10, Bad: 2, Cases: at} }, func(f *facts) { f.groups["Ilo"] = &fact{All: 10, Bad: 1} }, "Ilo", "ola", 1 - (2.0+1)/60, 2, 10},
		{"ola_unit", func(f *facts) { f.goals["ola"] = 0.99 }, func(f *facts) { f.goals["ola"] = 0.96 }, "Redes", "ola", 0.99, 2, 50},
		{"wrong_group", func(f *facts) { f.wrong["sap"] = &fact{All: 25, Bad: 5} }, func(f *facts) { f.wrong["sap"] = &fact{All: 26, Bad: 5} }, "sap", "ping_pong", (9 - 2.5) / 20, 5, 25},
		{"rising", group(app.SamePlace, 12), group(app.SamePlace, 2), "red.vpn " + desk.ID{9}.String(), "cases_opened", 390.0 / 20, 12, 0},
		{"repeat_user", group(app.SamePerson, 5), group(app.SamePerson, 4), desk.ID{9}.String(), "cases_opened", 397.5 / 20, 5, 0},
		{"repeat_asset", group(app.SameAsset, 3), group(app.SamePerson, 3), desk.ID{9}.String(), "cases_opened", 398.5 / 20, 3, 0},
		{"fcr_article", func(f *facts) { f.online["correo"].Bad, f.knows["correo"] = 9, true }, func(f *facts) { f.online["correo"].Bad = 9 }, "correo", "solved_online", 1 - (9+0.4*20)/29, 9, 20},
		{"fcr_write", func(f *facts) { f.online["correo"].Bad = 9 }, func(f *facts) { f.online["correo"].Bad, f.knows["correo"] = 9, true }, "correo", "solved_online", 1 - (9+0.4*20)/29, 9, 20},
		{"survey_low", func(f *facts) { f.scores["Ilo"] = &fact{All: 10, Bad: 3} }, func(f *facts) { f.scores["Ilo"] = &fact{All: 11, Bad: 3} }, "Ilo", "csat", 1 - 2.0/30, 3, 10},
		{"ageing", func(f *facts) { f.old["Ilo"] = &fact{All: 50, Bad: 5} }, func(f *facts) { f.old["Ilo"] = &fact{All: 51, Bad: 5} }, "Ilo", "cases_resolved", 55.0 / 20, 5, 50},
		{"busy_lost", hour(100, 2, 4), hour(100, 2, 3), "lines", "pct_lost", 8.0/400 + 0.01, 4, 400},
	} {
		i := slices.IndexFunc(rules, func(r rule) bool { return r.id == x.rule })
		if i < 0 {
			t.Fatalf("there is no rule %s", x.rule)
		}
		r := rules[i]
		f := quiet()
		if got := r.most(f, r.threshold); len(got) != 0 {
			t.Errorf("%s of a quiet month proposes %+v", r.id, got)
		}
		x.not(f)
		if got := r.most(f, r.threshold); len(got) != 0 {
			t.Errorf("%s proposes %+v", r.id, got)
		}
		f = quiet()
		x.fires(f)
		got := r.most(f, r.threshold)
		if len(got) != 1 {
			t.Errorf("%s proposes %+v", r.id, got)
			continue
		}
		g := got[0]
		if d := g.to - x.to; g.subject != x.subject || g.index != x.index || d > 1e-9 || d < -1e-9 || g.num != x.num || g.den != x.den || !isMeasured(g.index) {
			t.Errorf("%s proposes %+v, and not %+v", r.id, g, x)
		}
	}
	f := quiet()
	hour(100, 2, 4)(f)
	if g := rules[len(rules)-1].most(f, 0.01); g[0].n != 18 { // ten erlangs at 1 %, as in every table
		t.Errorf("%d lines are proposed", g[0].n)
	}
	if f.back.Groups = nil; len(rules) < 12 {
		t.Errorf("there are %d rules", len(rules))
	}
	for n := range 5 {
		f.back.Groups = append(f.back.Groups, app.Recurring{By: app.SamePerson, ID: desk.ID{byte(n)}, Count: 9 - n})
	}
	if g := rules[6].most(f, 5); len(g) != 3 || g[0].num != 9 || g[2].num != 7 {
		t.Errorf("of five users are proposed %+v", g)
	}
}

func TestEveryRuleSpeaksThreeLanguages(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rules {
		if seen[r.id] {
			t.Errorf("there are two rules %s", r.id)
		}
		seen[r.id] = true
		for _, what := range []string{"title", "cause"} {
			said := map[string]bool{}
			for _, lang := range []string{"es", "en", "pt"} {
				s := r.text(lang, what, found{name: "Ilo", index: "ola", num: 3, den: 4, n: 2})
				if s == "" || strings.ContainsAny(s, "{}") || said[s] {
					t.Errorf("%s in %s says %q", r.id, lang, s)
				}
				said[s] = true
			}
		}
	}
	if len(seen) != len(desk.ProposalRules) || slices.ContainsFunc(desk.ProposalRules, func(id string) bool { return !seen[id] }) {
		t.Errorf("the rules are %v, and contracts may name %v", seen, desk.ProposalRules)
	}
	for id := range texts {
		if !seen[id] {
			t.Errorf("the texts of %s are of no rule", id)
		}
	}
}
