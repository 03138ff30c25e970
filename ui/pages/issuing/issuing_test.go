package issuing

import (
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/reports"
	"punto/ui"
	"punto/ui/page"
	"punto/ui/stage"
)

// archive is a desk that issues reports without a press: one revision after another.
type archive struct {
	app.Desk
	mu     sync.Mutex // guards what follows
	issues []app.IssuedRow
	said   []app.ReportComment
	sent   []string
	fails  bool
	at     time.Time
}

func (x *archive) row(of app.ReportOf) app.ReportRow {
	r := app.ReportRow{ID: desk.ID{5}, ReportOf: of, Name: "Informe mensual de servicio", Client: "Los Andes", Revision: len(x.issues), Here: true}
	if len(x.issues) > 0 {
		r.At = x.issues[0].At
	}
	return r
}

func (x *archive) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	of := app.ReportOf{Period: "2026-10"}
	switch q := q.(type) {
	case app.Reports:
		if len(x.issues) == 0 {
			return app.ReportsAnswer{}, nil
		}
		return app.ReportsAnswer{Rows: []app.ReportRow{x.row(of)}}, nil
	case app.OneReport:
		return app.OneReportAnswer{Row: x.row(of), Comments: x.said, Issues: x.issues}, nil
	case app.ReportFile:
		return app.ReportFileAnswer{Name: "informe-2026-10.pdf", Content: []byte("%PDF de " + q.Hash[:4])}, nil
	}
	return x.Desk.Ask(ctx, q)
}

func (x *archive) Do(ctx context.Context, c app.Command) (app.Receipt, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch c := c.(type) {
	case app.IssueReport:
		if x.fails {
			return app.Receipt{}, app.Fail(app.Conflict, "nothing has changed since revision %d of the report: it stands", len(x.issues))
		}
		n := len(x.issues) + 1
		i := app.IssuedRow{Of: desk.Issued{Period: c.Period, Revision: n, Headline: "Se cumplen 8 de 9 compromisos", Pages: 6, Inputs: "9c1f", Files: []desk.File{{Hash: [32]byte{byte(n)}, Name: "informe-2026-10.pdf", Size: 80_000}, {Hash: [32]byte{9}, Name: "informe-2026-10.xlsx", Size: 21_000}}}, At: x.at.UnixMilli(), By: "Lucía Ferrer"}
		if v := 8412.0; n == 2 {
			i.Of.Changes = []desk.Changed{{ID: "offered", Name: "Llamadas ofrecidas", Was: &v, Is: &v}}
		} else {
			i.By, i.Of.DueAt, i.Sent = "", x.at.Add(-26*time.Hour).UnixMilli(), app.ReportMail{Sent: 2, Waiting: 1}
		}
		x.issues = append([]app.IssuedRow{i}, x.issues...)
	case app.CommentReport:
		x.said = append(x.said, app.ReportComment{Part: c.Part, Text: c.Text, Author: "Lucía Ferrer", By: desk.ID{1}})
	case app.SendReport:
		x.sent = c.To
	default:
		return x.Desk.Do(ctx, c)
	}
	return app.Receipt{ID: desk.ID{5}}, nil
}

// model is a report of two indices, without asking anybody.
func model(_ context.Context, d desk.Definition, _ desk.ID, period string, said []app.ReportComment) (reports.Month, error) {
	at, err := time.Parse("2006-01", period[:7])
	if err != nil {
		return reports.Month{}, err
	}
	v := 0.834
	m := reports.Month{Name: d.Name("es"), Organisation: "Mesa", Client: "Los Andes", Month: at, IssuedAt: at.AddDate(0, 1, 1), Lang: "es",
		Rows: []reports.IndexRow{{ID: "service_level_strict", Name: "Nivel de servicio", Value: &v, Unit: reports.Share, Num: 834, Den: 1000, Target: 0.8, Op: reports.AtLeast}}}
	for _, b := range d.Blocks {
		m.Parts = append(m.Parts, b.Part)
	}
	for _, c := range said {
		m.Comments = append(m.Comments, reports.Comment{Part: c.Part, Text: c.Text, Author: c.Author})
	}
	return m, nil
}

func open(t *testing.T) (*stage.Stage, *archive, *press, *[]string) {
	t.Helper()
	x := &archive{}
	var shown []string
	_, analysis := stage.NewLobby("analysis")
	tools := Tools{Model: model, Open: func(name string, content []byte) (string, bool, error) {
		shown = append(shown, name+": "+string(content[:min(len(content), 12)]))
		return name, true, nil
	}}
	s := stage.New(t, true, stage.With("attend", analysis, Kind(tools)), func(c *ui.Config) { x.Desk, c.Desk = c.Desk, x })
	x.at = s.Now()
	s.SignIn()
	s.Press("Alt I")
	s.Come("the page")
	p := s.Page().(*press)
	s.Until("the definitions", func() bool { return p.defs != nil && len(p.defs.Rows) == 5 })
	return s, x, p, &shown
}

