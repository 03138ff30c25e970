package web_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/app/web"
	"punto/store"
)

// stand is a desk with a survey, and its page, on clocks that the test moves.
type stand struct {
	*testing.T
	e      *engine.Engine
	now    time.Time
	owner  context.Context
	survey desk.ID
	page   http.Handler
	ask    time.Time // the clock of the page's limits
}

func said(es, en, pt string) map[string]string {
	return map[string]string{"es": es, "en": en, "pt": pt}
}

func newStand(t *testing.T) *stand {
	t.Helper()
	log, err := store.Open(t.Context(), store.Options{Memory: &store.Memory{}})
	if err != nil {
		t.Fatal(err)
	}
	s := &stand{T: t, now: time.Date(2026, 11, 24, 19, 52, 0, 0, time.UTC)}
	s.ask = s.now
	if s.e, err = rooms.Open(t.Context(), engine.Config{Log: log, Now: func() time.Time { return s.now }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = s.e.Close(), log.Close() })
	s.owner = s.e.Owner(t.Context())
	s.do(app.CreateDesk{Name: "Minera Los Andes", Zone: "America/Lima", Password: "una clave larga"})
	s.do(app.RequireFields{Fields: []string{desk.RequiresNothing}})
	s.survey = s.do(app.SaveSurvey{Survey: desk.Survey{Name: "Al cerrar", On: true, Follow: 2, Questions: []desk.SurveyQuestion{
		{Code: "q1", Kind: desk.ScaleQuestion, Required: true, Words: said("¿Qué tan conforme quedó?", "How satisfied are you?", "Quão satisfeito ficou?")},
		{Code: "q2", Kind: desk.YesNoQuestion, Required: true, Words: said("¿Su problema quedó resuelto?", "Was your problem solved?", "O seu problema foi resolvido?")},
		{Code: "q3", Kind: desk.TextQuestion, When: "q2", Is: []int{2}, Words: said("¿Qué quedó sin resolver?", "What is still not solved?", "O que ficou sem resolver?")},
		{Code: "q4", Kind: desk.NPSQuestion, Words: said("¿La recomendaría?", "Would you recommend us?", "Recomendaria?")},
		{Code: "q5", Kind: desk.ChoiceQuestion, Words: said("¿Por dónde prefiere?", "Which way?", "Por onde?"), Options: []map[string]string{said("Teléfono", "Telephone", "Telefone"), said("<b>Correo</b>", "Mail", "E-mail")}}}}}).ID
	s.page = (&web.Page{Desk: s.e, Now: func() time.Time { return s.ask }}).Handler()
	return s
}

func (s *stand) do(c app.Command) app.Receipt {
	s.Helper()
	r, err := s.e.Do(s.owner, c)
	if err != nil {
		s.Fatalf("%s: %v", app.NameOf(c), err)
	}
	return r
}

// token is that of another user with a solved case.
func (s *stand) token() string {
	s.Helper()
	rosa := s.do(app.SavePerson{Person: desk.Person{Name: "Rosa"}}).ID
	id := s.do(app.OpenCase{Opened: desk.Opened{Subject: "No imprime en la impresora <de guías>", Person: rosa}}).ID
	s.do(app.ResolveCase{Case: id, Text: "listo"})
	return s.do(app.InviteSurvey{Survey: s.survey, Case: id, Way: desk.SlipWay}).Secret
}

