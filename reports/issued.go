package reports

import (
	"slices"
	"time"

	"punto/reports/chart"
)

// What makes a report more than figures: which parts it has, what the analyst says of them,
// and what a later revision changed.

// Comment is what an analyst says of a part before the report is issued.
type Comment struct {
	Part   string    `json:"part"` // of Parts; others stand among what is said of the whole
	Text   string    `json:"text"`
	Author string    `json:"author"`
	At     time.Time `json:"at"`
}

// Change is a figure that is another than in the revision before. A nil value is a figure
// that there was not, or is not any more.
type Change struct {
	ID   string   `json:"id"`
	Name string   `json:"name"`
	Was  *float64 `json:"was"`
	Is   *float64 `json:"is"`
	Unit Unit     `json:"unit"`
}

// part is one of those that a report can have.
type part struct {
	id     string
	word   string
	draw   func(*press)
	goesOn bool // on the page where the one before it ended
	fills  bool // its page, so that none goes on there
}

// allParts are in the order of a report that names none.
func allParts() []part {
	return []part{
		{"summary", "part summary", (*press).summary, false, true},
		{"demand", "part demand", (*press).demand, false, true},
		{"cases", "part cases", (*press).cases, false, false},
		{"follow", "follow title", (*press).follow, false, false},
		{"indices", "more rows", (*press).restOfIndices, true, false},
		{"comments", "comments", (*press).issued, true, false},
		{"annex", "annex", (*press).annex, false, false},
		{"reasons", "part reasons", (*press).longReasons, false, false},
	}
}

// Part is a part of a report: its name in definitions, for ever, and its title.
type Part struct{ ID, Title string }

// Parts are all that a report can have, in the order of one that names none.
func Parts(tag string) (out []Part) {
	l := language(tag)
	for _, x := range allParts() {
		out = append(out, Part{x.id, l.t(x.word)})
	}
	return out
}

// chosen are the parts of a month, in their order; one that this version does not know is
// left out, and of one that is named twice the first counts.
func (m Month) chosen() (out []part) {
	all := allParts()
	if len(m.Parts) == 0 {
		return all
	}
	for _, id := range m.Parts {
		i := slices.IndexFunc(all, func(x part) bool { return x.id == id })
		if i >= 0 && !slices.ContainsFunc(out, func(x part) bool { return x.id == id }) {
			out = append(out, all[i])
		}
	}
	if len(out) == 0 {
		return all
	}
	if said := slices.IndexFunc(all, func(x part) bool { return x.id == "comments" }); len(m.Comments)+len(m.Changes) > 0 && !slices.ContainsFunc(out, func(x part) bool { return x.id == "comments" }) {
		at := slices.IndexFunc(out, func(x part) bool { return x.id == "annex" || x.id == "reasons" })
		if at < 0 {
			at = len(out)
		}
		out = slices.Insert(out, at, all[said]) // what was said, and what changes, is never left out
	}
	return out
}

// has tells whether the report has a part.
func (p *press) has(id string) bool {
	return slices.ContainsFunc(p.m.chosen(), func(x part) bool { return x.id == id })
}

// longReasons is the annex of all reasons where the list is too long for its page.
func (p *press) longReasons() {
	if p.longList() {
		p.reasons()
	}
}

// parts draws the parts that were chosen, and notes on which page each begins.
func (p *press) parts() {
	p.begins = map[string]int{}
	for _, x := range p.m.chosen() {
		if p.s == nil && x.goesOn { // there is no page on which it could go on
			p.newPage()
		}
		last, page, ops := p.s, len(p.pages), 0
		if last != nil {
			ops = len(last.Ops)
		}
		x.draw(p)
		if x.fills {
			p.y = bodyEnd
		}
		switch {
		case last != nil && len(last.Ops) > ops:
			p.begins[x.id] = page
		case len(p.pages) > page:
			p.begins[x.id] = page + 1
		}
	}
}

// issued prints what the analyst says, part by part, and what this revision changed.
func (p *press) issued() {
	if len(p.m.Comments)+len(p.m.Changes) == 0 {
		return
	}
	p.room(30)
	if len(p.m.Changes) > 0 {
		p.changes()
	}
	if len(p.m.Comments) == 0 {
		return
	}
	p.section(p.l.t("comments"))
	for _, c := range p.m.Comments {
		by := dots(p.l.partName(c.Part), c.Author)
		if !c.At.IsZero() {
			by = dots(by, p.l.date(c.At)+" "+c.At.Format("15:04"))
		}
		p.item("", by+": "+c.Text)
	}
	p.y += 9
}

func (l lang) partName(id string) string {
	all := allParts()
	if i := slices.IndexFunc(all, func(x part) bool { return x.id == id }); i >= 0 {
		return l.t(all[i].word)
	}
	return l.t("whole report")
}

// shownChanges is how many changed figures are printed; the files of rows have all.
const shownChanges = 40

func (p *press) changes() {
	l := p.l
	p.section(l.fill("changes", p.whole(max(p.m.Revision, 1))))
	p.sentence(l.fill("changed figures", p.whole(len(p.m.Changes))))
	var rows [][]slot
	for _, c := range p.m.Changes[:min(shownChanges, len(p.m.Changes))] {
		row := IndexRow{Unit: c.Unit}
		rows = append(rows, []slot{{s: c.Name, bold: true, ink: chart.Ink}, {s: l.value(c.Was, c.Unit, row.Shown()), ink: chart.Muted}, {s: l.value(c.Is, c.Unit, row.Shown()), bold: true, ink: chart.Ink}})
	}
	p.grid("change", []column{{l.t("index"), left, 110, true}, {l.t("before"), 160, 30, false}, {l.t("after"), right, 30, false}}, rows)
}

// Begins tells on which page, from 1, each part of a month begins, by its id; a part with
// nothing to print is not there.
func Begins(m Month) (map[string]int, int, error) {
	if err := m.Check(); err != nil {
		return nil, 0, err
	}
	p := press{m: m.settled(), l: m.language()}
	p.draw()
	return p.begins, len(p.pages), nil
}

// Heading is the title of a table of counts, by its id; see Tables.
func Heading(id, tag string) string { return language(tag).t(id) }
