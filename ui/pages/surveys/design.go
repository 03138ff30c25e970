package surveys

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/app/poll"
	"punto/ui/look"
	"punto/ui/page"
)

// What the middle card shows.
const (
	aQuestion = iota
	theSample
	theResults
)

// design is the page of one survey at a time: its questions, who is asked, how it looks
// on a telephone, and what came of it.
type design struct {
	k       *page.Kit
	all     []app.Named[desk.Survey]
	id      desk.ID
	s       desk.Survey
	edited  bool
	list    *look.List
	form    *page.Form
	shows   int
	lang    int // of the preview
	month   time.Time
	by      int // cut of the results
	results *app.SurveyResultsAnswer
	asked   page.Latest
	card    int // that a small window shows
}

// Kind is the page of surveys, on a tab of the analysis.
func Kind() page.Kind {
	return page.Kind{Name: "surveys", Word: "survey.title", Key: "Ctrl T", Place: page.Tab, Under: "analysis",
		For: []desk.Role{desk.SupervisorRole, desk.AnalystRole, desk.AdministratorRole, desk.ViewerRole}, Make: func(k *page.Kit) page.Page { return newDesign(k) }}
}

func newDesign(k *page.Kit) *design {
	now := k.Now().In(k.Zone())
	d := &design{k: k, month: time.Date(now.Year(), now.Month(), 1, 12, 0, 0, 0, time.UTC)}
	d.list = k.List(look.Column{Title: k.T("survey.questions")}, look.Column{Title: k.T("survey.when"), Width: 150, Least: 90})
	d.list.RowH = 44
	d.list.Len = func() int { return len(d.s.Questions) }
	d.list.Row = d.row
	d.list.OnSelect = func(int) { d.turn(aQuestion) }
	d.list.OnOpen = func(int) { d.turn(aQuestion); d.form.Focus() }
	d.take(app.Named[desk.Survey]{Of: first()})
	return d
}

// first is what a survey that is made anew asks.
func first() desk.Survey {
	say := func(es, en, pt string) map[string]string { return map[string]string{"es": es, "en": en, "pt": pt} }
	return desk.Survey{Name: "Satisfacción al cerrar el caso", Delay: 7200, PersonDay: 7, Expire: 7, Remind: 3, Follow: 2, Questions: []desk.SurveyQuestion{
		{Code: "q1", Kind: desk.ScaleQuestion, Required: true, Words: say("¿Qué tan conforme quedó?", "How satisfied are you?", "Quão satisfeito ficou?")},
		{Code: "q2", Kind: desk.YesNoQuestion, Required: true, Words: say("¿Su problema quedó resuelto?", "Was your problem solved?", "O seu problema foi resolvido?")},
		{Code: "q3", Kind: desk.TextQuestion, When: "q2", Is: []int{2}, Words: say("¿Qué quedó sin resolver?", "What is still not solved?", "O que ficou sem resolver?")},
		{Code: "q4", Kind: desk.NPSQuestion, Words: say("¿Recomendaría la mesa de ayuda?", "Would you recommend the help desk?", "Recomendaria a central de ajuda?")}}}
}

func (d *design) take(x app.Named[desk.Survey]) {
	d.id, d.s, d.edited, d.results = x.ID, x.Of, false, nil
	d.s.Questions = slices.Clone(x.Of.Questions)
	d.list.Selected = 0
	d.turn(aQuestion)
}

// Show implements page.Page.
func (d *design) Show(any) { d.Changed() }

// Changed asks for the surveys; what is being edited stays.
func (d *design) Changed() {
	page.Ask(d.k, app.Surveys{}, func(a app.SurveysAnswer) {
		d.all = a.Rows
		if d.edited {
			return
		}
		i := slices.IndexFunc(a.Rows, func(x app.Named[desk.Survey]) bool { return x.ID == d.id })
		if i < 0 && len(a.Rows) > 0 {
			i = 0
		}
		if i >= 0 && !d.form.Focused() {
			at, shows := d.list.Selected, d.shows
			d.take(a.Rows[i])
			d.list.Selected = min(at, max(0, len(d.s.Questions)-1))
			d.turn(shows)
		}
		d.k.Refresh()
	})
}

// Relabel implements the change of the language.
func (d *design) Relabel() {
	d.list.Columns[0].Title, d.list.Columns[1].Title = d.k.T("survey.questions"), d.k.T("survey.when")
	d.turn(d.shows)
}

// turn shows another thing in the middle.
func (d *design) turn(to int) {
	d.shows = to
	switch to {
	case aQuestion:
		d.form = page.NewForm(d.k, d.ofQuestion(), d.changed)
	case theSample:
		d.form = page.NewForm(d.k, d.ofSample(), d.changed)
	default:
		d.ask()
	}
	d.k.Refresh()
}

