package reports

import (
	"cmp"
	"slices"

	"punto/reports/chart"
	"punto/reports/scene"
)

// What a contract is followed by: how promises were kept by priority and by unit, what
// was escalated, what users said, what the analysis saw and what came of its proposals.

// Kept is how a clock's promises were kept in one part of the desk.
type Kept struct {
	Clock    string   `json:"clock"` // sla_take_up, sla_resolve, ola
	Name     string   `json:"name"`  // a priority as its word, or a unit
	Met      int      `json:"met"`
	Breached int      `json:"breached"`
	Excused  int      `json:"excused"` // in neither
	Value    *float64 `json:"value"`   // met / (met + breached); nil: neither
}

// Escalated counts the alarms of one rung of one clock.
type Escalated struct {
	Clock  string `json:"clock"`  // take_up, resolve, next_answer, ola, supplier
	Rung   int    `json:"rung"`   // from 1
	Fired  int    `json:"fired"`  // less the false ones
	Asked  int    `json:"asked"`  // of them: asked somebody to acknowledge
	InTime int    `json:"intime"` // of those asked: acknowledged in time
	Late   int    `json:"late"`   // of those asked: acknowledged late
	False  int    `json:"false"`  // what came later says that they never were so
}

// Signal is a deviation that the analysis found.
type Signal struct {
	Index    string   `json:"index"` // its name
	From     string   `json:"from"`  // day, as it is printed
	Until    string   `json:"until"` // "" = it goes on
	Up       bool     `json:"up"`
	Drift    bool     `json:"drift"`
	Value    float64  `json:"value"`    // of the day that gave it away
	Expected *float64 `json:"expected"` // nil: not known
	Unit     Unit     `json:"unit"`
}

// Commitment is a proposal with what came of it.
type Commitment struct {
	Title   string   `json:"title"`
	Owner   string   `json:"owner"`
	Due     string   `json:"due"`   // as it is printed
	ID      string   `json:"id"`    // of its index
	Index   string   `json:"index"` // its name
	Before  *float64 `json:"before"`
	After   *float64 `json:"after"`
	To      float64  `json:"to"`
	AtLeast bool     `json:"at_least"`
	Unit    Unit     `json:"unit"`
	Verdict string   `json:"verdict"` // waiting, achieved, not_achieved, inconclusive
}

// Remark is what a user wrote in a survey; nobody's name is with it.
type Remark struct {
	Score int    `json:"score"` // 0: none
	Text  string `json:"text"`
}

// shownRemarks is how many remarks of a survey are printed, and shownSignals of the
// analysis.
const (
	shownRemarks = 6
	shownSignals = 10
)

// follow is the pages of promises in their parts and of what follows from the month.
func (p *press) follow() {
	p.newPage()
	p.heading(p.l.t("follow title"))
	p.byPriority()
	p.byUnit()
	p.escalations()
	p.survey()
	p.signals()
	p.commitments()
}

// column is one of a grid: its head, its right edge (its left one for the first) and the
// room it has.
type column struct {
	head  string
	x, w  float64
	plain bool // from the left
}

// slot is a value of a grid.
type slot struct {
	s    string
	bold bool
	mark chart.State // with its shape before the text; Neutral = none
	ink  scene.Color // zero: body
}

const gridRow = 5.4

