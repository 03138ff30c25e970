package reports

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"sync"
	"testing"

	"punto/reports/scene"
)

var keep = flag.String("keep", "", "folder in which the sample's PDF is left to be looked at")

func pdfOf(t testing.TB, m Month) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WritePDF(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheSameMonthTwiceIsTheSameFile(t *testing.T) {
	first := pdfOf(t, sample())
	if *keep != "" {
		if err := os.WriteFile(*keep+"/sample.pdf", first, 0o644); err != nil {
			t.Fatal(err)
		}
		for name, m := range months() {
			if err := os.WriteFile(*keep+"/"+name+".pdf", pdfOf(t, m), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if again := pdfOf(t, sample()); sha256.Sum256(again) != sha256.Sum256(first) {
				t.Errorf("a second writing differs: %d and %d bytes", len(again), len(first))
			}
		})
	}
	wg.Wait()
	other := sample()
	other.Calls.Offered++
	if bytes.Equal(pdfOf(t, other), first) {
		t.Error("another month gave the same file")
	}
	if !bytes.Contains(first, []byte("/Lang (es)")) {
		t.Error("the file does not state its language")
	}
}

// months are the ones that layouts must survive.
func months() map[string]Month {
	full := sample()
	long := sample()
	long.Client = strings.Repeat("Compañía Minera ", 20)
	long.Lead = strings.Repeat("Palabra muy larga y otra más. ", 60)
	long.Headline = strings.Repeat("Titular ", 40)
	for i := range long.Rows {
		long.Rows[i].Name += strings.Repeat(" y algo más", 9)
		long.Rows[i].Measures += strings.Repeat(" ÷ otra", 20)
	}
	for i := range long.Frequent {
		long.Frequent[i].Name = strings.Repeat("W", 90)
	}
	for i := range long.Proposals {
		long.Proposals[i].Evidence = strings.Repeat("evidencia ", 60)
		long.Proposals[i].Action = strings.Repeat("Supercalifragilístico", 20)
	}
	empty := Month{Month: full.Month, IssuedAt: full.IssuedAt}
	noProposals := sample()
	noProposals.Proposals = nil
	busy := sample()
	for d := range busy.HeatByHour {
		for h := range busy.HeatByHour[d] {
			busy.HeatByHour[d][h] = 12345 + 100*d + h
		}
	}
	for len(busy.Frequent) < 120 {
		busy.Frequent = append(busy.Frequent, busy.Frequent[0])
		busy.Rows = append(busy.Rows, busy.Rows[1])
	}
	plain := sample()
	plain.Tiles, plain.Proposals = nil, nil
	for i := range plain.Rows {
		plain.Rows[i].Op, plain.Rows[i].State = None, Derive
	}
	english, portuguese := sample(), sample()
	english.Lang, portuguese.Lang = "en", "pt-BR"
	return map[string]Month{"full": full, "long": long, "empty": empty, "no proposals": noProposals, "busy": busy, "no targets": plain, "english": english, "portuguese": portuguese}
}

func TestNoTextsOverlapAndEachStaysInItsPanel(t *testing.T) {
	for name, m := range months() {
		for i, s := range layout(m) {
			checkTexts(t, name, i, s)
		}
	}
}

func checkTexts(t *testing.T, name string, page int, s *scene.Scene) {
	t.Helper()
	var texts []*scene.Text
	for _, op := range s.Ops {
		if op.Text != nil {
			texts = append(texts, op.Text)
		}
	}
	for i, a := range texts {
		panel := s.Panels[a.Panel]
		if !panel.Rect.Contains(a.Bounds(), 0.35) {
			t.Errorf("%s, page %d: %q %v leaves panel %q %v", name, page+1, a.S, a.Bounds(), panel.Name, panel.Rect)
		}
		for _, b := range texts[:i] {
			if a.Bounds().Overlaps(b.Bounds(), 0.1) {
				t.Errorf("%s, page %d: %q and %q overlap", name, page+1, a.S, b.S)
			}
		}
	}
}

func TestStatesAreNeverCut(t *testing.T) {
	for name, m := range months() {
		for _, s := range layout(m) {
			for _, op := range s.Ops {
				if op.Text != nil && strings.HasSuffix(op.Text.S, "…") && op.Text.X > colState && op.Text.X < right && op.Text.Align == scene.Left && op.Text.Size == 7.6 {
					t.Errorf("%s: state printed as %q", name, op.Text.S)
				}
			}
		}
	}
}

func TestEmptyMonthSaysSoAndStillPrints(t *testing.T) {
	m := months()["empty"]
	var all strings.Builder
	for _, s := range layout(m) {
		for _, op := range s.Ops {
			if op.Text != nil {
				all.WriteString(op.Text.S + "\n")
			}
		}
	}
	for _, want := range []string{"Sin llamadas registradas", "Sin casos registrados", "Sin índices", "Sin actividades", "Sin observaciones", "no trae definiciones"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("the empty month does not say %q", want)
		}
	}
	if strings.Contains(all.String(), "%") {
		t.Error("an empty month prints a percentage")
	}
	pdfOf(t, m)
}

