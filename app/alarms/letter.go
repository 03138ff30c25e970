package alarms

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/mail"
	"punto/app/promises"
	"punto/app/records"
)

// Rungs that say so are told by mail too: one letter for each agent and alarm or, where
// many come at once, one for all of them.

// storm is from how many alarms at once on an agent has one letter of them all.
const storm = 4

// phrase is what letters of alarms say in a language.
type phrase struct{ one, many, clock, asks, line, due string }

var phrases = map[string]phrase{
	"es": {one: "Caso %s: %s", many: "%d casos piden su atención", clock: "%s, prioridad %d: %s.\n", asks: "Reconózcalo en la mesa antes de las %s; si no, se avisa a la instancia siguiente.\n", line: "%s  %s (%s)\n", due: "Vence %s.\n"},
	"en": {one: "Case %s: %s", many: "%d cases ask for your attention", clock: "%s, priority %d: %s.\n", asks: "Acknowledge it at the desk before %s; else the next rung is told.\n", line: "%s  %s (%s)\n", due: "Due %s.\n"},
	"pt": {one: "Caso %s: %s", many: "%d casos pedem a sua atenção", clock: "%s, prioridade %d: %s.\n", asks: "Reconheça-o na mesa antes das %s; senão, avisa-se a instância seguinte.\n", line: "%s  %s (%s)\n", due: "Vence %s.\n"},
}

// clockNames are what the clocks are called.
var clockNames = map[string]map[string]string{
	"es": {"take_up": "Toma", "resolve": "Resolución", "next_answer": "Respuesta", "ola": "Acuerdo de la unidad", "supplier": "Acuerdo del proveedor"},
	"en": {"take_up": "Take-up", "resolve": "Resolution", "next_answer": "Answer", "ola": "Unit's agreement", "supplier": "Supplier's agreement"},
	"pt": {"take_up": "Atendimento", "resolve": "Resolução", "next_answer": "Resposta", "ola": "Acordo da unidade", "supplier": "Acordo do fornecedor"},
}

// reached says how far a clock is.
func reached(lang string, a desk.Alarm) string {
	words := map[string][4]string{"es": {"nadie reconoció la instancia anterior", "%d %% del plazo", "%s antes de vencer", "%s después de vencer"},
		"en": {"nobody acknowledged the rung before", "%d %% of the time", "%s before it falls due", "%s after it fell due"},
		"pt": {"ninguém reconheceu a instância anterior", "%d %% do prazo", "%s antes de vencer", "%s depois de vencer"}}[lang]
	d := (time.Duration(max(a.Offset, -a.Offset)) * time.Second).String()
	switch {
	case a.Unacked:
		return words[0]
	case a.Percent > 0:
		return fmt.Sprintf(words[1], a.Percent)
	case a.Offset < 0:
		return fmt.Sprintf(words[2], d)
	}
	return fmt.Sprintf(words[3], d)
}

// toldByMail is an alarm that was just written and goes by mail.
type toldByMail struct {
	id desk.ID
	of desk.Alarm
}

// letters writes the letters of the alarms that a command has written.
func letters(o *engine.Op, all []toldByMail) error {
	by := map[desk.ID][]toldByMail{}
	for _, x := range all {
		for _, to := range x.of.To {
			by[to] = append(by[to], x)
		}
	}
	for _, to := range slices.SortedFunc(maps.Keys(by), func(a, b desk.ID) int { return bytes.Compare(a[:], b[:]) }) {
		if err := letterTo(o, to, by[to]); err != nil {
			return err
		}
	}
	return nil
}

func letterTo(o *engine.Op, to desk.ID, all []toldByMail) error {
	agent, err := engine.Noun[desk.Agent](o.Names, desk.AgentType, to)
	if err != nil {
		return err
	}
	if can, err := mail.Reaches(o.Names, agent.Email); err != nil || !can {
		return err
	}
	d, err := records.Desk(o.Names)
	if err != nil {
		return err
	}
	lang := d.Lang
	if i := slices.IndexFunc(agent.Langs, func(l string) bool { _, ok := phrases[l]; return ok }); i >= 0 {
		lang = agent.Langs[i]
	}
	if _, ok := phrases[lang]; !ok {
		lang = "es"
	}
	zone, err := time.LoadLocation(promises.OrUTC(d.Zone))
	if err != nil {
		zone = time.UTC
	}
	say := phrases[lang]
	if len(all) >= storm {
		slices.SortFunc(all, func(a, b toldByMail) int { return bytes.Compare(a.id[:], b.id[:]) })
		var text strings.Builder
		ids := []string{"letter", "alarms", to.String()}
		numbers := map[desk.ID]bool{}
		for _, x := range all {
			v, err := cases.Read(o.Tx, x.of.Case)
			if err != nil {
				return err
			}
			kind, _, _ := strings.Cut(x.of.Clock, "/")
			fmt.Fprintf(&text, say.line, v.Case.Number, v.Case.Subject, clockNames[lang][kind]+": "+reached(lang, x.of))
			ids, numbers[x.of.Case] = append(ids, x.id.String()), true
		}
		_, err := mail.Write(o, desk.DerivedID(ids...), desk.Letter{To: agent.Email, Lang: lang, Subject: fmt.Sprintf(say.many, len(numbers)), Text: engine.Begins(text.String(), desk.MaxText)})
		return err
	}
	for _, x := range all {
		v, err := cases.Read(o.Tx, x.of.Case)
		if err != nil {
			return err
		}
		kind, _, _ := strings.Cut(x.of.Clock, "/")
		text := v.Case.Subject + "\n\n" + fmt.Sprintf(say.clock, clockNames[lang][kind], v.Case.Priority, reached(lang, x.of))
		if v.Due > 0 && v.Next.ID != "" {
			text += fmt.Sprintf(say.due, v.Next.Due.In(zone).Format("02/01/2006 15:04"))
		}
		if x.of.AckDue > 0 {
			text += fmt.Sprintf(say.asks, time.UnixMilli(x.of.AckDue).In(zone).Format("15:04"))
		}
		if _, err := mail.Write(o, desk.DerivedID("letter", "alarm", x.id.String(), to.String()), desk.Letter{To: agent.Email, Lang: lang, Thread: "case " + x.of.Case.String(),
			Subject: fmt.Sprintf(say.one, v.Case.Number, cmp.Or(v.Case.Subject, reached(lang, x.of))), Text: text, About: cases.Entity(x.of.Case)}); err != nil {
			return err
		}
	}
	return nil
}