// send asks as a browser does.
func (s *stand) send(method, path, body string, with ...string) *http.Response {
	s.Helper()
	r := httptest.NewRequest(method, "http://mesa:7480"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(with); i += 2 {
		r.Header.Set(with[i], with[i+1])
	}
	s.ask = s.ask.Add(time.Minute)
	w := httptest.NewRecorder()
	s.page.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAUserAnswersOnce(t *testing.T) {
	s := newStand(t)
	token := s.token()
	r := s.send("GET", "/e/"+token, "")
	page := text(t, r)
	for _, want := range []string{`<html lang="es">`, "¿Cómo le atendimos?", "Minera Los Andes", "A-0001-", "resuelto el 24/11/2026 14:52", "&lt;de guías&gt;", "&lt;b&gt;Correo&lt;/b&gt;", `form:has(#a1-2:checked) .c3{display:block`, "vence el 01/12/2026", "Si pone 2 o menos, lo llamamos."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	csp := r.Header.Get("Content-Security-Policy")
	if r.StatusCode != 200 || !strings.HasPrefix(csp, "default-src 'none'; style-src 'nonce-") || strings.Contains(page, "<script") || strings.Contains(page, " style=") || strings.Contains(page, "Rosa") {
		t.Errorf("%d, %q", r.StatusCode, csp)
	}
	for k, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Frame-Options": "DENY"} {
		if r.Header.Get(k) != want {
			t.Errorf("%s is %q", k, r.Header.Get(k))
		}
	}
	if page := text(t, s.send("GET", "/e/"+token+"?l=pt", "")); !strings.Contains(page, "Como foi o atendimento?") || !strings.Contains(page, "O que ficou sem resolver?") || !strings.Contains(page, `action="/e/`+token+`?l=pt"`) {
		t.Error("in Portuguese it is not whole")
	}
	r = s.send("POST", "/e/"+token+"?l=pt", "a0=4&a2=algo")
	if page := text(t, r); r.StatusCode != 422 || !strings.Contains(page, `role="alert"`) || !strings.Contains(page, "Falta responder esta pergunta.") || !strings.Contains(page, `id="a0-4" name="a0" value="4" checked`) {
		t.Errorf("half an answer: %d", r.StatusCode)
	}
	form := url.Values{"a0": {"4"}, "a1": {"2"}, "a2": {"La guía sale,\r\npero tarda.\x00"}, "a3": {"9"}, "a4": {"2"}, "a77": {"1"}}.Encode()
	if r := s.send("POST", "/e/"+token+"?l=pt", form, "Sec-Fetch-Site", "cross-site"); r.StatusCode != 403 {
		t.Errorf("a form of another page: %d", r.StatusCode)
	}
	if r = s.send("POST", "/e/"+token+"?l=pt", form); r.StatusCode != 303 || r.Header.Get("Location") != "/gracias?l=pt" {
		t.Fatalf("%d to %q: %s", r.StatusCode, r.Header.Get("Location"), text(t, r))
	}
	if page := text(t, s.send("GET", "/gracias?l=pt", "")); !strings.Contains(page, "Obrigado") {
		t.Error("nobody is thanked")
	}
	for _, method := range []string{"GET", "POST"} {
		if r := s.send(method, "/e/"+token, "a0=1&a1=1"); r.StatusCode != 410 || strings.Contains(text(t, r), "imprime") {
			t.Errorf("%s of a used token: %d", method, r.StatusCode)
		}
	}
	x, err := s.e.Ask(s.owner, app.SurveyResults{Month: "2026-11", By: "lang"})
	if err != nil {
		t.Fatal(err)
	}
	if a := x.(app.SurveyResultsAnswer); len(a.Said) != 1 || a.Said[0].Text != "La guía sale,\npero tarda." || a.Rows[0].Name != "pt" || a.Said[0].Way != desk.SlipWay {
		t.Errorf("kept is %+v", a)
	}
	late := s.token()
	s.now = s.now.Add(8 * 24 * time.Hour)
	if r := s.send("GET", "/e/"+late, ""); r.StatusCode != 410 || !strings.Contains(text(t, r), "venció") {
		t.Errorf("an expired token: %d", r.StatusCode)
	}
	for _, path := range []string{"/", "/e/", "/e/x", "/e/" + strings.Repeat("0", 26), "/e/" + late + "0", "/favicon.ico"} {
		if r := s.send("GET", path, ""); r.StatusCode != 404 {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

func TestHasteIsSlowedByAddress(t *testing.T) {
	s := newStand(t)
	token := s.token()
	one := func(path, from string) int {
		r := httptest.NewRequest("GET", path, nil)
		r.RemoteAddr = from + ":4000"
		w := httptest.NewRecorder()
		s.page.ServeHTTP(w, r)
		return w.Code
	}
	for range 7 {
		one("/e/"+strings.Repeat("7", 26), "10.7.0.9")
	}
	if got := one("/e/"+token, "10.7.0.9"); got != 429 {
		t.Errorf("after wrong tokens one may ask at once: %d", got)
	}
	if got := one("/e/"+token, "10.7.0.8"); got != 200 {
		t.Errorf("another waits too: %d", got)
	}
	s.ask = s.ask.Add(2 * time.Second)
	if got := one("/e/"+token, "10.7.0.9"); got != 200 {
		t.Errorf("after two seconds it waits on: %d", got)
	}
	busy := 0
	for i := range 1000 {
		if one("/gracias", fmt.Sprintf("10.8.%d.%d", i/250, i%250)) == 429 {
			busy++
		}
	}
	if busy < 500 {
		t.Errorf("a thousand at once from as many addresses: %d had to wait", busy)
	}
}

// Whatever is sent, the page answers, and never with 500.
func TestTenThousandHostileRequests(t *testing.T) {
	s := newStand(t)
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 3))
	tokens := []string{s.token(), s.token(), strings.Repeat("0", 26), "../../etc/passwd", "%00%ff", strings.Repeat("A", 3000), "'; DROP TABLE--", "{{.}}", ""}
	pick := func(xs ...string) string { return xs[r.IntN(len(xs))] }
	noise := func(n int) string {
		b := make([]byte, r.IntN(n))
		for i := range b {
			b[i] = byte(r.UintN(256))
		}
		return string(b)
	}
	seen := map[int]int{}
	for i := range 10_000 {
		s.ask = s.ask.Add(time.Duration(r.IntN(1200)) * time.Millisecond)
		body := pick("", "a0=4&a1=1", "a0=99999999999999999999&a1=-1", "a0=%zz", "a0=4&a0=5&a0=6", strings.Repeat("a=1&", 20_000), "a2="+strings.Repeat("%F0%9F%98%80", 600), noise(4000), url.QueryEscape(noise(500))+"="+url.QueryEscape(noise(900)), "a0=1&a1=2&a2="+url.QueryEscape(noise(300)))
		q := httptest.NewRequest("GET", "/", io.NopCloser(strings.NewReader(body)))
		q.Method = pick("GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "X"+strings.Repeat("Y", r.IntN(40)))
		q.URL = &url.URL{Path: pick("/e/", "/e/", "/e/", "/e/", "/gracias", "/", "/e//", "//e/", "") + pick(tokens...) + pick("", "", "", "/", "?", noise(20)), RawQuery: pick("", "l=pt", "l=xx", noise(60), "l=%ff&l=es", strings.Repeat("l=es&", 500))}
		q.RemoteAddr = pick("10.7.0.1:1", "[::1]:9", "", "x", noise(30))
		q.Header.Set("Content-Type", pick("application/x-www-form-urlencoded", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", ";;;", noise(20)))
		q.Header.Set("Accept-Language", pick("es", "pt-BR,pt;q=0.9", noise(200), strings.Repeat("zz,", 2000)))
		if r.IntN(9) == 0 {
			q.Header.Set("Origin", pick("null", "http://evil", noise(20)))
		}
		w := httptest.NewRecorder()
		s.page.ServeHTTP(w, q)
		seen[w.Code]++
		if w.Code == 500 || w.Code < 200 || w.Code > 503 || w.Header().Get("Content-Security-Policy") == "" {
			t.Fatalf("seed %d, request %d (%s %q with %q): %d", seed, i, q.Method, q.URL.Path, body[:min(80, len(body))], w.Code)
		}
	}
	t.Logf("seed %d: %v", seed, seen)
	if seen[404] == 0 || seen[429] == 0 || seen[410] == 0 && seen[422] == 0 {
		t.Errorf("the requests are poor: %v", seen)
	}
	good := s.token()
	if r := s.send("POST", "/e/"+good, "a0=5&a1=1"); r.StatusCode != 303 {
		t.Errorf("after all that a user gets %d", r.StatusCode)
	}
}

// broken is a desk that fails in ways that nobody foresaw.
type broken struct {
	app.Desk
	n int
}

func (b *broken) Ask(context.Context, app.Query) (app.Answer, error) {
	if b.n++; b.n%2 == 0 {
		panic("x")
	}
	return nil, io.ErrUnexpectedEOF
}

func TestWhatNobodyForesawIsTriedAgain(t *testing.T) {
	page := (&web.Page{Desk: &broken{}}).Handler()
	for range 4 {
		w := httptest.NewRecorder()
		page.ServeHTTP(w, httptest.NewRequest("GET", "/e/"+strings.Repeat("0", 26), nil))
		if w.Code != 503 || !strings.Contains(w.Body.String(), "Intente de nuevo") {
			t.Errorf("%d: %s", w.Code, w.Body)
		}
	}
}