func (d *design) changed() {
	d.edited = true
	d.list.Refresh()
	d.k.Refresh()
}

func (d *design) ask() {
	q := app.SurveyResults{Month: d.month.Format("2006-01"), Survey: d.id, By: cuts[d.by]}
	page.AskLatest(d.k, &d.asked, q, func(a app.SurveyResultsAnswer) {
		d.results = &a
		d.k.Refresh()
	})
}

var cuts = []string{"group", "agent", "category", "site", "way"}

func (d *design) at() *desk.SurveyQuestion {
	if i := d.list.Selected; i < len(d.s.Questions) {
		return &d.s.Questions[i]
	}
	return &desk.SurveyQuestion{}
}

func (d *design) row(p *look.Painter, i int, _, y, _, _ float32, xs []float32) {
	q := d.s.Questions[i]
	p.TextFit(xs[0], y+2, xs[1]-xs[0]-8, 22, fmt.Sprintf("%d. %s", i+1, q.Said(d.k.Words.Lang)), look.Style{Bold: true})
	p.TextFit(xs[0]+18, y+21, xs[1]-xs[0]-26, 20, kindOf(d.k, q), look.Style{Size: 12, Color: p.Muted})
	if q.When == "" {
		p.TextFit(xs[1], y, xs[2]-xs[1], 44, d.k.T("survey.always"), look.Style{Size: 12, Color: p.Muted})
	} else {
		p.Label(xs[1], y+22, look.Fit(d.condition(q), xs[2]-xs[1]-24, look.Style{Size: 12, Bold: true}))
	}
}

// condition is when a question is asked, as people write it: "2 = 2"; "" = always.
func (d *design) condition(q desk.SurveyQuestion) string {
	i := slices.IndexFunc(d.s.Questions, func(x desk.SurveyQuestion) bool { return x.Code == q.When })
	if q.When == "" || i < 0 {
		return ""
	}
	var is []string
	for _, v := range q.Is {
		is = append(is, strconv.Itoa(v))
	}
	return fmt.Sprintf("%d = %s", i+1, strings.Join(is, ", "))
}

// setCondition reads what condition writes.
func (d *design) setCondition(q *desk.SurveyQuestion, s string) error {
	if s = strings.TrimSpace(s); s == "" {
		q.When, q.Is = "", nil
		return nil
	}
	on, values, ok := strings.Cut(s, "=")
	i, err := strconv.Atoi(strings.TrimSpace(on))
	if !ok || err != nil || i < 1 || i > d.list.Selected {
		return errors.New("survey.badWhen")
	}
	var is []int
	for v := range strings.SplitSeq(values, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(v))
		if err != nil {
			return errors.New("survey.badWhen")
		}
		is = append(is, n)
	}
	q.When, q.Is = d.s.Questions[i-1].Code, is
	return nil
}

func (d *design) ofQuestion() []page.Input {
	k, q := d.k, d.at()
	words := func(word, lang string) page.Input {
		return page.Input{Word: k.T(word), Get: func() string { return q.Words[lang] }, Set: func(s string) error {
			next := map[string]string{lang: strings.TrimSpace(s)}
			for l, w := range q.Words {
				if l != lang {
					next[l] = w
				}
			}
			if q.Words = next; lang == "es" && next[lang] == "" {
				return errors.New("survey.noWords")
			}
			return nil
		}}
	}
	in := []page.Input{words("survey.es", "es"), words("survey.en", "en"), words("survey.pt", "pt"),
		{Word: k.T("survey.answer"), Options: []string{k.T("survey.required"), k.T("survey.optional")}, Get: func() string {
			if q.Required {
				return "1"
			}
			return "2"
		}, Set: func(s string) error { q.Required = s == "1"; return nil }},
		{Word: k.T("survey.when"), Hint: k.T("survey.whenHint"), Get: func() string { return d.condition(*q) }, Set: func(s string) error { return d.setCondition(q, s) }}}
	if q.Kind == desk.ChoiceQuestion {
		in = append(in, page.Input{Word: k.T("survey.options"), Hint: k.T("survey.optionsHint"), Get: func() string { return written(q.Options) }, Set: func(s string) error {
			if q.Options = options(s); len(q.Options) < 2 || len(q.Options) > poll.MaxOptions {
				return errors.New("survey.badOptions")
			}
			return nil
		}})
	}
	return in
}

