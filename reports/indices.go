package reports

import "strings"

// What is what an index is called and how it is made, in the report's language.
type What struct {
	Name    string // "Llamadas abandonadas"
	Short   string // for a tile: "Abandonadas"
	Formula string // "abandonadas ÷ ofrecidas"; what is apart follows a semicolon
}

// Measures is the formula without what is apart: it fits the table of page 1.
func (w What) Measures() string {
	s, _, _ := strings.Cut(w.Formula, ";")
	return s
}

// Describe gives the words of an index by its machine name; ok is false for one
// that has none, and What then holds the machine name.
func Describe(id, tag string) (what What, ok bool) {
	x, ok := indexWords[id]
	if !ok {
		return What{Name: id, Short: id}, false
	}
	l := language(tag)
	return What{Name: x.name[l], Short: x.short[l], Formula: x.formula[l]}, true
}

// Needed says which data an index without a value would need, in the report's
// language; key is Figure.Needs. An unknown key says only that there are none.
func Needed(key, tag string) string {
	if w, ok := words["needs "+key]; ok {
		return w[language(tag)]
	}
	return language(tag).t("no data")
}

// Why says why a figure was restated, in the report's language; an unknown reason
// is given as it is.
func Why(key, tag string) string {
	if w, ok := words["why "+key]; ok {
		return w[language(tag)]
	}
	return key
}

