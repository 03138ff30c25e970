package web

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/poll"
)

//go:embed page.html
var source string

var sheet = template.Must(template.New("page").Parse(source))

// view is one page as the sheet shows it.
type view struct {
	Lang, Nonce  string
	W            phrases
	Desk, Client string
	Token        string

	Title, Text string // of a page that only tells something

	Case, Until, Follow string
	Wrong               string
	Questions           []question
}

// question is one as the sheet shows it. On are the ids of the answers that bring it up;
// it is hidden by style alone, where a browser can.
type question struct {
	N                    int // from 1
	Name, Text           string
	Required, NPS, Area  bool
	Options              []option
	Low, High, Said, Bad string
	Conditional          bool
	On                   []string
	Class                string
	Limit                int
}

type option struct {
	ID, Value, Text string
	Checked         bool
}

// Languages are the links to the others.
func (v view) Languages() (out []option) {
	for i, name := range []string{"Español", "English", "Português"} {
		out = append(out, option{Value: languages[i], Text: name, Checked: languages[i] == v.Lang})
	}
	return out
}

// form fills a view with the questions, and with what was answered so far.
func (v *view) form(a *app.SurveyFormAnswer, token string, rs []desk.Reply) {
	zone, err := time.LoadLocation(a.Zone)
	if err != nil {
		zone = time.UTC
	}
	at := func(ms int64) string { return time.UnixMilli(ms).In(zone).Format("02/01/2006 15:04") }
	v.Token, v.Title = token, v.W.title
	v.Case = fmt.Sprintf("%s · %s · %s %s", a.Number, a.Subject, v.W.solved, at(a.SolvedAt))
	v.Until = fmt.Sprintf(v.W.until, at(a.ExpiresAt))
	if a.Follow > 0 {
		v.Follow = fmt.Sprintf(v.W.follow, a.Follow)
	}
	asked := poll.Asked(a.Questions, rs)
	for i, q := range a.Questions {
		x := question{N: i + 1, Name: fmt.Sprint("a", i), Text: q.Said(v.Lang), Required: q.Required && q.When == "", NPS: q.Kind == desk.NPSQuestion, Area: q.Kind == desk.TextQuestion,
			Class: fmt.Sprint("k", int(q.Kind)), Limit: poll.MaxReply}
		given, value := "", -1
		for _, r := range rs {
			if r.Question == q.Code {
				given, value = r.Text, r.Value
			}
		}
		x.Said = given
		for _, o := range optionsOf(q, v) {
			o.ID = fmt.Sprintf("a%d-%s", i, o.Value)
			o.Checked = o.Value == fmt.Sprint(value)
			x.Options = append(x.Options, o)
		}
		switch q.Kind {
		case desk.ScaleQuestion:
			x.Low, x.High = v.W.low, v.W.high
		case desk.NPSQuestion:
			x.Low, x.High = v.W.never, v.W.surely
		}
		if q.When != "" {
			x.Conditional = true
			on := slices.IndexFunc(a.Questions, func(y desk.SurveyQuestion) bool { return y.Code == q.When })
			for _, is := range q.Is {
				x.On = append(x.On, fmt.Sprintf("a%d-%d", on, is))
			}
		}
		if rs != nil && q.Required && slices.ContainsFunc(asked, func(y desk.SurveyQuestion) bool { return y.Code == q.Code }) && value < 0 && strings.TrimSpace(given) == "" {
			x.Bad = v.W.required
		}
		v.Questions = append(v.Questions, x)
	}
}

func optionsOf(q desk.SurveyQuestion, v *view) (out []option) {
	numbers := func(from, to int) {
		for n := from; n <= to; n++ {
			out = append(out, option{Value: fmt.Sprint(n), Text: fmt.Sprint(n)})
		}
	}
	switch q.Kind {
	case desk.ScaleQuestion:
		numbers(1, 5)
	case desk.YesNoQuestion:
		out = []option{{Value: "1", Text: v.W.yes}, {Value: "2", Text: v.W.no}}
	case desk.NPSQuestion:
		numbers(0, 10)
	case desk.ChoiceQuestion:
		for i, o := range q.Options {
			text := o[v.Lang]
			if text == "" {
				text = o["es"]
			}
			out = append(out, option{Value: fmt.Sprint(i + 1), Text: text})
		}
	}
	return out
}

// tell shows a page of one sentence.
func (p *Page) tell(w http.ResponseWriter, r *http.Request, status int, v view, title, text string) {
	v.Title, v.Text, v.Questions = title, text, nil
	p.show(w, r, status, v)
}