// written are options as one line: "es / en / pt; es / en / pt".
func written(os []map[string]string) string {
	var out []string
	for _, o := range os {
		out = append(out, strings.TrimRight(o["es"]+" / "+o["en"]+" / "+o["pt"], " /"))
	}
	return strings.Join(out, "; ")
}

func options(s string) (os []map[string]string) {
	for one := range strings.SplitSeq(s, ";") {
		o := map[string]string{}
		for i, w := range strings.SplitN(one, "/", 3) {
			if w = strings.TrimSpace(w); w != "" {
				o[[]string{"es", "en", "pt"}[i]] = w
			}
		}
		if o["es"] != "" {
			os = append(os, o)
		}
	}
	return os
}

func (d *design) ofSample() []page.Input {
	k, s := d.k, &d.s
	number := func(word string, most int, get func() int, set func(int)) page.Input {
		return page.Input{Word: k.T(word), Get: func() string { return strconv.Itoa(get()) }, Set: func(t string) error {
			n, err := strconv.Atoi(strings.TrimSpace(t))
			if err != nil || n < 0 || n > most {
				return errors.New("survey.badNumber")
			}
			set(n)
			return nil
		}}
	}
	return []page.Input{{Word: k.T("survey.name"), Get: func() string { return s.Name }, Set: func(t string) error { s.Name = strings.TrimSpace(t); return nil }},
		{Word: k.T("survey.state"), Options: []string{k.T("survey.on"), k.T("survey.off")}, Get: func() string {
			if s.On {
				return "1"
			}
			return "2"
		}, Set: func(t string) error { s.On = t == "1"; return nil }},
		{Word: k.T("survey.address"), Hint: "http://10.7.0.1:7480", Get: func() string { return s.Address }, Set: func(t string) error { s.Address = strings.TrimSpace(t); return nil }},
		number("survey.every", 1000, func() int { return max(1, s.Every) }, func(n int) { s.Every = n }),
		number("survey.share", 100, func() int {
			if s.Share == 0 {
				return 100
			}
			return s.Share
		}, func(n int) { s.Share = n }),
		number("survey.person", poll.MaxDays, func() int { return s.PersonDay }, func(n int) { s.PersonDay = n }),
		number("survey.delay", 24*poll.MaxDays, func() int { return int(s.Delay / 3600) }, func(n int) { s.Delay = int64(n) * 3600 }),
		number("survey.expire", poll.MaxDays, func() int { return max(s.Expire, 0) }, func(n int) { s.Expire = n }),
		number("survey.remind", poll.MaxDays, func() int { return s.Remind }, func(n int) { s.Remind = n }),
		{Word: k.T("survey.except"), Hint: k.T("survey.exceptHint"), Get: func() string { return strings.Join(s.Except, ", ") }, Set: d.setExcept},
		number("survey.follow", 4, func() int { return s.Follow }, func(n int) { s.Follow = n }),
		{Word: k.T("survey.byMail"), Options: []string{k.T("word.no"), k.T("word.yes")}, Get: func() string {
			if s.Mail {
				return "2"
			}
			return "1"
		}, Set: func(t string) error { s.Mail = t == "2"; return nil }}}
}

// setExcept reads the codes of the categories that are left out.
func (d *design) setExcept(t string) error {
	var codes []string
	for c := range strings.SplitSeq(t, ",") {
		if c = strings.TrimSpace(c); c == "" {
			continue
		}
		if _, ok := d.k.Model.Category(c); !ok {
			return errors.New("survey.badExcept")
		}
		codes = append(codes, c)
	}
	d.s.Except = codes
	return nil
}

// First implements page.Page.
func (d *design) First() fyne.Focusable { return d.list }

// Tick implements page.Page.
func (d *design) Tick() {}

// Status implements page.Page.
func (d *design) Status() string {
	if d.edited {
		return d.k.T("survey.unsaved")
	}
	return d.k.T("survey.kept", "N", d.s.Version)
}

// Back steps out of the form, then of the results.
func (d *design) Back() bool {
	switch {
	case d.form.Focused():
		d.k.Focus(d.list)
	case d.shows != aQuestion:
		d.turn(aQuestion)
	default:
		return false
	}
	return true
}

func (d *design) writes() bool {
	r := d.k.State.Agent.Role
	return r == desk.SupervisorRole || r == desk.AnalystRole || r == desk.AdministratorRole || d.k.State.Me.IsZero()
}

