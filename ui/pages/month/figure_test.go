package month

import (
	"context"
	"errors"
	"slices"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/app/tally"
	"punto/ui/page"
	"punto/ui/stage"
)

// A report is written from the window in the format that is chosen, of the contract that
// stands there; it tells how far it is, and can be cancelled.
func TestAReportIsWrittenFromTheWindow(t *testing.T) {
	var asked []string
	var of []app.Month
	goOn := make(chan struct{})
	write := func(ctx context.Context, q app.Month, formats []string, progress func(done, all int)) ([]string, error) {
		asked, of = formats, append(of, q)
		progress(3, 14)
		select {
		case <-goOn:
			return []string{"/mesa/informes/a.xlsx"}, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	s := stage.New(t, true, []page.Kind{Kind(write)})
	s.Run(app.SaveContract{Contract: desk.Contract{Code: "C-002", Client: "Puerto Sur", Zone: "America/Lima"}})
	s.Open("admin", stage.Password)
	s.Come("the month")
	s.Until("both contracts are known", func() bool { return s.Reads("Otro contrato") })
	s.Press("F9")
	s.Press("2")
	s.Until("it tells how far it is", func() bool { return s.Says("Escribiendo el informe: 3 de 14") })
	if !slices.Equal(asked, []string{"xlsx"}) || of[0].Month != "2026-11" {
		t.Fatalf("asked for %q of %+v", asked, of)
	}
	s.Press("F8")
	s.Until("it is cancelled", func() bool { return s.Says("Informe cancelado") })
	s.Press("F3")
	s.Until("the other contract stands there", func() bool { return s.Reads("Puerto Sur") })
	close(goOn)
	s.Press("F9")
	s.Press("5")
	s.Until("it is written", func() bool { return s.Says("/mesa/informes/a.xlsx") })
	if !slices.Equal(asked, formats) || !of[0].Contract.IsZero() || of[1].Contract.IsZero() {
		t.Errorf("asked for %q of %+v", asked, of)
	}
	if errors.Is(context.Cause(s.Session()), context.Canceled) {
		t.Error("whoever cancels a report is signed out")
	}
}

// A figure is opened to how it is made, its months and its parts, which add up to it in
// every cut.
func TestAFigureIsOpenedToItsParts(t *testing.T) {
	s := stage.New(t, true, []page.Kind{Kind(nil)})
	for i := range 3 {
		s.Run(app.OpenCase{Opened: desk.Opened{Person: s.Rosa(), Subject: "Sin red", Impact: 1 + i, Urgency: 1 + i}})
	}
	s.Open("admin", stage.Password)
	s.Come("the month")
	x := newFigure(s.Kit(), app.Month{Month: s.Now().UTC().Format("2006-01")}, figureOf(t, s, "cases_opened"), "Octubre 2026")
	s.Kit().Over(x)
	for i, cut := range app.Cuts {
		s.Until("the parts by "+cut, func() bool { return x.a != nil && x.a.By == cut })
		sum := 0.0
		for _, p := range x.parts {
			sum += p.f.Num
		}
		if cut == "queue" || cut == "call_type" { // no case has them
			sum = 3
		}
		if len(x.parts) > 0 && !s.Says("Las partes suman 3 de 3") {
			t.Errorf("by %s it says %q", cut, s.Texts())
		}
		if sum != 3 {
			t.Errorf("by %s the parts add up to %v of 3", cut, sum)
		}
		if i < len(app.Cuts)-1 {
			s.Press("Alt →")
		}
	}
	s.Press("Alt →")
	s.Until("the first cut again", func() bool { return x.a != nil && x.a.By == app.Cuts[0] })
	s.Until("13 months", func() bool { return x.months[0].known })
	if len(x.months) != history || x.months[history-1].f.Num != 3 || !s.Says("Casos abiertos") || !s.Says("Las partes suman 3 de 3") {
		t.Errorf("it says %q", s.Texts())
	}
	s.Press("Esc")
	s.Until("the month stands there again", func() bool { return s.Reads("Mes anterior") })
}

// figureOf is an index of the month that stands there.
func figureOf(t *testing.T, s *stage.Stage, id string) tally.Figure {
	t.Helper()
	a := stage.Answer[app.MonthAnswer](s, app.Month{Month: s.Now().UTC().Format("2006-01")})
	f, ok := of(a.Indices, id)
	if !ok {
		t.Fatalf("there is no %s", id)
	}
	return f
}
