package reports

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"punto/app/tally"
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
	partial := sample()
	partial.IssuedAt = time.Date(2026, 10, 20, 9, 30, 0, 0, partial.Month.Location())
	partial.DataClosed = partial.IssuedAt
	english, portuguese := sample(), sample()
	english.Lang, portuguese.Lang = "en", "pt-BR"
	return map[string]Month{"full": full, "long": long, "empty": empty, "no proposals": noProposals, "busy": busy, "no targets": plain, "english": english, "partial": partial, "portuguese": portuguese}
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
	for _, want := range []string{"Sin llamadas registradas", "Sin casos registrados", "Sin índices", "Ningún reloj llegó", "Sin respuestas de encuestas", "Ningún índice se apartó", "Sin propuestas en curso", "Sin observaciones", "no trae definiciones"} {
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

// At its very edge each rule says what it says beside it.
func TestTheEdgesOfTheRules(t *testing.T) {
	for _, c := range []struct {
		name string
		row  IndexRow
		want State
	}{
		{"at least its target", IndexRow{Op: AtLeast, Target: 10, Value: ptr(10.0)}, Met},
		{"at most its target", IndexRow{Op: AtMost, Target: 10, Value: ptr(10.0)}, Met},
		{"above at most", IndexRow{Op: AtMost, Target: 10, Value: ptr(10.1)}, Missed},
		{"met by its margin", IndexRow{Op: AtMost, Target: 10, Value: ptr(8.0), Margin: 2}, AtRisk},
		{"met by more", IndexRow{Op: AtMost, Target: 10, Value: ptr(7.9), Margin: 2}, Met},
		{"as many as must be", IndexRow{Op: AtLeast, Target: 0.5, Value: ptr(0.6), Den: 30, MinN: 30}, Met},
		{"one less", IndexRow{Op: AtLeast, Target: 0.5, Value: ptr(0.6), Den: 29, MinN: 30}, NotJudged},
	} {
		if got := c.row.Verdict(); got != c.want {
			t.Errorf("%s is %q", c.name, got)
		}
	}
	missed := IndexRow{ID: "x", Op: AtLeast, Target: 10, Value: ptr(9.0), State: NotJudged}
	if missed.check() == nil {
		t.Error("a missed promise is taken out")
	}
	if missed.Value = ptr(11.0); missed.check() != nil {
		t.Error("a kept promise cannot be left unjudged:", missed.check())
	}
	if g := (Flow{Offered: 31, Answered: 16, Abandoned: 8, Busy: 4, Overflow: 2, Withdrawn: 1}).Gap(); g != 0 {
		t.Errorf("each part of what was offered counts: %d is left", g)
	}
	if g := (Flowed{Before: 1, Opened: 2, Reopened: 4, Resolved: 8, Cancelled: 16, After: -17}).Gap(); g != 0 {
		t.Errorf("each event counts in a backlog: %d is left", g)
	}
	m := sample()
	end := time.Date(m.Month.Year(), m.Month.Month()+1, 1, 0, 0, 0, 0, m.Month.Location())
	for before, part := range map[time.Duration]bool{0: false, time.Minute: false, 2 * time.Minute: true} {
		if m.DataClosed = end.Add(-before); m.Partial() != part {
			t.Errorf("data that end %v before the month: a part %v", before, !part)
		}
	}
	if m.Headline = "Dicho por quien lo emite"; m.settled().Headline != m.Headline {
		t.Error("another headline than the caller's is printed")
	}
	if a, b := es.clock(3599, 0), es.clock(3600, 0); a != "59:59" || b != "1:00:00" {
		t.Errorf("an hour is written %q after %q", b, a)
	}
	if s := es.change(IndexRow{Value: ptr(5.0), Previous: ptr(0.0)}); s != "" {
		t.Errorf("from nothing it changed by %q", s)
	}
	for now, want := range map[float64]string{90: es.fill("demand down", "10,0 %", "90"), 110: es.fill("demand up", "10,0 %", "110"), 100: es.fill("demand same", "100")} {
		m.Calls, m.Tiles = Flow{Offered: int(now)}, nil
		m.Rows = []IndexRow{{ID: "offered", Value: ptr(now), Previous: ptr(100.0)}}
		if got := es.demand(m); got != want {
			t.Errorf("%v calls after 100: %q", now, got)
		}
	}
	p := &press{m: Month{Rows: []IndexRow{{ID: "plain"}, {ID: "promised", Op: AtLeast}}}}
	if first, _ := p.firstAndRest(); first[0].ID != "promised" {
		t.Error("a figure without a promise comes first")
	}
	for n, long := range map[int]bool{shownReasons: false, shownReasons + 1: true} {
		if p.m.Frequent = make([]Count, n); p.longList() != long {
			t.Errorf("%d reasons: an annex %v", n, !long)
		}
	}
}

func TestNumbersAsEachLanguageWritesThem(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{es.Number(8412, 0), "8412"}, {es.Number(84120, 0), "84\u00a0120"}, {en.Number(84120, 0), "84,120"}, {pt.Number(1234567.5, 1), "1.234.567,5"},
		{es.value(ptr(0.834), Share, 1), "83,4 %"}, {en.value(ptr(0.834), Share, 1), "83.4%"}, {es.value(ptr(342.0), Seconds, 0), "5:42\u00a0min"},
		{es.value(ptr(3725.0), Seconds, 0), "1:02:05\u00a0h"}, {es.value(ptr(59.7), Seconds, 0), "1:00\u00a0min"}, {es.value(ptr(3599.6), Seconds, 0), "1:00:00\u00a0h"}, {es.Number(-0.04, 1), "0,0"}, {es.Number(-1.2, 1), "−1,2"},
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

// texts are the lines of each page.
func texts(m Month) (pages [][]string) {
	for _, s := range layout(m) {
		var page []string
		for _, op := range s.Ops {
			if op.Text != nil {
				page = append(page, op.Text.S)
			}
		}
		pages = append(pages, page)
	}
	return pages
}

func said(page []string, part string) bool {
	return slices.ContainsFunc(page, func(s string) bool { return strings.Contains(strings.ToLower(s), strings.ToLower(part)) })
}

func TestAPartMonthSaysSoOnEveryPage(t *testing.T) {
	for i, page := range texts(months()["partial"]) {
		if !said(page, "parcial, hasta el 20 de octubre de 2026, 09:30") {
			t.Errorf("page %d does not say that the month is not over: %q", i+1, page)
		}
	}
	for i, page := range texts(sample()) {
		if said(page, "parcial") {
			t.Errorf("page %d of a whole month says that it is partial", i+1)
		}
	}
}

func TestEveryIndexHasItsWords(t *testing.T) {
	for _, f := range tally.New(tally.Rules{}).Figures(nil) {
		for _, tag := range []string{"es", "en", "pt"} {
			if w, ok := Describe(f.ID, tag); !ok || w.Name == "" || w.Short == "" || w.Formula == "" {
				t.Errorf("%s has no words in %s: %+v", f.ID, tag, w)
			}
		}
	}
}

// What the product itself writes on page 1 is never cut: names of indices in
// tiles and rows, formulas and what a figure rests on.
func TestNoWordOfOursIsCutOnTheFirstPage(t *testing.T) {
	promised := []string{"service_level_strict", "pct_abandoned", "pct_lost", "average_call_time", "asa", "solved_online", "sla_take_up", "sla_resolve", "ola", "reopen_rate"}
	for _, tag := range []string{"es", "en", "pt"} {
		for start := range promised { // each comes into a tile once
			m := sample()
			m.Lang, m.Tiles, m.Rows, m.Proposals = tag, nil, nil, nil
			for i := range promised[:9] {
				id := promised[(start+i)%len(promised)]
				w, _ := Describe(id, tag)
				r := IndexRow{ID: id, Name: w.Name, Short: w.Short, Measures: w.Measures(), Op: AtLeast, Target: 0.95, Unit: Share, Value: ptr(0.9871), Num: 12345, Den: 12506, Maybe: 1234}
				if id == "average_call_time" || id == "asa" {
					r.Op, r.Unit, r.Target, r.Value, r.Num = AtMost, Seconds, 360, ptr(342.0), 4222652
					r.Maybe, r.N, r.Median, r.P90 = 0, ptr(12345), ptr(301.0), ptr(702.0)
				}
				m.Rows = append(m.Rows, r)
			}
			for _, s := range texts(m)[0] {
				if strings.HasSuffix(s, "…") && !strings.HasPrefix(s, "Se cumple") && !strings.Contains(s, "«") {
					t.Errorf("%s: printed as %q", tag, s)
				}
			}
		}
	}
}

func TestPageOneSaysWhatEachFigureRestsOn(t *testing.T) {
	page := texts(sample())[0]
	for _, want := range []string{"6931 de 8412", "n 7978 · mediana 4:50 · p90 9:12\u00a0min", "3916 de 5500 · 41 provisionales"} {
		if !said(page, want) {
			t.Errorf("page 1 lacks %q: %q", want, page)
		}
	}
	all := texts(sample())
	if !said(slices.Concat(all...), "Resuelto en línea: provisional hasta el 7 de noviembre de 2026; 41 casos") {
		t.Error("the report does not tell what is provisional, and until when")
	}
}

// A figure has as many decimals in the annex as in its table, and what is reported most
// fills its column: the rest put together is no reason.
func TestTheAnnexAndTheBarsAreOfTheSameFigures(t *testing.T) {
	m := sample()
	m.Rows = []IndexRow{{ID: "x", Target: 0.95, Op: AtLeast, Unit: Share, Value: ptr(0.9496), Num: 9496, Den: 10000}}
	m.Definitions = []Definition{{ID: "x", Num: 9496, Den: ptr(10000.0), Value: ptr(0.9496), Unit: Share}}
	if last := texts(m); !said(last[len(last)-1], "94,96 %") {
		t.Errorf("the annex rounds otherwise: %q", last[len(last)-1])
	}
	m.Frequent = []Count{{Name: "Impresoras", N: 10}, {Name: "Otros", N: 100, Others: true}}
	var bars []float64
	for _, op := range layout(m)[2].Ops {
		if op.Path == nil {
			continue
		}
		least, most := math.Inf(1), 0.0
		for _, seg := range op.Path.Segs {
			if seg.Verb != scene.Close {
				least, most = min(least, seg.P[0].X), max(most, seg.P[0].X)
			}
		}
		if math.Abs(least-colBar) < 0.5 && most < colN {
			bars = append(bars, most-least)
		}
	}
	if len(bars) != 2 || math.Abs(bars[0]-barWidth) > 1 {
		t.Errorf("the first reason fills %v of %v", bars, barWidth)
	}
}

// What is reported most stands as a short table; the whole list is an annex.
// What a contract is followed by is printed: who missed what, and what came of what was
// proposed.
func TestPromisesArePrintedInTheirParts(t *testing.T) {
	var all strings.Builder
	for _, s := range layout(sample()) {
		for _, op := range s.Ops {
			if op.Text != nil {
				all.WriteString(op.Text.S + "\n")
			}
		}
	}
	for _, want := range []string{"La prioridad 3 Media concentra los vencidos: 169 de sus 3250 casos resueltos.", "101 de 120", "84,2 %", "Redes y comunicaciones tiene 61 de los 84 vencidos.", "78,4 %",
		"Se avisó 560 veces. 165 pedían reconocer; 141 se reconocieron a tiempo.", "84,6 %", "18,1 %", "«Todo bien»", "Desvíos que los días anteriores no hacían esperar: 2.", "sube poco a poco", "logrado", "no logrado", "en curso"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("the report does not say %q", want)
		}
	}
}

// A missed promise stands on the first page with what is proposed about it.
func TestAMissedPromiseStandsWithItsProposal(t *testing.T) {
	m := sample()
	m.Proposals = nil
	m.Commitments = []Commitment{{ID: "ola", Title: "Guardia de Redes hasta las 20 h", Owner: "Jefatura de Redes", Due: "15/12", To: 0.95, AtLeast: true, Unit: Share, Verdict: "waiting"},
		{ID: "asa", Title: "Otra cosa", Owner: "Nadie", Due: "15/12", Verdict: "waiting"}}
	var first strings.Builder
	for _, op := range layout(m)[0].Ops {
		if op.Text != nil {
			first.WriteString(op.Text.S + "\n")
		}
	}
	for _, want := range []string{"Guardia de Redes", "Jefatura de", "15/12 · ≥ 95,0"} {
		if !strings.Contains(first.String(), want) {
			t.Errorf("the first page does not say %q", want)
		}
	}
	if strings.Contains(first.String(), "Otra cosa") {
		t.Error("a promise stands with the proposal of another index")
	}
}

func TestALongListOfReasonsIsAnAnnex(t *testing.T) {
	m := sample()
	m.Frequent = nil
	for i := range 37 {
		m.Frequent = append(m.Frequent, Count{Name: fmt.Sprintf("Motivo %02d", i), N: 100 - i, Share: ptr(0.02), Cum: ptr(0.02 * float64(i+1))})
	}
	pages := texts(m)
	if !said(pages[2], "Motivo 11") || said(pages[2], "Motivo 12") || !said(pages[2], "Otr") || !said(pages[2], "anexo B") {
		t.Errorf("the page of cases: %q", pages[2])
	}
	if last := pages[len(pages)-1]; !said(last, "Anexo B") || !said(last, "Motivo 36") {
		t.Errorf("the last page: %q", last)
	}
}

func TestTheIdentityOfTheCasesIsShown(t *testing.T) {
	m := sample()
	if g := m.Cases.Gap(); g != 0 {
		t.Fatalf("the sample's identity is off by %d", g)
	}
	if page := texts(m)[2]; !said(page, "31 pendientes más") || !said(page, "6217") {
		t.Errorf("the page of cases: %q", page)
	}
	m.Cases.Resolved--
	if !said(texts(m)[2], "no cierra") {
		t.Error("a resolution is missing and the report does not say so")
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
	once := sample()
	once.Revision, once.SettledAt = 0, time.Time{}
	if err := WriteJSON(&b, once); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"0001-01-01", `"revision": 0`, `"state": ""`} {
		if strings.Contains(b.String(), wrong) {
			t.Errorf("the JSON says %s", wrong)
		}
	}
	var m Month
	if err := json.Unmarshal(b.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(pdfOf(t, m), pdfOf(t, once)) {
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

// Nothing that stands in a column of its own is cut, in any language.
func TestNamesAndSmallSamplesFit(t *testing.T) {
	for l := range lang(3) {
		for id, w := range indexWords {
			if got := scene.Width(scene.Bold, 8, w.name[l]); got > colFormula-left-2 {
				t.Errorf("%s: %q takes %.1f of %.1f mm", id, w.name[l], got, colFormula-left-2.0)
			}
		}
		const tile = (content-2.8*4)/5 - 5
		if few := l.fill("few short", "29", "30"); scene.Width(scene.Regular, 7, few) > tile {
			t.Errorf("%q does not fit a tile", few)
		}
	}
}

// Cases of which no reason is known have no reason in common.
func TestAnUnknownReasonIsNotTheTop(t *testing.T) {
	m := sample()
	m.Lang = "en"
	all := 1.0
	m.Frequent = []Count{{Name: Word("", "en"), N: 6, Share: &all, Cum: &all}}
	p := &press{m: m, l: language("en")}
	if got := p.paretoTitle(); got != p.l.t("frequent") {
		t.Error(got)
	}
}
