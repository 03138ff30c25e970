package reports

import (
	"punto/reports/chart"
	"punto/reports/scene"
)

// Columns of the table of deviations.
const (
	colEvidence = 22.0
	colAction   = 78.0
	colOwner    = 130.0
	colEffect   = 157.0
)

// deviations prints at most three proposals; with none recorded, the indices
// that were missed or are at risk stand with their count.
func (p *press) deviations() {
	const most, h = 3, 13.6
	l := p.l
	p.s.In("deviations title", scene.Rect{X: left, Y: 226.4, W: content, H: 6.5}, func() {
		p.put(left, 231, l.t("deviations"), scene.Bold, sectionSize, chart.Ink, content-30)
	})
	list := p.m.Proposals
	if len(list) == 0 {
		list = p.derived()
	}
	p.s.In("deviations head", scene.Rect{X: left, Y: 232.9, W: content, H: 4.4}, func() {
		for _, c := range []struct {
			x, w float64
			key  string
		}{{colEvidence, 50, "evidence"}, {colAction, 48, "proposal"}, {colOwner, 25, "owner"}, {colEffect, right - colEffect, "effect"}} {
			p.put(c.x, 235.9, l.t(c.key), scene.Bold, headCellSize, chart.Muted, c.w)
		}
	})
	p.hair(left, right, 237.6, 0.4, chart.Ink)
	if len(list) == 0 {
		key := "no deviation"
		if !p.judged() {
			key = "no promise"
		}
		p.empty(left, 243, content, key)
		return
	}
	if len(list) > most {
		p.text(right, 231, l.fill("more", l.Number(float64(len(list)-most), 0)), scene.Regular, 7.5, chart.Muted, scene.Right, 0, 28)
	}
	for i, d := range list[:min(most, len(list))] {
		r := scene.Rect{X: left, Y: 237.8 + h*float64(i), W: content, H: h}
		p.s.In("deviation", r, func() { p.deviation(r, d) })
	}
}

// judged tells whether any promise could be judged.
func (p *press) judged() bool {
	for _, r := range p.m.Rows {
		if s := r.Verdict(); s == Met || s == AtRisk || s == Missed {
			return true
		}
	}
	return false
}

func (p *press) deviation(r scene.Rect, d Proposal) {
	y := r.Y + 4.4
	chart.Mark(p.s, scene.Point{X: left + 1.9, Y: y - 0.9}, 3, markOf(d.State))
	p.put(colEvidence, y, d.Subject, scene.Bold, cellSize, chart.Ink, colAction-colEvidence-3)
	p.paragraph(colEvidence, y+3.5, colAction-colEvidence-2, d.Evidence, scene.Regular, 7.3, 3.3, chart.Muted, 2)
	action, c, f := d.Action, chart.Body, scene.Regular
	if action == "" {
		action, c, f = p.l.t("no proposal"), chart.Muted, scene.Italic
	}
	p.paragraph(colAction, y, colOwner-colAction-4, action, f, 7.8, 3.6, c, 3)
	p.paragraph(colOwner, y, colEffect-colOwner-3, d.Owner, scene.Regular, 7.8, 3.6, chart.Body, 3)
	p.paragraph(colEffect, y, right-colEffect, d.Effect, scene.Regular, 7.8, 3.6, chart.Body, 3)
	p.hair(left, right, r.Y+r.H, 0.12, chart.RowLine)
}

// derived are the deviations that the figures show by themselves, with what is proposed
// about them.
func (p *press) derived() []Proposal {
	var out []Proposal
	for _, want := range []State{Missed, AtRisk} {
		for _, r := range p.m.Rows {
			if r.Verdict() != want {
				continue
			}
			e := p.l.fill("against", p.l.value(r.Value, r.Unit, r.Shown()), p.l.target(r))
			if r.Unit == Share && r.Den > 0 {
				e += "; " + p.l.fill("of", p.l.Number(r.Num, 0), p.l.Number(r.Den, 0))
			}
			x := Proposal{Subject: r.Name, Evidence: e, State: want}
			for _, c := range p.m.Commitments { // the last one counts
				if c.ID == r.ID && c.Verdict != "not_achieved" {
					sign := "≤ "
					if c.AtLeast {
						sign = "≥ "
					}
					x.Action, x.Owner, x.Effect = c.Title, c.Owner, c.Due+" · "+sign+p.l.value(&c.To, c.Unit, decimals(c.Unit))
				}
			}
			out = append(out, x)
		}
	}
	return out
}