// picture keeps the screen as a file where somebody wants to look at it.
func picture(t *testing.T, s *stage.Stage, name string) {
	t.Helper()
	dir := os.Getenv("PUNTO_PICTURES")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := png.Encode(f, s.Canvas.Capture()); err != nil {
		t.Fatal(err)
	}
}

func (b *builder) parts() string {
	var out []string
	for _, x := range b.of.Blocks {
		out = append(out, x.Part)
	}
	return strings.Join(out, " ")
}

// A report is put together of its parts beside its page, kept, and delivered by a schedule.
func TestAReportIsBuiltAndScheduled(t *testing.T) {
	s, _, p, _ := open(t)
	b := p.build
	s.Until("the preview", func() bool { return b.preview.image != nil })
	s.OneMeaning("the builder")
	if !s.Reads("Informe mensual de servicio") || !s.Reads("páginas con los datos de 2026-10") || !s.Reads("nadie todavía") || !s.Reads("a mano (F9)") || !s.Reads("Página 1 de") {
		t.Errorf("the page says %q", s.Texts())
	}
	if !s.ListSays(b.blocks, "Demanda telefónica") || !s.ListSays(b.blocks, "8") || !s.ListSays(b.blocks, "1") {
		t.Errorf("the blocks are %q", b.blocks.Texts())
	}
	picture(t, s, "builder")
	s.Press("Alt →")
	s.Until("the second page", func() bool { return b.preview.drawn == 1 })
	was := b.parts()
	b.blocks.Select(2)
	s.Press("Alt ↑")
	if b.parts() != "summary cases demand follow indices comments annex reasons" || b.blocks.Selected != 1 {
		t.Errorf("moved up it is %q", b.parts())
	}
	s.Press("F8")
	if b.parts() != "summary demand follow indices comments annex reasons" {
		t.Errorf("taken out it is %q", b.parts())
	}
	if a := s.Actions()[0]; a.Off == "" || b.x.Status() == "" {
		t.Error("what is not kept can be issued")
	}
	s.Press("Ctrl N")
	s.Press("1")
	if b.parts() != "summary demand cases follow indices comments annex reasons" {
		t.Errorf("added it is %q", b.parts())
	}
	for _, want := range []string{"summary demand follow indices comments annex reasons", "summary cases demand follow indices comments annex reasons", was} {
		if s.Press("Ctrl D"); b.parts() != want {
			t.Errorf("undone it is %q, not %q", b.parts(), want)
		}
	}
	if b.parts() != was || b.dirty {
		t.Errorf("undone it is %q, unsaved %v", b.parts(), b.dirty)
	}
	b.blocks.Select(1)
	b.form.Texts[5].OnChanged("La central cambió el 5.")
	b.form.Texts[4].OnChanged("nivel")
	if b.form.Wrong() != "reports.badIndex" {
		t.Errorf("an index that is not told from others is %q", b.form.Wrong())
	}
	b.form.Texts[4].OnChanged("Casos abiertos; ola")
	if b.form.Wrong() != "" || strings.Join(b.of.Indices, " ") != "cases_opened ola" || indexNames("es", b.of.Indices)[:14] != "Casos abiertos" {
		t.Errorf("the indices are %q: %s", b.of.Indices, b.form.Wrong())
	}
	b.form.Texts[3].OnChanged("ninguna así")
	if b.form.Wrong() != "reports.badUnit" {
		t.Errorf("an unknown unit is %q", b.form.Wrong())
	}
	b.form.Texts[3].OnChanged("")
	s.Press("F11")
	s.OneMeaning("the delivery")
	f := b.delivery
	f.Texts[0].OnChanged("gerencia@andes.example, ana@andes.example")
	f.Texts[3].OnChanged("las siete")
	if f.Wrong() != "reports.badHour" || s.Actions()[0].Off == "" {
		t.Errorf("a bad hour is %q", f.Wrong())
	}
	f.Texts[3].OnChanged("07:30")
	f.Texts[4].OnChanged("31")
	if f.Wrong() != "reports.badDay" {
		t.Errorf("a bad day is %q", f.Wrong())
	}
	f.Texts[4].OnChanged("2")
	_ = f.Inputs[2].Set("2")
	picture(t, s, "delivery")
	s.Press("Ctrl S")
	s.Until("it is kept", func() bool { return !b.dirty && b.known() != nil && b.known().Of.Scheduled })
	d := b.known().Of
	if d.Hour != 7 || d.Minute != 30 || d.Day != 2 || len(d.To) != 2 || d.Blocks[1].Text != "La central cambió el 5." || len(d.Indices) != 2 {
		t.Errorf("kept is %+v", d)
	}
	s.Until("when it is issued", func() bool { return s.Reads("cada mes, día 2, 07:30") && s.Reads("y 1 más · PDF, XLSX") })
	picture(t, s, "scheduled")
	s.Press("F3")
	s.Press("2")
	s.Until("the weekly one", func() bool { return b.period == "2026-W47" && s.Reads("Informe semanal") })
	s.Press("F6")
	if b.period != "2026-W46" {
		t.Errorf("the week before is %s", b.period)
	}
	s.Press("Ctrl U")
	s.Until("a definition of one's own", func() bool { return len(p.defs.Rows) == 6 && b.of.Name("es") == "Informe semanal (copia)" })
	s.Press("Alt R")
	s.Press("1")
	s.Until("it is gone", func() bool { return len(p.defs.Rows) == 5 })
	s.Resize(stage.Small)
	for range 3 {
		s.Press("F2")
		s.Fits("a small window")
	}
}

