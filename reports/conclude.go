package reports

import "strings"

// Conclude returns the headline and the lead of the month, by rule from its
// figures: how many promises were kept, how demand moved, each promise that was
// missed with its value and count, and those to watch. Figures without data or
// with too few are never counted as kept.
func Conclude(m Month) (headline, lead string) {
	l := m.language()
	var missed, risk, none []IndexRow
	kept, judged := 0, 0
	for _, r := range m.Rows {
		switch r.Verdict() {
		case Met:
			kept, judged = kept+1, judged+1
		case AtRisk:
			kept, judged = kept+1, judged+1
			risk = append(risk, r)
		case Missed:
			judged++
			missed = append(missed, r)
		case NoData:
			if r.Op != None {
				none = append(none, r)
			}
		}
	}
	return l.headline(kept, judged, missed), l.lead(m, missed, risk, none)
}

// headline is one sentence: how many promises of those judged were kept, and the first
// that was not.
func (l lang) headline(kept, judged int, missed []IndexRow) string {
	n := func(i int) string { return l.Number(float64(i), 0) }
	switch {
	case judged == 0:
		return l.t("no promise")
	case judged == 1 && kept == 1:
		return l.t("one kept")
	case len(missed) == 0:
		return l.fill("all kept", n(judged))
	case len(missed) == 1:
		return l.fill("some kept", n(kept), n(judged), missed[0].Name)
	}
	return l.fill("some more", n(kept), n(judged), missed[0].Name, n(len(missed)-1))
}

// lead goes on from the headline: demand, at most two promises that were missed and two
// to watch, and every promise that no data judged.
func (l lang) lead(m Month, missed, risk, none []IndexRow) string {
	var out []string
	if s := l.demand(m); s != "" {
		out = append(out, s)
	}
	for _, r := range missed[:min(2, len(missed))] {
		count := ""
		if r.Unit == Share && r.Den > 0 {
			count = ", " + l.fill("of", l.Number(r.Num, 0), l.Number(r.Den, 0))
		}
		out = append(out, l.fill("lead missed", r.Name, l.value(r.Value, r.Unit, r.Shown()), l.target(r), count))
	}
	for _, r := range risk[:min(2, len(risk))] {
		out = append(out, l.fill("lead risk", r.Name, l.fill("against", l.value(r.Value, r.Unit, r.Shown()), l.target(r))))
	}
	if len(none) > 0 {
		names := make([]string, len(none))
		for i, r := range none {
			names[i] = r.Name
		}
		out = append(out, l.fill("lead nodata", strings.Join(names, ", ")))
	}
	return strings.Join(out, " ")
}

// demand compares the calls offered with the month before, if known.
func (l lang) demand(m Month) string {
	if m.Calls == (Flow{}) {
		return ""
	}
	n := l.Number(float64(m.Calls.Offered), 0)
	for _, r := range append(rowsOf(m.Tiles), m.Rows...) {
		if r.ID != "offered" || r.Previous == nil || *r.Previous <= 0 || r.Value == nil {
			continue
		}
		d := (*r.Value - *r.Previous) / *r.Previous
		s := l.percent(l.Number(abs(d)*100, 1))
		switch {
		case d >= 0.0005:
			return l.fill("demand up", s, n)
		case d <= -0.0005:
			return l.fill("demand down", s, n)
		}
	}
	return l.fill("demand same", n)
}

// rowsOf are the figures of tiles.
func rowsOf(tiles []Tile) []IndexRow {
	rows := make([]IndexRow, len(tiles))
	for i, t := range tiles {
		rows[i] = t.Row
	}
	return rows
}