// indexWords are the indices of the definitions, in their order. A short name
// fits the tile of page 1.
var indexWords = map[string]struct{ name, short, formula [3]string }{
	"offered":                 {[3]string{"Llamadas ofrecidas", "Calls offered", "Chamadas oferecidas"}, [3]string{"Llamadas ofrecidas", "Calls offered", "Chamadas oferecidas"}, [3]string{"contestadas + abandonadas + ocupado + desbordadas + retiradas, en horario; sin los abandonos cortos", "answered + abandoned + busy + overflow + withdrawn, in service hours; without short abandons", "atendidas + abandonadas + ocupado + transbordo + retiradas, no horário; sem os abandonos curtos"}},
	"established":             {[3]string{"Llamadas contestadas", "Calls answered", "Chamadas atendidas"}, [3]string{"Contestadas", "Answered", "Atendidas"}, [3]string{"una persona habló con quien llamaba", "a person was connected", "uma pessoa falou com quem ligou"}},
	"abandoned":               {[3]string{"Llamadas abandonadas (cuenta)", "Calls abandoned (count)", "Chamadas abandonadas (total)"}, [3]string{"Abandonadas", "Abandoned", "Abandonadas"}, [3]string{"colgaron mientras esperaban", "hung up while waiting", "desligaram enquanto esperavam"}},
	"short_abandon":           {[3]string{"Abandonos cortos", "Short abandons", "Abandonos curtos"}, [3]string{"Abandonos cortos", "Short abandons", "Abandonos curtos"}, [3]string{"colgaron antes de lo que el contrato cuenta; aparte, en ningún porcentaje", "hung up sooner than the contract counts; apart, in no share", "desligaram antes do que o contrato conta; à parte, em nenhuma porcentagem"}},
	"busy":                    {[3]string{"Ocupado", "Busy", "Ocupado"}, [3]string{"Ocupado", "Busy", "Ocupado"}, [3]string{"sin línea, o la cola estaba llena", "no line, or the queue was full", "sem linha, ou a fila estava cheia"}},
	"overflow":                {[3]string{"Desbordadas", "Overflow", "Transbordo"}, [3]string{"Desbordadas", "Overflow", "Transbordo"}, [3]string{"salieron de la cola hacia otro destino", "left the queue for another place", "saíram da fila para outro destino"}},
	"withdrawn":               {[3]string{"Retiradas", "Withdrawn", "Retiradas"}, [3]string{"Retiradas", "Withdrawn", "Retiradas"}, [3]string{"sacadas de la cola", "taken out of the queue", "tiradas da fila"}},
	"lost":                    {[3]string{"Llamadas perdidas (cuenta)", "Calls lost (count)", "Chamadas perdidas (total)"}, [3]string{"Perdidas", "Lost", "Perdidas"}, [3]string{"ocupado + abandonadas", "busy + abandoned", "ocupado + abandonadas"}},
	"closed_hours":            {[3]string{"Fuera de horario", "Out of hours", "Fora do horário"}, [3]string{"Fuera de horario", "Out of hours", "Fora do horário"}, [3]string{"llegaron fuera del horario de servicio", "came outside service hours", "chegaram fora do horário de serviço"}},
	"lost_in_menu":            {[3]string{"Perdidas en el menú", "Lost in the menu", "Perdidas no menu"}, [3]string{"En el menú", "In the menu", "No menu"}, [3]string{"colgaron antes de la cola", "hung up before the queue", "desligaram antes da fila"}},
	"unknown":                 {[3]string{"Final desconocido", "End unknown", "Fim desconhecido"}, [3]string{"Final desconocido", "End unknown", "Fim desconhecido"}, [3]string{"no se sabe cómo terminaron; en ningún porcentaje", "how they ended is not known; in no share", "não se sabe como terminaram; em nenhuma porcentagem"}},
	"wait_unknown":            {[3]string{"Espera desconocida", "Wait unknown", "Espera desconhecida"}, [3]string{"Espera desconocida", "Wait unknown", "Espera desconhecida"}, [3]string{"contestadas o abandonadas sin espera conocida; en ninguna espera", "answered or abandoned with no known wait; in no wait", "atendidas ou abandonadas sem espera conhecida; em nenhuma espera"}},
	"calls_no_contract":       {[3]string{"Llamadas de ningún contrato", "Calls of no contract", "Chamadas de nenhum contrato"}, [3]string{"Sin contrato", "No contract", "Sem contrato"}, [3]string{"ni su cola, ni su número, ni su usuario dicen de qué contrato son", "neither queue, number nor user tells whose they are", "nem a fila, nem o número, nem o usuário dizem de que contrato são"}},
	"pct_lost":                {[3]string{"Llamadas perdidas", "Calls lost", "Chamadas perdidas"}, [3]string{"Perdidas", "Lost", "Perdidas"}, [3]string{"(ocupado + abandonadas) ÷ ofrecidas", "(busy + abandoned) ÷ offered", "(ocupado + abandonadas) ÷ oferecidas"}},
	"pct_abandoned":           {[3]string{"Llamadas abandonadas", "Calls abandoned", "Chamadas abandonadas"}, [3]string{"Abandonadas", "Abandoned", "Abandonadas"}, [3]string{"abandonadas ÷ ofrecidas", "abandoned ÷ offered", "abandonadas ÷ oferecidas"}},
	"pct_abandoned_of_queued": {[3]string{"Abandono sobre encoladas", "Abandoned of queued", "Abandono sobre enfileiradas"}, [3]string{"De las encoladas", "Of queued", "Das enfileiradas"}, [3]string{"abandonadas ÷ llamadas que esperaron en cola", "abandoned ÷ calls that waited in a queue", "abandonadas ÷ chamadas que esperaram na fila"}},
	"service_level_strict":    {[3]string{"Nivel de servicio", "Service level", "Nível de serviço"}, [3]string{"Nivel de servicio", "Service level", "Nível de serviço"}, [3]string{"a tiempo ÷ (contestadas + abandonadas)", "in time ÷ (answered + abandoned)", "a tempo ÷ (atendidas + abandonadas)"}},
	"service_level_asterisk1": {[3]string{"Nivel de servicio (asterisk1)", "Service level (asterisk1)", "Nível de serviço (asterisk1)"}, [3]string{"Nivel de servicio", "Service level", "Nível de serviço"}, [3]string{"contestadas a tiempo ÷ contestadas", "answered in time ÷ answered", "atendidas a tempo ÷ atendidas"}},
	"service_level_asterisk2": {[3]string{"Nivel de servicio (asterisk2)", "Service level (asterisk2)", "Nível de serviço (asterisk2)"}, [3]string{"Nivel de servicio", "Service level", "Nível de serviço"}, [3]string{"(contestadas + abandonadas a tiempo) ÷ (contestadas + abandonadas)", "(answered + abandoned in time) ÷ (answered + abandoned)", "(atendidas + abandonadas a tempo) ÷ (atendidas + abandonadas)"}},
	"asa":                     {[3]string{"Espera media", "Mean wait", "Espera média"}, [3]string{"Espera media", "Mean wait", "Espera média"}, [3]string{"espera de las contestadas ÷ contestadas; cola y timbre, sin el menú", "wait of answered ÷ answered; queue and ring, without the menu", "espera das atendidas ÷ atendidas; fila e toque, sem o menu"}},
	"wait_abandoned":          {[3]string{"Espera de las abandonadas", "Wait of abandoned", "Espera das abandonadas"}, [3]string{"Espera abandono", "Wait of abandoned", "Espera abandono"}, [3]string{"espera de las abandonadas ÷ abandonadas", "wait of abandoned ÷ abandoned", "espera das abandonadas ÷ abandonadas"}},
	"average_call_time":       {[3]string{"Tiempo medio de llamada", "Average call time", "Tempo médio de chamada"}, [3]string{"Tiempo de llamada", "Call time", "Tempo de chamada"}, [3]string{"(conversación + retención) ÷ contestadas", "(talk + hold) ÷ answered", "(conversa + retenção) ÷ atendidas"}},
	"aht":                     {[3]string{"Tiempo medio de atención", "Average handling time", "Tempo médio de atendimento"}, [3]string{"Tiempo de atención", "Handling time", "Tempo de atendimento"}, [3]string{"(conversación + retención + cierre, con tope) ÷ contestadas", "(talk + hold + wrap-up, capped) ÷ answered", "(conversa + retenção + pós-atendimento, com teto) ÷ atendidas"}},
	"wrap_up_capped":          {[3]string{"Cierres con tope", "Capped wrap-ups", "Pós-atendimentos com teto"}, [3]string{"Cierres con tope", "Capped wrap-ups", "Com teto"}, [3]string{"contestadas cuyo cierre pasó de lo que el contrato cuenta", "answered calls whose wrap-up passed what the contract counts", "atendidas cujo pós-atendimento passou do que o contrato conta"}},
	"occupancy":               {[3]string{"Ocupación", "Occupancy", "Ocupação"}, [3]string{"Ocupación", "Occupancy", "Ocupação"}, [3]string{"(conversación + retención + cierre + salientes) ÷ (sesión − pausas)", "(talk + hold + wrap-up + outbound) ÷ (signed in − breaks)", "(conversa + retenção + pós-atendimento + ativas) ÷ (sessão − pausas)"}},
	"cases_opened":            {[3]string{"Casos abiertos", "Cases opened", "Casos abertos"}, [3]string{"Casos abiertos", "Cases opened", "Casos abertos"}, [3]string{"casos abiertos en el mes", "cases opened in the month", "casos abertos no mês"}},
	"cases_resolved":          {[3]string{"Casos resueltos", "Cases resolved", "Casos resolvidos"}, [3]string{"Casos resueltos", "Cases resolved", "Casos resolvidos"}, [3]string{"casos distintos con una resolución en el mes", "distinct cases with a resolution in the month", "casos distintos com uma resolução no mês"}},
	"resolutions":             {[3]string{"Resoluciones", "Resolutions", "Resoluções"}, [3]string{"Resoluciones", "Resolutions", "Resoluções"}, [3]string{"hechos del mes: un caso puede resolverse más de una vez", "events of the month: a case may be resolved more than once", "fatos do mês: um caso pode ser resolvido mais de uma vez"}},
	"reopenings":              {[3]string{"Reaperturas", "Reopenings", "Reaberturas"}, [3]string{"Reaperturas", "Reopenings", "Reaberturas"}, [3]string{"hechos del mes: vuelven a abierto casos resueltos", "events of the month: resolved cases opened again", "fatos do mês: casos resolvidos abertos de novo"}},
	"cancellations":           {[3]string{"Anulados o unidos", "Cancelled or merged", "Cancelados ou unidos"}, [3]string{"Anulados o unidos", "Cancelled, merged", "Cancelados, unidos"}, [3]string{"casos anulados, o unidos a otro, en el mes", "cases cancelled, or merged into another, in the month", "casos cancelados, ou unidos a outro, no mês"}},
	"solved_online":           {[3]string{"Resuelto en línea", "Solved online", "Resolvido em linha"}, [3]string{"Resuelto en línea", "Solved online", "Resolvido em linha"}, [3]string{"en el mismo contacto ÷ elegibles; por nivel 1 y sin reabrirse", "in the same contact ÷ eligible; by level 1 and not reopened", "no mesmo contato ÷ elegíveis; pelo nível 1 e sem reabrir"}},
	"solved_online_all":       {[3]string{"Resuelto en línea, de todos", "Solved online, of all", "Resolvido em linha, de todos"}, [3]string{"En línea, de todos", "Online, of all", "Em linha, de todos"}, [3]string{"en el mismo contacto ÷ resueltos; por nivel 1 y sin reabrirse", "in the same contact ÷ resolved; by level 1 and not reopened", "no mesmo contato ÷ resolvidos; pelo nível 1 e sem reabrir"}},
	"first_level":             {[3]string{"Resueltos en nivel 1", "Resolved at level 1", "Resolvidos no nível 1"}, [3]string{"En nivel 1", "At level 1", "No nível 1"}, [3]string{"resueltos sin pasar nunca por nivel 2 ÷ resueltos", "resolved without ever going to level 2 ÷ resolved", "resolvidos sem nunca passar pelo nível 2 ÷ resolvidos"}},
	"sla_take_up":             {[3]string{"Casos tomados a tiempo", "Cases taken up in time", "Casos assumidos a tempo"}, [3]string{"Tomados a tiempo", "Taken up in time", "Assumidos a tempo"}, [3]string{"tomados a tiempo ÷ resueltos; excusados aparte", "taken up in time ÷ resolved; excused apart", "assumidos a tempo ÷ resolvidos; escusados à parte"}},
	"sla_resolve":             {[3]string{"Casos dentro de SLA", "Cases within SLA", "Casos dentro do ANS"}, [3]string{"Dentro de SLA", "Within SLA", "Dentro do ANS"}, [3]string{"resueltos a tiempo ÷ resueltos; excusados aparte", "resolved in time ÷ resolved; excused apart", "resolvidos a tempo ÷ resolvidos; escusados à parte"}},
	"sla_next_answer":         {[3]string{"Respuestas a tiempo", "Answers in time", "Respostas a tempo"}, [3]string{"Respuestas a tiempo", "Answers in time", "Respostas a tempo"}, [3]string{"respuestas a tiempo al usuario que volvió a escribir; excusadas aparte", "answers in time to the user who wrote again; excused apart", "respostas a tempo ao usuário que voltou a escrever; escusadas à parte"}},
	"ola":                     {[3]string{"OLA de resolutores", "OLA of units", "ANO das unidades"}, [3]string{"OLA de resolutores", "OLA of units", "ANO das unidades"}, [3]string{"derivaciones a tiempo ÷ derivaciones; excusadas aparte", "hand-offs in time ÷ hand-offs; excused apart", "encaminhamentos a tempo ÷ total; escusados à parte"}},
	"sla_excused":             {[3]string{"Incumplimientos excusados", "Breaches excused", "Descumprimentos escusados"}, [3]string{"Excusados", "Excused", "Escusados"}, [3]string{"de tomar y de resolver, con causa y aprobación", "of take-up and of resolution, with cause and approval", "de assumir e de resolver, com causa e aprovação"}},
	"ola_excused":             {[3]string{"OLA excusados", "OLA excused", "ANO escusados"}, [3]string{"OLA excusados", "OLA excused", "ANO escusados"}, [3]string{"derivaciones vencidas y excusadas", "breached hand-offs that were excused", "encaminhamentos vencidos e escusados"}},
	"open_breached":           {[3]string{"Abiertos y ya vencidos", "Open and already breached", "Abertos e já vencidos"}, [3]string{"Abiertos vencidos", "Open, breached", "Abertos vencidos"}, [3]string{"abiertos al cierre del mes con el plazo vencido", "open at the end of the month, past their deadline", "abertos no fim do mês com o prazo vencido"}},
	"resolution_time":         {[3]string{"Tiempo de resolución", "Resolution time", "Tempo de resolução"}, [3]string{"Tiempo resolución", "Resolution time", "Tempo resolução"}, [3]string{"tiempo hábil hasta resolver, sin pausas ÷ resueltos", "business time to resolve, less pauses ÷ resolved", "tempo útil até resolver, sem pausas ÷ resolvidos"}},
	"handoffs":                {[3]string{"Derivaciones", "Hand-offs", "Encaminhamentos"}, [3]string{"Derivaciones", "Hand-offs", "Encaminhamentos"}, [3]string{"cambios del grupo responsable en el mes", "changes of the responsible group in the month", "mudanças do grupo responsável no mês"}},
	"returns":                 {[3]string{"Devoluciones", "Returns", "Devoluções"}, [3]string{"Devoluciones", "Returns", "Devoluções"}, [3]string{"derivaciones a un grupo de nivel más bajo que ya lo tuvo", "hand-offs to a group of lower level that had it before", "encaminhamentos a um grupo de nível mais baixo que já o teve"}},
	"ping_pong":               {[3]string{"Idas y vueltas", "Ping-pong", "Idas e voltas"}, [3]string{"Idas y vueltas", "Ping-pong", "Idas e voltas"}, [3]string{"derivaciones A, B, A", "hand-offs A, B, A", "encaminhamentos A, B, A"}},
	"reopen_rate":             {[3]string{"Casos reabiertos", "Cases reopened", "Casos reabertos"}, [3]string{"Reabiertos", "Reopened", "Reabertos"}, [3]string{"reabiertos dentro del plazo ÷ resueltos", "reopened within the window ÷ resolved", "reabertos dentro do prazo ÷ resolvidos"}},
	"backlog":                 {[3]string{"Casos pendientes", "Backlog", "Casos pendentes"}, [3]string{"Pendientes", "Backlog", "Pendentes"}, [3]string{"abiertos al cierre del mes", "open at the end of the month", "abertos no fim do mês"}},
	"backlog_age":             {[3]string{"Edad de los pendientes", "Age of the backlog", "Idade dos pendentes"}, [3]string{"Edad pendientes", "Backlog age", "Idade pendentes"}, [3]string{"tiempo corrido desde que se abrieron ÷ pendientes", "elapsed time since they were opened ÷ backlog", "tempo corrido desde a abertura ÷ pendentes"}},
	"repeat_contacts":         {[3]string{"Contactos repetidos", "Repeat contacts", "Contatos repetidos"}, [3]string{"Repetidos", "Repeat contacts", "Repetidos"}, [3]string{"mismo usuario y categoría dentro de 7 días de resuelto ÷ abiertos", "same user and category within 7 days of resolution ÷ opened", "mesmo usuário e categoria em até 7 dias da resolução ÷ abertos"}},
	"callbacks_returned":      {[3]string{"Llamadas devueltas", "Calls returned", "Chamadas devolvidas"}, [3]string{"Devueltas", "Returned", "Devolvidas"}, [3]string{"perdidas devueltas en 7 días ÷ perdidas", "lost calls returned within 7 days ÷ lost", "perdidas devolvidas em 7 dias ÷ perdidas"}},
	"callback_time":           {[3]string{"Tiempo en devolver", "Time to return", "Tempo até devolver"}, [3]string{"Tiempo en devolver", "Time to return", "Tempo até devolver"}, [3]string{"desde la llamada perdida hasta devolverla ÷ devueltas", "from the lost call to its return ÷ returned", "da chamada perdida até a devolução ÷ devolvidas"}},
	"taken_at_once":           {[3]string{"Tomados al registrar", "Taken up on registering", "Assumidos ao registrar"}, [3]string{"Tomados al registrar", "Taken at once", "Assumidos na hora"}, [3]string{"el reloj de tomar empezó y terminó en una sola orden", "the take-up clock began and ended in one command", "o relógio de assumir começou e terminou em uma só ordem"}},
	"resolved_at_once":        {[3]string{"Resueltos al registrar", "Resolved on registering", "Resolvidos ao registrar"}, [3]string{"Resueltos al registrar", "Resolved at once", "Resolvidos na hora"}, [3]string{"el reloj de resolver empezó y terminó en una sola orden", "the resolve clock began and ended in one command", "o relógio de resolver começou e terminou em uma só ordem"}},
	"csat":                    {[3]string{"Satisfacción", "Satisfaction", "Satisfação"}, [3]string{"Satisfacción", "Satisfaction", "Satisfação"}, [3]string{"notas 4 y 5 ÷ notas; intervalo de 95 %", "scores of 4 and 5 ÷ scores; 95 % interval", "notas 4 e 5 ÷ notas; intervalo de 95 %"}},
	"csat_mean":               {[3]string{"Nota media", "Mean score", "Nota média"}, [3]string{"Nota media", "Mean score", "Nota média"}, [3]string{"suma de notas de 1 a 5 ÷ notas", "sum of scores of 1 to 5 ÷ scores", "soma de notas de 1 a 5 ÷ notas"}},
	"nps":                     {[3]string{"NPS", "NPS", "NPS"}, [3]string{"NPS", "NPS", "NPS"}, [3]string{"(9 y 10 − 0 a 6) ÷ respuestas; de −1 a 1", "(9 and 10 − 0 to 6) ÷ answers; −1 to 1", "(9 e 10 − 0 a 6) ÷ respostas; de −1 a 1"}},
	"response_rate":           {[3]string{"Tasa de respuesta", "Response rate", "Taxa de resposta"}, [3]string{"Tasa de respuesta", "Response rate", "Taxa de resposta"}, [3]string{"respuestas ÷ invitaciones; intervalo de 95 %", "answers ÷ invitations; 95 % interval", "respostas ÷ convites; intervalo de 95 %"}},
}

// IndexNames are the names of all indices, by id.
func IndexNames(tag string) map[string]string {
	l, out := language(tag), map[string]string{}
	for id, x := range indexWords {
		out[id] = x.name[l]
	}
	return out
}
