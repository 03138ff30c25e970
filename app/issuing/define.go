package issuing

import (
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
	"punto/app/tally"
)

// shipped are the definitions that the program brings: they are there from the first
// minute, under ids that follow from their names, until somebody changes them.
var shipped = []struct {
	name string
	of   desk.Definition
}{
	{"monthly", desk.Definition{Names: words("Informe mensual de servicio", "Monthly service report", "Relatório mensal de serviço"), Cycle: desk.Monthly,
		Blocks: blocks("summary", "demand", "cases", "follow", "indices", "comments", "annex", "reasons"), Formats: []string{"pdf", "xlsx"}, Day: 2, Hour: 7}},
	{"weekly", desk.Definition{Names: words("Informe semanal", "Weekly report", "Relatório semanal"), Cycle: desk.Weekly,
		Blocks: blocks("summary", "demand", "cases", "follow", "comments"), Formats: []string{"pdf"}, Day: 1, Hour: 7}},
	{"daily", desk.Definition{Names: words("Informe diario", "Daily report", "Relatório diário"), Cycle: desk.Daily,
		Blocks: blocks("summary", "demand", "comments"), Formats: []string{"pdf"}, Hour: 7}},
	{"unit", desk.Definition{Names: words("Informe por unidad", "Report by unit", "Relatório por unidade"), Cycle: desk.Monthly,
		Blocks: blocks("follow", "indices", "comments", "annex"), Formats: []string{"pdf", "csv"}, Day: 2, Hour: 7}},
	{"executive", desk.Definition{Names: words("Resumen ejecutivo", "Executive summary", "Resumo executivo"), Cycle: desk.Monthly,
		Blocks: blocks("summary", "comments"), Formats: []string{"pdf"}, Day: 2, Hour: 7}},
}

func words(es, en, pt string) map[string]string {
	return map[string]string{"es": es, "en": en, "pt": pt}
}

func blocks(parts ...string) (out []desk.Block) {
	for _, p := range parts {
		out = append(out, desk.Block{Part: p})
	}
	return out
}

func shippedID(name string) desk.ID { return desk.DerivedID("definition", name) }

// definition is one as somebody has made it, else as the program brings it; zero when there
// is none.
func definition(n *engine.Names, id desk.ID) (desk.Definition, error) {
	d, err := engine.Noun[desk.Definition](n, desk.DefinitionType, id)
	if err != nil || len(d.Names) > 0 || len(d.Blocks) > 0 || d.Gone {
		return d, err
	}
	for _, s := range shipped {
		if shippedID(s.name) == id {
			return s.of, nil
		}
	}
	return d, nil
}

// defined is a definition and whether the program brings it.
type defined struct {
	id      desk.ID
	of      desk.Definition
	shipped bool
}

// definitions are all that are not gone: those that the program brings, then by name.
func definitions(n *engine.Names) (out []defined, err error) {
	seen := map[desk.ID]bool{}
	for _, s := range shipped {
		id := shippedID(s.name)
		d, err := definition(n, id)
		if err != nil {
			return nil, err
		}
		if seen[id] = true; !d.Gone {
			out = append(out, defined{id, d, true})
		}
	}
	for x, err := range records.Each[desk.Definition](n, desk.DefinitionType) {
		if err != nil {
			return nil, err
		}
		if !seen[x.ID] && !x.Of.Gone {
			out = append(out, defined{x.ID, x.Of, false})
		}
	}
	return out, nil
}

// Formats are those in which a report can be had.
var Formats = []string{"pdf", "xlsx", "html", "csv"}

// What a definition may hold.
const (
	mostBlocks    = 40
	mostContracts = 100
	mostIndices   = 40
)

func saveDefinition(o *engine.Op, c app.SaveDefinition) (app.Receipt, error) {
	if !issues(o.Session.Role) {
		return app.Receipt{}, errMayNot
	}
	old, err := definition(o.Names, c.ID)
	if err != nil {
		return app.Receipt{}, err
	}
	d := c.Definition
	if d.To, err = addresses(d.To); err != nil {
		return app.Receipt{}, err
	}
	if d.Gone {
		d = old
		d.Gone, d.Scheduled = true, false
	} else if err := usable(o.Names, d); err != nil {
		return app.Receipt{}, err
	}
	d.SinceAt = old.SinceAt
	if d.Scheduled && (!old.Scheduled || d.Day != old.Day || d.Hour != old.Hour || d.Minute != old.Minute || d.Cycle != old.Cycle) {
		d.SinceAt = o.Now // nothing is made up for what nobody had asked for
	}
	return records.Save(o, desk.DefinitionType, c.ID, d, nil)
}