func TestUnroundedValueDecidesAndRoundingDoesNotHideIt(t *testing.T) {
	r := IndexRow{Target: 0.95, Op: AtLeast, Unit: Share, Value: ptr(0.9496), Den: 10000, Num: 9496}
	if got := r.Verdict(); got != Missed {
		t.Fatalf("94.96 %% against 95 %% is %q", got)
	}
	if got := es.value(r.Value, r.Unit, r.Shown()); got != "94,96 %" {
		t.Errorf("printed %q", got)
	}
	r.Value = ptr(0.95)
	if r.Verdict() != Met || es.value(r.Value, r.Unit, r.Shown()) != "95,0 %" {
		t.Error("the target itself keeps the promise, with one decimal")
	}
	r.MinN, r.Den = 30, 29
	if r.Verdict() != NotJudged {
		t.Error("29 of a minimum of 30 was judged")
	}
	r.Value = nil
	if r.Verdict() != NoData || es.value(r.Value, r.Unit, 1) != "-" {
		t.Error("an empty denominator must print -")
	}
}

func TestNumbersAsEachLanguageWritesThem(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{es.Number(8412, 0), "8412"}, {es.Number(84120, 0), "84\u00a0120"}, {en.Number(84120, 0), "84,120"}, {pt.Number(1234567.5, 1), "1.234.567,5"},
		{es.value(ptr(0.834), Share, 1), "83,4 %"}, {en.value(ptr(0.834), Share, 1), "83.4%"}, {es.value(ptr(342.0), Seconds, 0), "5:42"},
		{es.value(ptr(3725.0), Seconds, 0), "1:02:05"}, {es.value(ptr(59.7), Seconds, 0), "1:00"}, {es.Number(-0.04, 1), "0,0"}, {es.Number(-1.2, 1), "−1,2"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestConclusionFollowsFromTheFigures(t *testing.T) {
	headline, lead := Conclude(sample())
	if headline != "Se cumplen 8 de 9 compromisos; incumple OLA de resolutores" {
		t.Errorf("headline %q", headline)
	}
	for _, want := range []string{"subió 6,1 %", "91,6 % frente a ≥ 95,0 %, 920 de 1004", "Casos dentro de SLA", "Sin datos para juzgar: NPS"} {
		if !strings.Contains(lead, want) {
			t.Errorf("lead %q lacks %q", lead, want)
		}
	}
}

func TestAnIdentityThatDoesNotHoldIsPrinted(t *testing.T) {
	m := sample()
	if m.Calls.Gap() != 0 {
		t.Fatalf("the sample's identity is off by %d", m.Calls.Gap())
	}
	m.Calls.Answered -= 3
	found := false
	for _, op := range layout(m)[1].Ops {
		found = found || op.Text != nil && op.Text.S == "no cierra: diferencia de 3"
	}
	if !found {
		t.Error("three calls are missing and the report does not say so")
	}
}

func TestAContradictedStateIsRefused(t *testing.T) {
	m := sample()
	m.Rows[6].State = Met
	if err := WritePDF(&bytes.Buffer{}, m); err == nil || !strings.Contains(err.Error(), "ola") {
		t.Errorf("a missed OLA was printed as met: %v", err)
	}
}

func TestEveryWordHasThreeLanguages(t *testing.T) {
	for key, w := range words {
		for l, s := range w {
			if s == "" || strings.Count(s, "{") != strings.Count(w[0], "{") {
				t.Errorf("%q in %s: %q", key, lang(l).tag(), s)
			}
		}
	}
}

func TestJSONReadsBackTheSame(t *testing.T) {
	var b bytes.Buffer
	if err := WriteJSON(&b, sample()); err != nil {
		t.Fatal(err)
	}
	var m Month
	if err := json.Unmarshal(b.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(pdfOf(t, m), pdfOf(t, sample())) {
		t.Error("the month read back prints another report")
	}
}

func TestPageOutsideTheReportIsAnError(t *testing.T) {
	n, err := Pages(sample())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Page(sample(), n, 100); err == nil {
		t.Error("page after the last was drawn")
	}
	img, err := Page(sample(), 0, 420)
	if err != nil || img.Bounds().Dx() != 420 || img.Bounds().Dy() != 594 {
		t.Errorf("page 1: %v %v", img.Bounds(), err)
	}
}

func BenchmarkPDF(b *testing.B) {
	m := sample()
	for b.Loop() {
		b.SetBytes(int64(len(pdfOf(b, m))))
	}
}

func BenchmarkPageToScreen840(b *testing.B) {
	m := sample()
	for b.Loop() {
		if _, err := Page(m, 0, 840); err != nil {
			b.Fatal(err)
		}
	}
}
