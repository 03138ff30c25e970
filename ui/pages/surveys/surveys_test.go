package surveys

import (
	"context"
	"image/png"
	"os"
	"strings"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui/stage"
)

// stand is a window on the pages of surveys, with the bar pages that they stand under.
func stand(t *testing.T) *stage.Stage {
	t.Helper()
	slip := func(_ context.Context, _, kase desk.ID) (string, error) {
		return "encuesta-" + kase.String() + ".pdf", nil
	}
	_, calls := stage.NewLobby("calls")
	_, analysis := stage.NewLobby("analysis")
	s := stage.New(t, true, stage.With("attend", calls, analysis, Read(slip), Kind()))
	s.Run(app.RequireFields{Fields: []string{desk.RequiresNothing}})
	s.SignIn()
	return s
}

// picture keeps the screen as a file where somebody wants to look at it.
func picture(t *testing.T, s *stage.Stage, name string) {
	t.Helper()
	dir := os.Getenv("PUNTO_PICTURES")
	if dir == "" {
		return
	}
	f, err := os.Create(dir + "/" + name + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := png.Encode(f, s.Canvas.Capture()); err != nil {
		t.Fatal(err)
	}
}

// asked is a survey that asks about one case of Rosa's at once.
func asked(s *stage.Stage) (survey, kase desk.ID) {
	x := first()
	x.On, x.Delay = true, 0
	survey = s.Run(app.SaveSurvey{Survey: x}).ID
	kase = s.Run(app.OpenCase{Opened: desk.Opened{Subject: "No imprime en despacho", Person: s.Rosa()}}).ID
	s.Run(app.ResolveCase{Case: kase, Text: "se reinició la cola"})
	s.Run(app.InviteSurvey{Survey: survey, Case: kase, Way: desk.SlipWay})
	return survey, kase
}

func TestAnAgentReadsASurveyByDigits(t *testing.T) {
	s := stand(t)
	_, kase := asked(s)
	s.Press("Ctrl G")
	s.Until("who is to be called", func() bool { return s.Reads("Llame al 4471") })
	s.Press("F11")
	s.Until("the slip", func() bool { return s.Says("encuesta-" + kase.String() + ".pdf") })
	s.OneMeaning("who is to be called")
	for _, want := range []string{"Rosa Quispe Mamani", "Llame al 4471", "¿Qué tan conforme quedó?", "Encuestas por leer"} {
		if !s.Reads(want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	s.Press("Enter")
	s.OneMeaning("a question")
	if s.Asked() == nil || s.Asked().Word != "¿Qué tan conforme quedó?" {
		t.Fatalf("asked is %+v", s.Asked())
	}
	s.Press("2")
	s.Press("1")
	s.Reply("11")
	if s.Asked() == nil {
		t.Fatal("11 of 10 was taken")
	}
	picture(t, s, "reading")
	s.Press("Esc")
	s.Press("Alt ←")
	if s.Asked() == nil || !strings.Contains(s.Asked().Word, "resuelto") {
		t.Fatalf("corrected is %+v", s.Asked())
	}
	s.Press("2")
	if !strings.Contains(s.Asked().Word, "sin resolver") {
		t.Fatalf("after a no, asked is %q", s.Asked().Word)
	}
	s.Reply("El tóner")
	s.Reply("")
	s.Until("it is kept", func() bool { return s.Says("guardada") })
	a := stage.Answer[app.SurveyResultsAnswer](s, app.SurveyResults{Month: "2026-11", By: "way"})
	if len(a.Said) != 1 || a.Said[0].Text != "El tóner" || a.Said[0].Score != 2 || a.Rows[0].Name != "telephone" {
		t.Errorf("kept is %+v", a)
	}
	s.Until("nobody is left", func() bool { return s.Reads("Nadie por encuestar.") })
	if row := s.Newest(); !strings.Contains(row.Subject, "puso 2 de 5") {
		t.Errorf("a low score leads to %q", row.Subject)
	}
}

func TestAnAnalystMakesASurvey(t *testing.T) {
	s := stand(t)
	s.Press("Ctrl T")
	s.Come("a survey")
	s.OneMeaning("a survey")
	for range 2 {
		s.Press("Ctrl N")
	}
	d := s.Page().(*design)
	d.form.Texts[0].SetText("¿Por dónde prefiere?")
	d.form.Texts[0].OnChanged("¿Por dónde prefiere?")
	for range 3 {
		s.Press("F5")
	}
	if q := d.at(); q.Kind != desk.ChoiceQuestion || q.Said("en") != "¿Por dónde prefiere?" {
		t.Fatalf("made is %+v", q)
	}
	d.form.Texts[4].OnChanged("1 = 1, 2")
	if d.at().When != "q1" || !s.Says("faltan textos") {
		t.Errorf("the condition is %+v; the page says %q", d.at(), s.Texts())
	}
	d.form.Texts[4].OnChanged("9 = 1")
	if d.form.Wrong() != "survey.badWhen" {
		t.Errorf("a condition on a later question: %q", d.form.Wrong())
	}
	s.Press("Alt ↑")
	s.Press("Alt ↓")
	d.list.Select(4)
	s.Press("F8")
	picture(t, s, "design")
	s.Press("F7")
	d.form.Texts[0].OnChanged("Al cerrar")
	d.form.Texts[9].OnChanged("nada.asi")
	if d.form.Wrong() != "survey.badExcept" {
		t.Errorf("a category that is none: %q", d.form.Wrong())
	}
	d.form.Texts[9].OnChanged(" cuentas.clave, ")
	d.form.Texts[10].OnChanged("5")
	if d.form.Wrong() == "" {
		t.Error("a score of 5 is followed")
	}
	d.form.Texts[2].OnChanged("http://mesa:7480")
	d.form.Texts[10].OnChanged("1")
	picture(t, s, "sample")
	s.Press("F9")
	s.Until("published", func() bool { return s.Says("Publicada") })
	rows := stage.Answer[app.SurveysAnswer](s, app.Surveys{}).Rows
	if len(rows) != 1 || rows[0].Of.Name != "Al cerrar" || len(rows[0].Of.Questions) != 5 || len(rows[0].Of.Except) != 1 || rows[0].Of.Follow != 1 || rows[0].Of.Address != "http://mesa:7480" || rows[0].Of.Version != 1 {
		t.Errorf("kept is %+v", rows)
	}
	s.Press("Ctrl N")
	if a := s.Actions()[0]; a.Off == "" {
		t.Error("a question without words may be published")
	}
}

func TestResultsStandByACut(t *testing.T) {
	s := stand(t)
	survey, kase := asked(s)
	token := s.Run(app.InviteSurvey{Survey: survey, Case: kase, Way: desk.PageWay}).Secret
	s.Run(app.AnswerSurvey{Token: token, Replies: []desk.Reply{{Question: "q1", Value: 4}, {Question: "q2", Value: 2}, {Question: "q3", Text: "La guía sale, pero tarda."}, {Question: "q4", Value: 9}}})
	s.Press("Ctrl T")
	s.Come("the survey")
	s.Press("F6")
	s.Until("the results", func() bool { return s.Reads("La guía sale") })
	for _, want := range []string{"100,0 %", "1 / 1", "La guía sale", "4 / 5"} {
		if !s.Reads(want) {
			t.Errorf("the results do not say %q: %q", want, s.Texts())
		}
	}
	picture(t, s, "results")
	for range cuts {
		s.Press("F4")
		s.Come("another cut")
	}
	s.Press("Alt ←")
	s.Until("the month before", func() bool { return s.Says("Sin invitaciones") })
	s.Resize(stage.Small)
	for range 3 {
		s.Press("F2")
		s.Fits("a small window")
	}
}