// grid prints rows under their heads, over as many pages as they take.
func (p *press) grid(name string, cols []column, rows [][]slot) {
	head := func() {
		y := p.y + 4
		p.s.In(name+" head", scene.Rect{X: left, Y: p.y, W: content, H: 5.4}, func() {
			for _, c := range cols {
				align := scene.Right
				if c.plain {
					align = scene.Left
				}
				p.text(c.x, y, c.head, scene.Bold, headCellSize, chart.Muted, align, 0, c.w)
			}
		})
		p.y += 5.4
		p.hair(left, right, p.y, 0.2, chart.Hair)
	}
	head()
	for _, row := range rows {
		if p.y+gridRow > bodyEnd {
			p.newPage()
			head()
		}
		base := p.y + gridRow/2 + baselineDrop
		p.s.In(name, scene.Rect{X: left, Y: p.y, W: content, H: gridRow}, func() {
			for i, v := range row {
				face, ink, align, c := scene.Regular, v.ink, scene.Right, cols[i]
				if v.bold {
					face = scene.Bold
				}
				if ink == (scene.Color{}) {
					ink = chart.Body
				}
				if c.plain {
					align = scene.Left
				}
				if v.mark != chart.Neutral {
					w := min(c.w-4, scene.Width(face, 8, v.s))
					x := c.x - w - 2.6
					if c.plain {
						x = c.x + 1.4
					}
					chart.Mark(p.s, scene.Point{X: x, Y: p.y + gridRow/2}, 2.5, v.mark)
				}
				x := c.x
				if c.plain && v.mark != chart.Neutral {
					x += 4.2
				}
				p.text(x, base, v.s, face, 8, ink, align, 0, c.w-map[bool]float64{true: 4.2}[v.mark != chart.Neutral])
			}
		})
		p.y += gridRow
		p.hair(left, right, p.y, 0.12, chart.RowLine)
	}
	p.y += 8
}

// sentence is the sentence under a section's title.
func (p *press) sentence(s string) {
	if s == "" {
		return
	}
	p.s.In("finding", scene.Rect{X: left, Y: p.y, W: content, H: 6}, func() {
		p.put(left, p.y+4.2, s, scene.Regular, 8.4, chart.Ink, content)
	})
	p.y += 6
}

func (p *press) none(key string) {
	p.empty(left, p.y+5, content, key)
	p.y += 13
}

func (p *press) whole(n int) string { return p.l.Number(float64(n), 0) }

// of is the part of what was kept: 12 of 15, and its share with its mark against a target.
func (p *press) of(k Kept, target *IndexRow) (count, share slot) {
	if k.Value == nil {
		return slot{s: "-", ink: chart.Muted}, slot{s: "-", ink: chart.Muted}
	}
	count = slot{s: p.l.fill("of", p.whole(k.Met), p.whole(k.Met+k.Breached)), ink: chart.Muted}
	share = slot{s: p.l.value(k.Value, Share, 1), bold: true, ink: chart.Ink}
	if target != nil && target.Op != None {
		row := *target
		row.State, row.Value, row.Den, row.Num = Derive, k.Value, float64(k.Met+k.Breached), float64(k.Met)
		share.mark = markOf(row.Verdict())
	}
	return count, share
}

// row is the index of the month with an id; nil where it is not printed.
func (p *press) row(id string) *IndexRow {
	if i := slices.IndexFunc(p.m.Rows, func(r IndexRow) bool { return r.ID == id }); i >= 0 {
		return &p.m.Rows[i]
	}
	return nil
}

// byPriority sets the two promises to a user side by side for each priority.
func (p *press) byPriority() {
	l := p.l
	p.section(l.t("by priority"))
	var names []string
	by := map[string]map[string]Kept{}
	for _, k := range p.m.Kept {
		if k.Clock == "ola" {
			continue
		}
		if by[k.Name] == nil {
			names, by[k.Name] = append(names, k.Name), map[string]Kept{}
		}
		by[k.Name][k.Clock] = k
	}
	if len(names) == 0 {
		p.none("none cases")
		return
	}
	worst, late := "", 0
	var rows [][]slot
	for _, name := range names {
		take, solve := by[name]["sla_take_up"], by[name]["sla_resolve"]
		if solve.Breached > late {
			worst, late = l.fill("worst priority", name, p.whole(solve.Breached), p.whole(solve.Met+solve.Breached)), solve.Breached
		}
		a, b := p.of(take, p.row("sla_take_up"))
		c, d := p.of(solve, p.row("sla_resolve"))
		rows = append(rows, []slot{{s: name, bold: true, ink: chart.Ink}, a, b, c, d, {s: p.whole(take.Excused + solve.Excused), ink: chart.Muted}})
	}
	if late == 0 {
		worst = l.t("no late priority")
	}
	p.sentence(worst)
	p.grid("priority", []column{{l.t("priority"), left, 40, true}, {l.t("taken"), 92, 30, false}, {l.t("in time"), 112, 18, false}, {l.t("solved"), 144, 30, false}, {l.t("in time"), 164, 18, false}, {l.t("excused"), right, 26, false}}, rows)
}