// An analyst comments and issues, finds the report in the archive, opens it, keeps its
// files, mails it, and issues another revision.
func TestAReportIsIssuedAndFoundInTheArchive(t *testing.T) {
	s, x, p, shown := open(t)
	s.Press("F4")
	if !s.ListSays(p.shelf.table.List, "Sin informes emitidos.") {
		s.Until("that there is none", func() bool { return s.ListSays(p.shelf.table.List, "Sin informes emitidos.") })
	}
	s.Press("F3")
	s.Press("Ctrl E")
	s.Until("what is to be said", func() bool { return s.Asked() != nil })
	s.Reply("Mes con feriado.")
	s.Until("it was said", func() bool { x.mu.Lock(); defer x.mu.Unlock(); return len(x.said) == 1 && x.said[0].Part == "summary" })
	s.Press("F9")
	if s.Asked() == nil || !s.Reads("queda para siempre") {
		t.Errorf("nobody is asked: %q", s.Texts())
	}
	s.Press("1")
	s.Until("it is issued", func() bool { return p.build.busy == "" && len(p.shelf.table.Rows) == 1 })
	s.Press("F4")
	s.OneMeaning("the archive")
	s.Until("its files", func() bool { return p.shelf.shown() != nil && s.Reads("informe-2026-10.xlsx") })
	for _, want := range []string{"Se cumplen 8 de 9 compromisos", "Salió tarde", "1 d 2 h antes", "Correo: 2 de 3 entregados", "Mes con feriado.", "Revisión 1 de 1"} {
		if !s.Reads(want) {
			t.Errorf("the archive does not say %q: %q", want, s.Texts())
		}
	}
	s.Press("F10")
	s.Until("it is shown", func() bool {
		return len(*shown) == 1 && strings.HasPrefix((*shown)[0], "informe-2026-10.pdf: %PDF de 0100")
	})
	dir := t.TempDir()
	s.Press("F6")
	s.Reply(dir)
	s.Until("its files are kept", func() bool {
		b, err := os.ReadFile(filepath.Join(dir, "informe-2026-10.pdf"))
		return err == nil && len(b) > 8
	})
	s.Press("F8")
	s.Reply("auditoria@andes.example")
	s.Until("it is mailed", func() bool { x.mu.Lock(); defer x.mu.Unlock(); return len(x.sent) == 1 })
	s.Press("F9")
	s.Press("1")
	s.Until("another revision", func() bool {
		return s.Reads("Revisión 2 de 2") && s.Reads("Cambia una cifra") && s.Reads("Llamadas ofrecidas")
	})
	picture(t, s, "archive")
	s.Press("Alt ←")
	if !s.Reads("Revisión 1 de 2") {
		t.Errorf("the older one is not shown: %q", s.Texts())
	}
	x.mu.Lock()
	x.fails = true
	x.mu.Unlock()
	s.Press("F9")
	s.Press("1")
	s.Until("why not", func() bool { return s.Reads("Nada cambió desde la revisión 2") && p.build.busy == "" })
	s.Resize(stage.Small)
	for range 2 {
		s.Press("F2")
		s.Fits("a small window")
	}
}

var _ page.Page = (*press)(nil)
