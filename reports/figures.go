package reports

import (
	"bytes"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"punto/reports/chart"
	"punto/reports/scene"
)

// Figure is a chart of a report, and the table whose rows it draws.
type Figure struct {
	Table string // id of the table; see Tables
	Title string // the sentence that it shows
	Desc  string // where its values are, for whoever does not see it
	Scene *scene.Scene
}

// figure is a chart that the report can have, in a box of its own.
type figure struct {
	table string
	w, h  float64 // millimetres
	draw  func(*press, scene.Rect)
}

func allFigures() []figure {
	counts := func(key string, of func(Month) []Count) func(*press, scene.Rect) {
		return func(p *press, r scene.Rect) { p.breakdown(r, key, of(p.m), 9) }
	}
	cut := func(id string) func(*press, scene.Rect) {
		return counts(id, func(m Month) []Count {
			return m.Cuts[slices.IndexFunc(m.Cuts, func(c Cut) bool { return c.ID == id })].List
		})
	}
	return []figure{
		{"compliance", half + 4, 58, (*press).trend},
		{"calls", content, 60, (*press).flow},
		{"calls-by-day", content, 72, (*press).byDay},
		{"calls-by-hour", content, 92, (*press).byHour},
		{"origins", half, 58, counts("origins", func(m Month) []Count { return m.Origins })},
		{"types", half, 30, counts("types", func(m Month) []Count { return m.Types })},
		{"modalities", half, 40, counts("modalities", func(m Month) []Count { return m.Modalities })},
		{"frequent", half + 4, 56, (*press).pareto},
		{"priorities", half, 56, cut("priorities")},
		{"groups", half, 56, cut("groups")},
		{"sites", half, 56, cut("sites")},
		{"queues", half, 56, cut("queues")},
		{"call-types", half, 56, cut("call-types")},
	}
}

// Figures are the charts of a month whose tables have rows, in the order of the tables. They
// are those of paper, each on a scene of its own. A Month that Check refuses has none.
func Figures(m Month) ([]Figure, error) {
	tables, err := Tables(m)
	if err != nil {
		return nil, err
	}
	titles := map[string]string{}
	for _, t := range tables {
		titles[t.ID] = t.Title
	}
	m = m.settled()
	l := m.language()
	var out []Figure
	for _, f := range allFigures() {
		title, ok := titles[f.table]
		if !ok {
			continue
		}
		p := &press{m: m, l: l, s: scene.New(f.w, f.h)}
		f.draw(p, scene.Rect{W: f.w, H: f.h})
		x := Figure{Table: f.table, Title: title, Desc: l.fill("chart values", title), Scene: p.s}
		for _, op := range p.s.Ops {
			if op.Text != nil {
				x.Title = op.Text.S // each chart begins with its sentence
				break
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// pictures are the charts of a web page by their tables.
func pictures(m Month) (map[string]template.HTML, error) {
	all, err := Figures(m)
	out := map[string]template.HTML{}
	for _, f := range all {
		var b bytes.Buffer
		if err := scene.WriteSVG(&b, f.Scene, scene.Picture{ID: "chart-" + f.Table, Title: f.Title, Desc: f.Desc}); err != nil {
			return nil, err
		}
		out[f.Table] = template.HTML(b.String()) //nolint:gosec // WriteSVG escapes every text
	}
	return out, err
}

// nightStyle gives the charts of a web page the colours of a screen at night.
func nightStyle() template.CSS {
	var b strings.Builder
	b.WriteString("@media (prefers-color-scheme:dark){")
	for _, c := range chart.Night() {
		d := chart.Dark(c).Hex()
		fmt.Fprintf(&b, ".f%s{fill:#%s}.s%s{stroke:#%s}", c.Hex(), d, c.Hex(), d)
	}
	b.WriteString("}")
	return template.CSS(b.String()) //nolint:gosec // hex digits alone
}