// byUnit lists the units, those that missed most first.
func (p *press) byUnit() {
	l := p.l
	p.section(l.t("by unit"))
	var units []Kept
	met, all := 0, 0
	for _, k := range p.m.Kept {
		if k.Clock == "ola" {
			units = append(units, k)
			met, all = met+k.Met, all+k.Met+k.Breached
		}
	}
	if len(units) == 0 {
		p.none("none handoffs")
		return
	}
	slices.SortStableFunc(units, func(a, b Kept) int { return cmp.Compare(b.Breached, a.Breached) })
	if u := units[0]; u.Breached > 0 {
		p.sentence(l.fill("worst unit", u.Name, p.whole(u.Breached), p.whole(all-met)))
	} else {
		p.sentence(l.fill("all units", p.whole(all)))
	}
	var rows [][]slot
	for _, u := range units {
		_, share := p.of(u, p.row("ola"))
		name := u.Name
		if name == "" {
			name = l.t("no unit")
		}
		rows = append(rows, []slot{{s: name, bold: true, ink: chart.Ink}, {s: p.whole(u.Met + u.Breached)}, {s: p.whole(u.Met)}, {s: p.whole(u.Breached)}, {s: p.whole(u.Excused), ink: chart.Muted}, share})
	}
	p.grid("unit", []column{{l.t("unit"), left, 62, true}, {l.t("handoffs"), 104, 24, false}, {l.t("in time"), 124, 18, false}, {l.t("breached"), 144, 18, false}, {l.t("excused"), 164, 18, false}, {l.t("kept share"), right, 26, false}}, rows)
}

// escalations lists how often each rung of each clock was reached, and acknowledged.
func (p *press) escalations() {
	l := p.l
	p.section(l.t("escalations"))
	if len(p.m.Escalated) == 0 {
		p.none("none escalations")
		return
	}
	fired, asked, intime := 0, 0, 0
	var rows [][]slot
	for _, e := range p.m.Escalated {
		fired, asked, intime = fired+e.Fired, asked+e.Asked, intime+e.InTime
		share := slot{s: "-", ink: chart.Muted}
		if e.Asked > 0 {
			v := float64(e.InTime) / float64(e.Asked)
			share = slot{s: l.value(&v, Share, 1), bold: true, ink: chart.Ink}
		}
		rows = append(rows, []slot{{s: l.t("clock " + e.Clock), bold: true, ink: chart.Ink}, {s: l.fill("nth", p.whole(e.Rung))}, {s: p.whole(e.Fired)}, {s: p.whole(e.Asked)}, {s: p.whole(e.InTime)}, share, {s: p.whole(e.False), ink: chart.Muted}})
	}
	found := l.fill("fired", p.whole(fired))
	if asked > 0 {
		found += " " + l.fill("asked", p.whole(asked), p.whole(intime))
	}
	p.sentence(found)
	p.grid("escalation", []column{{l.t("clock"), left, 58, true}, {l.t("rung"), 92, 20, false}, {l.t("told"), 110, 18, false}, {l.t("asks"), 130, 20, false}, {l.t("acknowledged"), 152, 22, false}, {l.t("of asked"), 174, 22, false}, {l.t("false"), right, 18, false}}, rows)
}