// usable refuses a definition of which no report can be made.
func usable(n *engine.Names, d desk.Definition) error {
	named := false
	for lang, name := range d.Names {
		if !slices.Contains([]string{"es", "en", "pt"}, lang) {
			return app.About("name", app.Fail(app.Invalid, "%q is no language of reports: there are es, en and pt", lang))
		}
		named = named || strings.TrimSpace(name) != ""
	}
	switch {
	case !named:
		return app.About("name", app.Fail(app.Invalid, "the report has no name: write it"))
	case !d.Cycle.Valid():
		return app.About("cycle", app.Fail(app.Invalid, "it is not said of what time the report is: choose month, week or day"))
	case len(d.Blocks) == 0:
		return app.About("blocks", app.Fail(app.Invalid, "the report has no part: add one"))
	case len(d.Blocks) > mostBlocks || len(d.Contracts) > mostContracts:
		return app.About("blocks", app.Fail(app.Invalid, "a report has at most %d parts and contracts: take some out", mostBlocks))
	case d.Lang != "" && !slices.Contains([]string{"es", "en", "pt"}, d.Lang):
		return app.About("lang", app.Fail(app.Invalid, "%q is no language of reports: there are es, en and pt", d.Lang))
	case len(d.Formats) == 0:
		return app.About("formats", app.Fail(app.Invalid, "no format is chosen: there are %s", strings.Join(Formats, ", ")))
	case d.Hour < 0 || d.Hour > 23 || d.Minute < 0 || d.Minute > 59:
		return app.About("hour", app.Fail(app.Invalid, "%02d:%02d is no time of day: correct it", d.Hour, d.Minute))
	case d.Cycle == desk.Monthly && d.Scheduled && (d.Day < 1 || d.Day > 28):
		return app.About("day", app.Fail(app.Invalid, "the day %d is not in every month: choose one from 1 to 28", d.Day))
	case d.Cycle == desk.Weekly && d.Scheduled && (d.Day < 1 || d.Day > 7):
		return app.About("day", app.Fail(app.Invalid, "the day %d is not in a week: 1 is Monday, 7 is Sunday", d.Day))
	}
	for i, b := range d.Blocks {
		if b.Part == "" || len(b.Part) > 40 || strings.Trim(b.Part, "abcdefghijklmnopqrstuvwxyz-") != "" {
			return app.About("blocks", app.Fail(app.Invalid, "%q is no part of a report: choose one of the list", b.Part))
		}
		if slices.ContainsFunc(d.Blocks[:i], func(x desk.Block) bool { return x.Part == b.Part }) {
			return app.About("blocks", app.Fail(app.Invalid, "the report has the part %q twice: take one out", b.Part))
		}
	}
	for i, f := range d.Formats {
		if !slices.Contains(Formats, f) || slices.Contains(d.Formats[:i], f) {
			return app.About("formats", app.Fail(app.Invalid, "%q is no format of a report, or is there twice: there are %s", f, strings.Join(Formats, ", ")))
		}
	}
	for i, id := range d.Indices {
		if i == mostIndices || tally.UnitOf(id) == "" || slices.Contains(d.Indices[:i], id) {
			return app.About("indices", app.Fail(app.Invalid, "%q is no index, is there twice, or is one too many: choose others", id))
		}
	}
	for _, id := range d.Contracts {
		if records.Name(n, desk.ContractType, id) == "" {
			return app.About("contracts", app.Fail(app.NotFound, "there is no such contract: look at the list again"))
		}
	}
	if !d.Unit.IsZero() && records.Name(n, desk.GroupType, d.Unit) == "" {
		return app.About("unit", app.Fail(app.NotFound, "there is no such group: look at the list again"))
	}
	return nil
}

func askDefinitions(l *engine.Look, _ app.Definitions) (a app.DefinitionsAnswer, err error) {
	if !reads(l.Session.Role) {
		return a, errMayNotRead
	}
	all, err := definitions(l.Names)
	if err != nil {
		return a, err
	}
	zone, err := zoneOf(l.Names)
	if err != nil {
		return a, err
	}
	a.Zone = zone.String()
	id, err := records.Coordinator(l.Names)
	if err != nil {
		return a, err
	}
	if a.Here, err = records.Coordinates(l.Names); err != nil {
		return a, err
	}
	a.Issuer = records.Name(l.Names, desk.NodeType, id)
	last, err := lastIssued(l)
	if err != nil {
		return a, err
	}
	going := engine.StateOf[going](l.Engine)
	for _, x := range all {
		r := app.DefinitionRow{ID: x.id, Of: x.of, Shipped: x.shipped, Last: last[x.id]}
		if keepable(x.of) {
			r.NextAt = next(x.of, time.UnixMilli(l.Now), zone).UnixMilli()
			late, err := owing(l, x, zone)
			if err != nil {
				return a, err
			}
			if len(late) > 0 {
				r.LateAt, r.Late = late[0].at, late[0].of.Period
			}
		}
		going.show(&r)
		a.Rows = append(a.Rows, r)
	}
	return a, nil
}

// mostLooked is how many reports are looked at for the last of each definition.
const mostLooked = 1_000

// lastIssued is the last report of each definition.
func lastIssued(l *engine.Look) (map[desk.ID]app.ReportRow, error) {
	last, n := map[desk.ID]app.ReportRow{}, 0
	for k, err := range l.Reader.Scan(engine.Prefix(ixIssued), nil, true) {
		if err != nil || n == mostLooked {
			return last, err
		}
		n++
		id := engine.IDOf(k.Key)
		v, err := read(l.Reader, id)
		if err != nil {
			return nil, err
		}
		if _, known := last[v.Definition]; !known {
			last[v.Definition] = row(l.Names, id, &v)
		}
	}
	return last, nil
}
