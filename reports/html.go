package reports

import (
	"fmt"
	"html/template"
	"io"
	"strings"
)

// WriteHTML writes the month as one file for a browser, with nothing from elsewhere: the
// report in the form that a screen reader reads, with headings, tables with their heads,
// and each chart as a picture with a text in its place, above the table that it draws; in
// the colours of the night where the screen has them.
func WriteHTML(w io.Writer, m Month) error {
	tables, err := Tables(m)
	if err != nil {
		return fmt.Errorf("the report of %s cannot be written: %w", m.Client, err)
	}
	m = m.settled()
	l := m.language()
	type cell struct {
		S      string
		Number bool
		Head   bool
	}
	type table struct {
		ID, Title string
		Heads     []cell
		Rows      [][]cell
		Chart     template.HTML
		Wide      bool
	}
	page := struct {
		Lang, Title, Month, Client, Contract, Period, Headline, Lead, Contents, Part string
		Tiles                                                                        []struct{ Label, Value, Target, State string }
		Tables                                                                       []table
		Night                                                                        template.CSS
	}{Night: nightStyle(), Lang: l.tag(), Title: l.named(m), Month: l.when(m), Client: m.Client, Contract: named(l, "contract", m.Contract), Period: named(l, "period", m.Period),
		Headline: m.Headline, Lead: m.Lead, Contents: l.t("contents")}
	for _, t := range m.Tiles[:min(5, len(m.Tiles))] {
		page.Tiles = append(page.Tiles, struct{ Label, Value, Target, State string }{t.Label, l.value(t.Row.Value, t.Row.Unit, t.Row.Shown()), l.target(t.Row), l.t(stateWord(t.Row))})
	}
	charts, err := pictures(m)
	if err != nil {
		return fmt.Errorf("the report of %s cannot be drawn: %w", m.Client, err)
	}
	for _, t := range tables {
		x := table{ID: t.ID, Title: t.Title, Chart: charts[t.ID], Wide: strings.HasPrefix(t.ID, "calls")}
		numbers := make([]bool, len(t.Heads))
		for _, r := range t.Rows {
			var row []cell
			for i, v := range r {
				s := l.show(v)
				if v.Number == nil && v.Text == "" && v.Day.IsZero() {
					s = "-"
				}
				if i < len(numbers) {
					numbers[i] = numbers[i] || v.Number != nil
				}
				row = append(row, cell{S: s, Number: v.Number != nil, Head: i == 0})
			}
			x.Rows = append(x.Rows, row)
		}
		for i, h := range t.Heads {
			x.Heads = append(x.Heads, cell{S: h, Number: numbers[i]})
		}
		page.Tables = append(page.Tables, x)
	}
	if m.Partial() {
		page.Part = l.partial(m)
	}
	if err := htmlPage.Execute(w, page); err != nil {
		return fmt.Errorf("the report of %s was not written whole: %w", m.Client, err)
	}
	return nil
}

var htmlPage = template.Must(template.New("report").Parse(`<!DOCTYPE html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{.Title}} · {{.Month}} · {{.Client}}</title>
<style>
:root{--ink:#14213d;--muted:#4a5568;--line:#d5dbe5;--accent:#0b5394;--ground:#f4f6fa;--card:#fff;--watch:#8a4b00}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf6;--muted:#a9b4c6;--line:#33415c;--accent:#7fb5ea;--ground:#10182b;--card:#18233c;--watch:#f2b35b}}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 "Noto Sans",system-ui,sans-serif}
main{max-width:64rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.9rem;margin:.2rem 0}h2{font-size:1.25rem;margin:2.2rem 0 .5rem;border-bottom:2px solid var(--ink)}
p{margin:.3rem 0}.muted{color:var(--muted)}.part{font-weight:700;color:var(--watch)}.headline{font-size:1.3rem;font-weight:700;margin-top:1rem}
dl{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0}dl div{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .9rem;min-width:9rem}
dt{color:var(--muted);font-size:.85rem}dd{margin:0}dd.value{font-size:1.5rem;font-weight:700}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;background:var(--card)}
th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}thead th{font-size:.85rem;color:var(--muted)}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}a{color:var(--accent)}
figure{margin:.6rem 0;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.8rem;max-width:36rem}figure.wide{max-width:none}svg{display:block;width:100%;height:auto}
{{.Night}}
@media print{body{background:#fff}.scroll{overflow:visible}}
</style>
</head>
<body>
<main>
<p class="muted">{{.Title}}</p>
<h1>{{.Month}}</h1>
<p>{{.Client}}{{with .Contract}} · {{.}}{{end}}{{with .Period}} · {{.}}{{end}}</p>
{{with .Part}}<p class="part">{{.}}</p>
{{end}}<p class="headline">{{.Headline}}</p>
<p>{{.Lead}}</p>
{{if .Tiles}}<dl>{{range .Tiles}}<div><dt>{{.Label}}</dt><dd class="value">{{.Value}}</dd><dd class="muted">{{.Target}} · {{.State}}</dd></div>{{end}}</dl>{{end}}
<nav aria-label="{{.Contents}}"><ul>{{range .Tables}}<li><a href="#{{.ID}}">{{.Title}}</a></li>{{end}}</ul></nav>
{{range .Tables}}<section aria-labelledby="{{.ID}}">
<h2 id="{{.ID}}">{{.Title}}</h2>
{{if .Chart}}<figure{{if .Wide}} class="wide"{{end}}>{{.Chart}}</figure>
{{end}}<div class="scroll"><table>
<thead><tr>{{range .Heads}}<th scope="col"{{if .Number}} class="n"{{end}}>{{.S}}</th>{{end}}</tr></thead>
<tbody>{{range .Rows}}<tr>{{range .}}{{if .Head}}<th scope="row"{{if .Number}} class="n"{{end}}>{{.S}}</th>{{else}}<td{{if .Number}} class="n"{{end}}>{{.S}}</td>{{end}}{{end}}</tr>
{{end}}</tbody>
</table></div>
</section>
{{end}}</main>
</body>
</html>
`))
