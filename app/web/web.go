// Package web is the page on which a user answers a survey with a browser of the local
// network. It answers and nothing else: one form behind each single-use token, without a
// script, a cookie or anything from elsewhere; whoever has no token learns nothing. It is
// for the coordinator's service and off unless somebody turns it on.
package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
)

// Limits of what a browser may send and ask for.
const (
	maxBody     = 32 << 10 // a form of texts of 500 letters each, written as %XX
	maxHeader   = 8 << 10
	maxAtOnce   = 32 // requests being answered
	maxDuration = 10 * time.Second
)

// Page serves the surveys of a desk.
type Page struct {
	Desk   app.Desk
	Logger *slog.Logger     // nil is silent
	Now    func() time.Time // nil is time.Now

	gate gate
	busy chan struct{}
}

// Serve answers until ctx ends.
func (p *Page) Serve(ctx context.Context, l net.Listener) error {
	s := &http.Server{Handler: p.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: maxDuration, WriteTimeout: maxDuration, IdleTimeout: 30 * time.Second,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), BaseContext: func(net.Listener) context.Context { return ctx }}
	done := make(chan struct{})
	go func() {
		defer close(done)
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		_ = s.Shutdown(last) // what is still being answered then is cut off
		_ = s.Close()
	}()
	err := s.Serve(l)
	if ctx.Err() != nil {
		<-done
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Handler is the page for a server of the caller's.
func (p *Page) Handler() http.Handler {
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	p.busy = make(chan struct{}, maxAtOnce)
	return http.HandlerFunc(p.answer)
}

// answer is every request: its limits, and that whatever happens is told as a page.
func (p *Page) answer(w http.ResponseWriter, r *http.Request) {
	lang := language(r)
	nonce := make([]byte, 16)
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	v := view{Lang: lang, W: said[lang], Nonce: hex.EncodeToString(nonce)}
	headers(w.Header(), v.Nonce)
	defer func() {
		if x := recover(); x != nil { // of what nobody foresaw a user is told that it is to be tried again
			p.Logger.Error("answer a survey", "panic", fmt.Sprint(x))
			p.tell(w, r, http.StatusServiceUnavailable, v, v.W.later, v.W.laterWhy)
		}
	}()
	who, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		who = r.RemoteAddr
	}
	if wait := p.gate.wait(who, p.Now()); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(wait))
		p.tell(w, r, http.StatusTooManyRequests, v, v.W.later, v.W.laterWhy)
		return
	}
	select {
	case p.busy <- struct{}{}:
		defer func() { <-p.busy }()
	default:
		w.Header().Set("Retry-After", "2")
		p.tell(w, r, http.StatusServiceUnavailable, v, v.W.later, v.W.laterWhy)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), maxDuration)
	defer cancel()
	p.route(w, r.WithContext(ctx), v, who)
}

// route knows two addresses: that of a token, and that of thanks.
func (p *Page) route(w http.ResponseWriter, r *http.Request, v view, who string) {
	token, ok := strings.CutPrefix(r.URL.Path, "/e/")
	if r.URL.Path == "/gracias" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		p.tell(w, r, http.StatusOK, v, v.W.thanks, v.W.thanksWhy)
		return
	}
	if !ok || len(token) != 26 {
		p.gate.wrong(who, p.Now())
		p.tell(w, r, http.StatusNotFound, v, v.W.wrong, v.W.wrongWhy)
		return
	}
	x, err := p.Desk.Ask(r.Context(), app.SurveyForm{Token: token})
	if err != nil {
		p.failed(w, r, v, who, err)
		return
	}
	a, ok := x.(app.SurveyFormAnswer)
	if !ok {
		panic(fmt.Sprintf("a form is answered as %T", x))
	}
	if !r.URL.Query().Has("l") && slices.Contains(languages, a.Lang) { // the user's own, until another is chosen
		v.Lang, v.W = a.Lang, said[a.Lang]
	}
	v.Desk, v.Client = a.Desk, a.Client
	switch {
	case a.Answered:
		p.tell(w, r, http.StatusGone, v, v.W.used, v.W.usedWhy)
	case a.Expired:
		p.tell(w, r, http.StatusGone, v, v.W.expired, v.W.expiredWhy)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		v.form(&a, token, nil)
		p.show(w, r, http.StatusOK, v)
	case r.Method == http.MethodPost:
		p.take(w, r, v, &a, token, who)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		p.tell(w, r, http.StatusMethodNotAllowed, v, v.W.wrong, v.W.wrongWhy)
	}
}

