package analysis

// texts are the templates of what the rules propose, in the language of the contract:
// {name} of the subject, {num} of {den}, {share}, {n}.
var texts = map[string]map[string]map[string]string{
	"sla_missed": {"title": {"es": "Plan para los casos fuera de plazo de {name}", "en": "Plan for the late cases of {name}", "pt": "Plano para os casos fora do prazo de {name}"},
		"cause": {"es": "{num} de {den} casos fuera de plazo ({share}); {name} tiene {n}", "en": "{num} of {den} cases late ({share}); {name} has {n}", "pt": "{num} de {den} casos fora do prazo ({share}); {name} tem {n}"}},
	"at_risk": {"title": {"es": "Medidas para que {name} llegue a la meta del mes", "en": "Measures so that {name} reaches the target of the month", "pt": "Medidas para que {name} chegue à meta do mês"},
		"cause": {"es": "a este ritmo no cumpliría: {share}", "en": "at this pace it would miss: {share}", "pt": "neste ritmo não cumpriria: {share}"}},
	"abandon_hour": {"title": {"es": "Más agentes a las {name}", "en": "More agents at {name}", "pt": "Mais agentes às {name}"},
		"cause": {"es": "a las {name} se abandonan {num} de {den} llamadas ({share})", "en": "at {name} {num} of {den} calls are abandoned ({share})", "pt": "às {name} abandonam-se {num} de {den} chamadas ({share})"}},
	"ola_unit": {"title": {"es": "Acordar con {name} cómo cumplir su plazo", "en": "Agree with {name} how to keep its promise", "pt": "Acordar com {name} como cumprir o seu prazo"},
		"cause": {"es": "{num} de {den} derivaciones vencidas ({share})", "en": "{num} of {den} hand-offs overdue ({share})", "pt": "{num} de {den} encaminhamentos vencidos ({share})"}},
	"wrong_group": {"title": {"es": "Regla de asignación para {name}", "en": "Assignment rule for {name}", "pt": "Regra de atribuição para {name}"},
		"cause": {"es": "{num} de {den} casos derivados volvieron o fueron de ida y vuelta ({share})", "en": "{num} of {den} cases handed on came back or went to and fro ({share})", "pt": "{num} de {den} casos encaminhados voltaram ou foram e vieram ({share})"}},
	"rising": {"title": {"es": "Artículo o problema por {name}", "en": "Article or problem for {name}", "pt": "Artigo ou problema por {name}"},
		"cause": {"es": "{num} en una semana; se esperaban {n}", "en": "{num} in a week; {n} were expected", "pt": "{num} numa semana; esperavam-se {n}"}},
	"repeat_user": {"title": {"es": "Capacitar a {name}", "en": "Train {name}", "pt": "Treinar {name}"},
		"cause": {"es": "{num} casos en 30 días", "en": "{num} cases within 30 days", "pt": "{num} casos em 30 dias"}},
	"repeat_asset": {"title": {"es": "Reemplazar o reparar a fondo {name}", "en": "Replace or overhaul {name}", "pt": "Substituir ou reparar a fundo {name}"},
		"cause": {"es": "{num} casos en 90 días", "en": "{num} cases within 90 days", "pt": "{num} casos em 90 dias"}},
	"fcr_article": {"title": {"es": "Repasar con los agentes el documento de {name}", "en": "Coach the agents on the article of {name}", "pt": "Rever com os agentes o artigo de {name}"},
		"cause": {"es": "{num} de {den} no se resolvieron en línea ({share}), y hay un documento", "en": "{num} of {den} were not solved online ({share}), and there is an article", "pt": "{num} de {den} não se resolveram em linha ({share}), e há um artigo"}},
	"fcr_write": {"title": {"es": "Escribir el documento de {name}", "en": "Write the article of {name}", "pt": "Escrever o artigo de {name}"},
		"cause": {"es": "{num} de {den} no se resolvieron en línea ({share}), y no hay documento", "en": "{num} of {den} were not solved online ({share}), and there is no article", "pt": "{num} de {den} não se resolveram em linha ({share}), e não há artigo"}},
	"survey_low": {"title": {"es": "Revisar con {name} las encuestas bajas", "en": "Review the low scores with {name}", "pt": "Rever com {name} as pesquisas baixas"},
		"cause": {"es": "{num} de {den} respuestas con 1 o 2 ({share})", "en": "{num} of {den} scores of 1 or 2 ({share})", "pt": "{num} de {den} respostas com 1 ou 2 ({share})"}},
	"ageing": {"title": {"es": "Cerrar lo antiguo de {name}", "en": "Close what is old at {name}", "pt": "Fechar o antigo de {name}"},
		"cause": {"es": "{num} de {den} casos abiertos tienen más de 30 días ({share})", "en": "{num} of {den} open cases are older than 30 days ({share})", "pt": "{num} de {den} casos abertos têm mais de 30 dias ({share})"}},
	"busy_lost": {"title": {"es": "Llegar a {n} líneas", "en": "Come to {n} lines", "pt": "Chegar a {n} linhas"},
		"cause": {"es": "{num} de {den} llamadas dieron ocupado ({share})", "en": "{num} of {den} calls found no line ({share})", "pt": "{num} de {den} chamadas deram ocupado ({share})"}},
}

// indexNames are the watched indices, as a sentence names them.
var indexNames = map[string]map[string]string{
	"pct_abandoned":        {"es": "el abandono", "en": "abandonment", "pt": "o abandono"},
	"service_level_strict": {"es": "el nivel de servicio", "en": "the service level", "pt": "o nível de serviço"},
	"solved_online":        {"es": "lo resuelto en línea", "en": "what is solved online", "pt": "o resolvido em linha"},
	"sla_resolve":          {"es": "el SLA de resolución", "en": "the SLA", "pt": "o ANS de resolução"},
	"ola":                  {"es": "el OLA de resolutores", "en": "the OLA of the units", "pt": "o ANO das unidades"},
}