// survey is what users answered.
func (p *press) survey() {
	l := p.l
	p.section(l.t("survey"))
	var rows [][]slot
	for _, r := range p.m.Survey {
		if r.Value == nil {
			continue
		}
		rows = append(rows, []slot{{s: r.Name, bold: true, ink: chart.Ink}, {s: r.Measures, ink: chart.Muted}, {s: l.madeOf(r), ink: chart.Muted}, {s: l.value(r.Value, r.Unit, r.Shown()), bold: true, ink: chart.Ink}})
	}
	if len(rows) == 0 {
		p.none("none survey")
		return
	}
	p.grid("survey", []column{{l.t("index"), left, 48, true}, {l.t("measures"), 68, 70, true}, {"", 172, 30, false}, {l.t("value"), right, 20, false}}, rows)
	if len(p.m.Remarks) == 0 {
		return
	}
	p.y -= 4
	for _, r := range p.m.Remarks[:min(shownRemarks, len(p.m.Remarks))] {
		mark := ""
		if r.Score > 0 {
			mark = p.whole(r.Score) + " / 5"
		}
		p.item(mark, "«"+r.Text+"»")
	}
	p.y += 8
}

// signals are the deviations that the analysis found.
func (p *press) signals() {
	l := p.l
	p.section(l.t("analysis"))
	if len(p.m.Signals) == 0 {
		p.none("none signals")
		return
	}
	var rows [][]slot
	for _, s := range p.m.Signals[:min(shownSignals, len(p.m.Signals))] {
		until := s.Until
		if until == "" {
			until = l.t("goes on")
		}
		expected := "-"
		if s.Expected != nil {
			expected = l.value(s.Expected, s.Unit, decimals(s.Unit))
		}
		rows = append(rows, []slot{{s: s.Index, bold: true, ink: chart.Ink, mark: chart.AtRisk}, {s: l.t(s.word())}, {s: s.From}, {s: until}, {s: expected, ink: chart.Muted}, {s: l.value(&s.Value, s.Unit, decimals(s.Unit)), bold: true, ink: chart.Ink}})
	}
	p.sentence(l.fill("signals", p.whole(len(p.m.Signals))))
	p.grid("signal", []column{{l.t("index"), left, 56, true}, {l.t("signal"), 78, 36, true}, {l.t("from"), 132, 18, false}, {l.t("until"), 152, 20, false}, {l.t("expected"), 172, 20, false}, {l.t("value"), right, 20, false}}, rows)
}

// commitments are the proposals with their measured effect.
func (p *press) commitments() {
	l := p.l
	p.section(l.t("commitments"))
	if len(p.m.Commitments) == 0 {
		p.none("none commitments")
		return
	}
	marks := map[string]chart.State{"achieved": chart.Met, "not_achieved": chart.Missed, "inconclusive": chart.AtRisk}
	var rows [][]slot
	for _, c := range p.m.Commitments {
		u, dec := c.Unit, decimals(c.Unit)
		sign := "≤ "
		if c.AtLeast {
			sign = "≥ "
		}
		rows = append(rows, []slot{{s: c.Title, bold: true, ink: chart.Ink}, {s: c.Owner, ink: chart.Muted}, {s: c.Due}, {s: sign + l.value(&c.To, u, dec)}, {s: l.value(c.Before, u, dec)}, {s: l.value(c.After, u, dec), bold: true, ink: chart.Ink},
			{s: l.t("verdict " + c.Verdict), mark: marks[c.Verdict]}})
	}
	p.grid("commitment", []column{{l.t("proposal"), left, 56, true}, {l.t("owner"), 76, 28, true}, {l.t("due"), 118, 14, false}, {l.t("expected"), 134, 16, false}, {l.t("before"), 150, 15, false}, {l.t("after"), 166, 15, false}, {l.t("effect measured"), right, 26, false}}, rows)
}