// show writes a page whole or, where it cannot be made, says that it is to be tried again.
func (p *Page) show(w http.ResponseWriter, r *http.Request, status int, v view) {
	var b bytes.Buffer
	if err := sheet.Execute(&b, v); err != nil {
		p.Logger.Error("make the page of a survey", "err", err)
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = b.WriteTo(w) // the browser may be gone
	}
}

// phrases are what the page says in a language.
type phrases struct {
	title, solved, until, follow                  string
	used, usedWhy, expired, expiredWhy            string
	wrong, wrongWhy, later, laterWhy, bad, badWhy string
	thanks, thanksWhy, missing, required, yes, no string
	low, high, never, surely                      string
	Help, Optional, Send, Private, Trace, Limit   string
}

var said = map[string]phrases{
	"es": {title: "¿Cómo le atendimos?", solved: "resuelto el", until: "Este enlace sirve una vez y vence el %s.", follow: "Si pone %d o menos, lo llamamos.",
		used: "Esta encuesta ya fue respondida", usedWhy: "Cada enlace sirve una vez. Gracias por su respuesta.", expired: "Esta encuesta venció", expiredWhy: "El plazo para responder terminó. La próxima vez será.",
		wrong: "Este enlace no sirve", wrongWhy: "Vea si lo copió entero, o vuelva a leer el código de la hoja.", later: "Intente de nuevo en un momento", laterWhy: "La mesa de ayuda está ocupada. Su enlace sigue sirviendo.",
		bad: "No se pudo leer su respuesta", badWhy: "Vuelva atrás y envíela de nuevo.", thanks: "Gracias", thanksWhy: "Su respuesta quedó guardada. Ya puede cerrar esta página.",
		missing: "Falta una respuesta, o alguna no sirve: vea las preguntas marcadas.", required: "Falta responder esta pregunta.", yes: "Sí", no: "No", low: "nada conforme", high: "muy conforme", never: "nunca", surely: "con seguridad",
		Help: "Mesa de ayuda", Optional: "opcional", Send: "Enviar respuestas", Private: "Su nombre no sale en los resultados. Quien lo atendió no ve lo que usted contesta.", Trace: "Página interna, sin rastreo; no guarda nada en su equipo.", Limit: "hasta %d letras"},
	"en": {title: "How did we do?", solved: "solved on", until: "This link works once and expires on %s.", follow: "If you give %d or less, we call you.",
		used: "This survey was answered already", usedWhy: "Each link works once. Thank you for your answer.", expired: "This survey has expired", expiredWhy: "The time to answer is over. Next time, perhaps.",
		wrong: "This link does not work", wrongWhy: "See whether you copied all of it, or scan the code of the slip again.", later: "Try again in a moment", laterWhy: "The help desk is busy. Your link still works.",
		bad: "Your answer could not be read", badWhy: "Go back and send it again.", thanks: "Thank you", thanksWhy: "Your answer is kept. You can close this page now.",
		missing: "An answer is missing or does not fit: see the marked questions.", required: "This question needs an answer.", yes: "Yes", no: "No", low: "not at all", high: "very satisfied", never: "never", surely: "surely",
		Help: "Help desk", Optional: "optional", Send: "Send answers", Private: "Your name is not in the results. Who served you does not see what you answer.", Trace: "Internal page, no tracking; it keeps nothing on your device.", Limit: "up to %d letters"},
	"pt": {title: "Como foi o atendimento?", solved: "resolvido em", until: "Este link serve uma vez e vence em %s.", follow: "Se der %d ou menos, ligamos para você.",
		used: "Esta pesquisa já foi respondida", usedWhy: "Cada link serve uma vez. Obrigado pela resposta.", expired: "Esta pesquisa venceu", expiredWhy: "O prazo para responder terminou. Fica para a próxima.",
		wrong: "Este link não serve", wrongWhy: "Veja se o copiou inteiro, ou leia de novo o código da folha.", later: "Tente de novo em um momento", laterWhy: "A central de ajuda está ocupada. O seu link continua servindo.",
		bad: "Não foi possível ler a sua resposta", badWhy: "Volte e envie de novo.", thanks: "Obrigado", thanksWhy: "A sua resposta foi guardada. Já pode fechar esta página.",
		missing: "Falta uma resposta, ou alguma não serve: veja as perguntas marcadas.", required: "Falta responder esta pergunta.", yes: "Sim", no: "Não", low: "nada satisfeito", high: "muito satisfeito", never: "nunca", surely: "com certeza",
		Help: "Central de ajuda", Optional: "opcional", Send: "Enviar respostas", Private: "O seu nome não aparece nos resultados. Quem o atendeu não vê o que você responde.", Trace: "Página interna, sem rastreamento; não guarda nada no seu aparelho.", Limit: "até %d letras"},
}