// take reads the form that was sent and gives it to the desk.
func (p *Page) take(w http.ResponseWriter, r *http.Request, v view, a *app.SurveyFormAnswer, token, who string) {
	if err := new(http.CrossOriginProtection).Check(r); err != nil {
		p.tell(w, r, http.StatusForbidden, v, v.W.wrong, v.W.wrongWhy)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		status := http.StatusBadRequest
		if errors.As(err, &large) {
			status = http.StatusRequestEntityTooLarge
		}
		p.tell(w, r, status, v, v.W.bad, v.W.badWhy)
		return
	}
	rs := replies(a.Questions, r.PostForm)
	_, err := p.Desk.Do(r.Context(), app.AnswerSurvey{Token: token, Lang: v.Lang, Replies: rs})
	switch {
	case err == nil:
		http.Redirect(w, r, "/gracias?l="+v.Lang, http.StatusSeeOther)
	case app.CodeOf(err) == app.Invalid:
		v.form(a, token, rs)
		v.Wrong = v.W.missing
		p.show(w, r, http.StatusUnprocessableEntity, v)
	default:
		p.failed(w, r, v, who, err)
	}
}

// failed tells why there is no form, and no more than that.
func (p *Page) failed(w http.ResponseWriter, r *http.Request, v view, who string, err error) {
	switch app.CodeOf(err) {
	case app.NotFound, app.Invalid:
		p.gate.wrong(who, p.Now())
		p.tell(w, r, http.StatusNotFound, v, v.W.wrong, v.W.wrongWhy)
	case app.Conflict:
		p.tell(w, r, http.StatusGone, v, v.W.used, v.W.usedWhy)
	default:
		p.Logger.Warn("answer a survey", "err", err)
		w.Header().Set("Retry-After", "30")
		p.tell(w, r, http.StatusServiceUnavailable, v, v.W.later, v.W.laterWhy)
	}
}

// headers let a browser do nothing but show the page and send its form back.
func headers(h http.Header, nonce string) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+nonce+"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("X-Robots-Tag", "noindex, nofollow")
}

var languages = []string{"es", "en", "pt"}

// language is the one that was chosen, else the browser's first that there is.
func language(r *http.Request) string {
	if l := r.URL.Query().Get("l"); slices.Contains(languages, l) {
		return l
	}
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		l, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		l, _, _ = strings.Cut(strings.ToLower(l), "-")
		if slices.Contains(languages, l) {
			return l
		}
	}
	return "es"
}

// replies are the answers of a form: fields a0, a1, ... by the place of the question.
func replies(qs []desk.SurveyQuestion, form map[string][]string) (rs []desk.Reply) {
	for i, q := range qs {
		values := form[fmt.Sprint("a", i)]
		if len(values) == 0 || values[0] == "" {
			continue
		}
		x := desk.Reply{Question: q.Code}
		if q.Kind == desk.TextQuestion {
			x.Text = plain(values[0])
		} else {
			n, err := strconv.Atoi(values[0])
			if err != nil || n < 0 || n > 99 {
				n = 99 // answers nothing: the desk says so
			}
			x.Value = n
		}
		rs = append(rs, x)
	}
	return rs
}

// plain is a text as the desk takes it: ends of lines as \n, and no other control
// characters.
func plain(s string) string {
	s = strings.ToValidUTF8(s, "�")
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, s)
}