// Actions implements page.Page.
func (d *design) Actions() []page.Action {
	k := d.k
	save := page.Action{Key: "F9", Word: k.T("survey.publish", "N", d.s.Version+1), Primary: true, Do: d.save}
	if p := poll.Check(d.s); p != nil {
		save.Off = k.Words.Failure(p.Form, said(p.Args))
	} else if !d.writes() {
		save.Off = k.T("survey.readOnly")
	}
	as := []page.Action{save, {Key: "F3", Word: k.T("survey.other"), Do: d.other}, {Key: "F6", Word: k.T("survey.results"), Do: func() { d.turn(theResults) }}, {Key: "F7", Word: k.T("survey.sample"), Do: func() { d.turn(theSample); d.form.Focus() }},
		{Key: "Ctrl N", Word: k.T("survey.add"), Do: d.add}, {Key: "F5", Word: k.T("survey.kind"), Do: d.cycle}, {Key: "Alt ↑", Word: k.T("survey.up"), Hidden: true, Do: func() { d.move(-1) }}, {Key: "Alt ↓", Word: k.T("survey.down"), Hidden: true, Do: func() { d.move(1) }},
		{Key: "F8", Word: k.T("survey.remove"), Do: d.remove}, {Key: "F12", Word: k.T("survey.lang"), Hidden: true, Do: func() { d.lang = (d.lang + 1) % 3; k.Refresh() }},
		{Key: "F2", Word: k.T("do.card"), Hidden: true, Do: func() { d.card = (d.card + 1) % 3; k.Refresh() }}}
	if d.shows == theResults {
		as = append(as, page.Action{Key: "F4", Word: k.T("survey.by"), Do: func() { d.by = (d.by + 1) % len(cuts); d.ask() }}, page.Action{Key: "Alt ←", Word: k.T("survey.prev"), Hidden: true, Do: func() { d.month = d.month.AddDate(0, -1, 0); d.ask() }},
			page.Action{Key: "Alt →", Word: k.T("survey.next"), Hidden: true, Do: func() { d.month = d.month.AddDate(0, 1, 0); d.ask() }})
	}
	return as
}

func said(args []any) (out []string) {
	for _, a := range args {
		out = append(out, fmt.Sprint(a))
	}
	return out
}

func (d *design) save() {
	d.k.Do(app.SaveSurvey{ID: d.id, Survey: d.s}, func(r app.Receipt) {
		d.id, d.edited = r.ID, false
		d.k.Tell(d.k.T("survey.saved"), false)
		d.Changed()
	}, nil)
}

// other brings up the next survey, and after the last a new one.
func (d *design) other() {
	i := slices.IndexFunc(d.all, func(x app.Named[desk.Survey]) bool { return x.ID == d.id }) + 1
	if i < len(d.all) {
		d.take(d.all[i])
	} else {
		d.take(app.Named[desk.Survey]{Of: first()})
		d.edited = true
	}
}

func (d *design) add() {
	if len(d.s.Questions) == poll.MaxQuestions {
		d.k.Tell(d.k.T("survey.full", "N", poll.MaxQuestions), true)
		return
	}
	n := len(d.s.Questions) + 1
	for slices.ContainsFunc(d.s.Questions, func(q desk.SurveyQuestion) bool { return q.Code == fmt.Sprint("q", n) }) {
		n++
	}
	d.s.Questions = append(d.s.Questions, desk.SurveyQuestion{Code: fmt.Sprint("q", n), Kind: desk.ScaleQuestion, Words: map[string]string{}})
	d.list.Selected = len(d.s.Questions) - 1
	d.turn(aQuestion)
	d.changed()
	d.form.Focus()
}

// cycle makes another kind of the question.
func (d *design) cycle() {
	q := d.at()
	if q.Kind = q.Kind%desk.TextQuestion + 1; q.Kind == desk.ChoiceQuestion && len(q.Options) == 0 {
		q.Options = options("Sí / Yes / Sim; No / No / Não")
	}
	d.turn(aQuestion)
	d.changed()
}

func (d *design) move(by int) {
	i, to := d.list.Selected, d.list.Selected+by
	if to < 0 || to >= len(d.s.Questions) || i >= len(d.s.Questions) {
		return
	}
	d.s.Questions[i], d.s.Questions[to] = d.s.Questions[to], d.s.Questions[i]
	d.list.Selected = to
	d.turn(aQuestion)
	d.changed()
}

func (d *design) remove() {
	i := d.list.Selected
	if i >= len(d.s.Questions) {
		return
	}
	code := d.s.Questions[i].Code
	d.s.Questions = slices.Delete(d.s.Questions, i, i+1)
	for j := range d.s.Questions {
		if q := &d.s.Questions[j]; q.When == code {
			q.When, q.Is = "", nil
		}
	}
	d.list.Selected = max(0, min(i, len(d.s.Questions)-1))
	d.turn(aQuestion)
	d.changed()
}
