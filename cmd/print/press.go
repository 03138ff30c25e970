package print

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/issuing"
	"punto/reports"
)

// Press makes the reports that are issued: an issuing.Press.
func Press(ctx context.Context, k app.Desk, j issuing.Job) (d issuing.Draft, err error) {
	r, err := Model(ctx, k, j.Definition, j.Contract, j.Period, time.UnixMilli(j.IssueAt), j.Comments)
	if err != nil {
		return d, err
	}
	r.Revision = j.Revision
	headline := r.Headline
	if headline == "" {
		headline, _ = reports.Conclude(r)
	}
	d = issuing.Draft{Name: r.Name, Client: r.Client, Lang: r.Lang, Headline: headline, Inputs: r.InputHash, Figures: figures(r)}
	d.Print = func(changes []desk.Changed) (files []issuing.Made, pages int, err error) {
		m := r
		for _, c := range changes {
			m.Changes = append(m.Changes, reports.Change{ID: c.ID, Name: c.Name, Was: c.Was, Is: c.Is, Unit: reports.Unit(c.Unit)})
		}
		if pages, err = reports.Pages(m); err != nil {
			return nil, 0, err
		}
		name := fmt.Sprintf("informe-%s-%s-r%d", j.Period, url.QueryEscape(m.Contract), max(m.Revision, 1))
		for _, f := range append(slices.Clone(j.Definition.Formats), "json") {
			b, end, err := made(m, f)
			if err != nil {
				return nil, 0, err
			}
			files = append(files, issuing.Made{Name: name + end, Bytes: b})
		}
		return files, pages, nil
	}
	return d, nil
}

// Model is a report as its definition wants it, before it is issued.
func Model(ctx context.Context, k app.Desk, d desk.Definition, contract desk.ID, period string, issued time.Time, comments []app.ReportComment) (r reports.Month, err error) {
	tag, err := speaks(ctx, k, d, contract)
	if err != nil {
		return r, err
	}
	if r, err = In(ctx, k, app.Month{Month: period, Contract: contract}, issued, tag, d.Indices...); err != nil {
		return r, err
	}
	r.Name = d.Name(r.Lang)
	for _, b := range d.Blocks {
		r.Parts = append(r.Parts, b.Part)
		if b.Text != "" {
			r.Comments = append(r.Comments, reports.Comment{Part: b.Part, Text: b.Text})
		}
	}
	zone := r.Month.Location()
	for _, c := range comments {
		r.Comments = append(r.Comments, reports.Comment{Part: c.Part, Text: c.Text, Author: c.Author, At: time.UnixMilli(c.At).In(zone)})
	}
	place := func(c reports.Comment) int { return slices.Index(r.Parts, c.Part) }
	slices.SortStableFunc(r.Comments, func(a, b reports.Comment) int { return cmp.Compare(place(a), place(b)) })
	return r, ofUnit(ctx, k, d.Unit, &r)
}

// speaks is the language of a report: that of its definition, else the contract's.
func speaks(ctx context.Context, k app.Desk, d desk.Definition, contract desk.ID) (string, error) {
	if d.Lang != "" {
		return d.Lang, nil
	}
	x, err := k.Ask(ctx, app.Records{Type: desk.ContractType})
	if err != nil {
		return "", err
	}
	a, _ := x.(app.RecordsAnswer)
	for i, c := range a.Contracts {
		if (c.ID == contract || contract.IsZero() && i == 0) && len(c.Of.Langs) > 0 {
			return c.Of.Langs[0], nil
		}
	}
	return "", nil
}

// ofUnit leaves of what each unit did the part of one.
func ofUnit(ctx context.Context, k app.Desk, unit desk.ID, r *reports.Month) error {
	if unit.IsZero() {
		return nil
	}
	x, err := k.Ask(ctx, app.Records{Type: desk.GroupType})
	if err != nil {
		return err
	}
	a, _ := x.(app.RecordsAnswer)
	i := slices.IndexFunc(a.Groups, func(g app.Named[desk.Group]) bool { return g.ID == unit })
	if i < 0 {
		return app.Fail(app.NotFound, "there is no such group: look at the list again")
	}
	name := a.Groups[i].Of.Name
	r.Name += " · " + name
	r.Kept = slices.DeleteFunc(r.Kept, func(x reports.Kept) bool { return x.Clock == "ola" && x.Name != name })
	return nil
}

// figures are what is compared from revision to revision: every index, what cases are
// counted by, and how each priority and unit kept its promises.
func figures(r reports.Month) (out []desk.Printed) {
	for _, d := range r.Definitions {
		out = append(out, desk.Printed{ID: d.ID, Name: d.Name, Unit: string(d.Unit), Value: d.Value, Num: d.Num, Den: d.Den})
	}
	count := func(table, head string, cs []reports.Count) {
		for _, c := range cs {
			n := float64(c.N)
			out = append(out, desk.Printed{ID: table + ":" + c.Name, Name: head + ": " + c.Name, Value: &n, Num: n})
		}
	}
	count("origin", reports.Heading("origins", r.Lang), r.Origins)
	count("kind", reports.Heading("types", r.Lang), r.Types)
	count("modality", reports.Heading("modalities", r.Lang), r.Modalities)
	count("category", reports.Heading("frequent", r.Lang), r.Frequent)
	for _, x := range r.Kept {
		den := float64(x.Met + x.Breached)
		w, _ := reports.Describe(x.Clock, r.Lang)
		out = append(out, desk.Printed{ID: x.Clock + ":" + x.Name, Name: w.Name + ": " + x.Name, Unit: string(reports.Share), Value: x.Value, Num: float64(x.Met), Den: &den})
	}
	return out
}

// made is a report in a format, and the end of its file's name.
func made(m reports.Month, format string) (content []byte, end string, err error) {
	var b bytes.Buffer
	if to, ok := writers[format]; ok {
		err = to(&b, m)
		return b.Bytes(), "." + format, err
	}
	if format != "csv" {
		return nil, "", fmt.Errorf("%q is no format of a report", format)
	}
	tables, err := reports.AllTables(m)
	if err != nil {
		return nil, "", err
	}
	z := zip.NewWriter(&b)
	for _, t := range tables {
		var w io.Writer
		if w, err = z.CreateHeader(&zip.FileHeader{Name: t.ID + ".csv", Method: zip.Deflate, Modified: m.IssuedAt.UTC()}); err == nil {
			err = reports.WriteCSV(w, t, m.Lang)
		}
		if err != nil {
			return nil, "", err
		}
	}
	err = z.Close()
	return b.Bytes(), "-csv.zip", err
}
