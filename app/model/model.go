// Package model is the service model that every new desk begins with:
// categories, priority matrix, groups, targets, pending reasons and canned texts
// in Spanish, English and Portuguese. It is pure and holds no state; whatever it
// proposes is edited in the desk afterwards.
package model

import (
	"time"

	"punto/app/desk"
	"punto/app/sla"
)

// Calendar is Monday to Friday from 8 to 18 in a zone.
func Calendar(zone string) sla.Calendar {
	c := sla.Calendar{Name: "Lunes a viernes de 8 a 18", Zone: zone, Version: 1}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Weekly[d] = []sla.Shift{{From: 8 * 3600, To: 18 * 3600}}
	}
	return c
}

// Contract promises by priority, in business time, and sets the goals of the
// monthly indices.
func Contract(client, zone string) desk.Contract {
	const minute, hour = 60, 3600
	return desk.Contract{Code: "C-001", Client: client, Zone: zone, Langs: []string{"es"}, ReopenDays: 7, ShortAbandon: 5, AnswerIn: 20, WrapUp: 600,
		Targets: []desk.Target{
			{Priority: 1, TakeUp: 15 * minute, Resolve: 4 * hour, OLA: 2 * hour},
			{Priority: 2, TakeUp: 30 * minute, Resolve: 8 * hour, OLA: 4 * hour},
			{Priority: 3, TakeUp: 2 * hour, Resolve: 20 * hour, OLA: 10 * hour},
			{Priority: 4, TakeUp: 4 * hour, Resolve: 40 * hour, OLA: 20 * hour},
		},
		Pauses: []string{"user", "third_party", "parts", "scheduled", "approval"},
		Goals: []desk.Goal{
			{Index: "service_level_strict", Value: 0.80, AtLeast: true}, {Index: "pct_abandoned", Value: 0.05},
			{Index: "average_call_time", Value: 360}, {Index: "solved_online", Value: 0.70, AtLeast: true},
			{Index: "sla_take_up", Value: 0.95, AtLeast: true}, {Index: "sla_resolve", Value: 0.95, AtLeast: true},
			{Index: "ola", Value: 0.95, AtLeast: true}, {Index: "reopen_rate", Value: 0.04},
		}}
}

// Groups are the first level and the usual resolution units, by code.
func Groups(lang string) map[string]desk.Group {
	name := func(es, en, pt string) string {
		switch lang {
		case "en":
			return en
		case "pt":
			return pt
		}
		return es
	}
	return map[string]desk.Group{
		"n1":           {Name: name("Mesa de ayuda", "Service desk", "Central de atendimento"), Level: 1},
		"soporte":      {Name: name("Soporte en sitio", "On-site support", "Suporte local"), Level: 2},
		"redes":        {Name: name("Redes y comunicaciones", "Networks", "Redes"), Level: 2},
		"aplicaciones": {Name: name("Aplicaciones", "Applications", "Aplicações"), Level: 2},
		"servidores":   {Name: name("Servidores y cuentas", "Servers and accounts", "Servidores e contas"), Level: 2},
		"proveedor":    {Name: name("Proveedor externo", "Supplier", "Fornecedor"), Level: 3, Outside: true},
	}
}

// Default is the whole model; Groups is empty until a desk gives them ids.
func Default() desk.Model {
	three := func(es, en, pt [4]string) map[string][4]string {
		return map[string][4]string{"es": es, "en": en, "pt": pt}
	}
	return desk.Model{
		Categories: categories(),
		// ITIL's usual matrix: impact by row (whole site, an area, several people,
		// one person), urgency by column (stopped, blocked, slow, can wait).
		Matrix:  [4][4]int{{1, 1, 2, 3}, {1, 2, 3, 3}, {2, 3, 3, 4}, {3, 3, 4, 4}},
		Reasons: reasons(),
		Canned:  canned(),
		Impacts: three([4]string{"Toda la sede", "Un área", "Varias personas", "Una persona"},
			[4]string{"Whole site", "An area", "Several people", "One person"},
			[4]string{"Toda a unidade", "Uma área", "Várias pessoas", "Uma pessoa"}),
		Urgencies: three([4]string{"Operación parada", "Trabajo detenido", "Trabajo lento", "Puede esperar"},
			[4]string{"Operation stopped", "Work blocked", "Work slowed", "Can wait"},
			[4]string{"Operação parada", "Trabalho parado", "Trabalho lento", "Pode esperar"}),
		Priorities: three([4]string{"Crítica", "Alta", "Media", "Baja"}, [4]string{"Critical", "High", "Medium", "Low"}, [4]string{"Crítica", "Alta", "Média", "Baixa"}),
	}
}

func words(es, en, pt string) map[string]string {
	return map[string]string{"es": es, "en": en, "pt": pt}
}

func reasons() []desk.Reason {
	return []desk.Reason{
		{Code: "user", Name: words("usuario", "user", "usuário"), Stops: true},
		{Code: "third_party", Name: words("tercero", "third party", "terceiro"), Stops: true},
		{Code: "parts", Name: words("repuesto", "parts", "peça"), Stops: true},
		{Code: "scheduled", Name: words("programado", "scheduled", "agendado"), Stops: true},
		{Code: "approval", Name: words("aprobación", "approval", "aprovação"), Stops: true},
		{Code: "internal", Name: words("espera interna", "internal wait", "espera interna")},
	}
}

func canned() []desk.Canned {
	return []desk.Canned{
		{Code: "saludo", Text: words("Mesa de ayuda, buenos días. ¿En qué puedo ayudarle?", "Service desk, good morning. How can I help?", "Central de atendimento, bom dia. Em que posso ajudar?")},
		{Code: "numero", Text: words("Su caso quedó registrado con el número {numero}.", "Your case is registered under number {numero}.", "Seu caso foi registrado com o número {numero}.")},
		{Code: "derivado", Text: words("Lo derivé a {grupo}; le responderán antes de {plazo}.", "I passed it to {grupo}; they will answer before {plazo}.", "Encaminhei para {grupo}; responderão antes de {plazo}.")},
		{Code: "confirmar", Text: words("¿Puede confirmar que ya funciona?", "Can you confirm that it works now?", "Pode confirmar que já funciona?")},
		{Code: "cierre", Text: words("Cerramos el caso con su conformidad. Gracias por llamar.", "We close the case with your agreement. Thank you for calling.", "Encerramos o caso com sua concordância. Obrigado por ligar.")},
	}
}
