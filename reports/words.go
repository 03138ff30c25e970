package reports

import "strings"

// lang is one of the three languages of the report, in the words for a month, a week or a day.
type lang int

const (
	es lang = iota
	en
	pt

	langs = 3 // and again as many in the words for a week, and for a day
)

// language reads a tag such as "pt-BR"; unknown ones are Spanish.
func language(tag string) lang {
	switch strings.ToLower(tag + "  ")[:2] {
	case "en":
		return en
	case "pt":
		return pt
	}
	return es
}

// tag is the language as a file states it.
func (l lang) tag() string { return [...]string{"es", "en", "pt"}[l.base()] }

// base is the language without the words for its time.
func (l lang) base() lang { return l % langs }

// t returns the words of a key; a test holds every key to three languages.
func (l lang) t(key string) string {
	s := words[key][l.base()]
	if l >= langs {
		return spoken[l/langs-1][l.base()].Replace(s)
	}
	return s
}

// fill replaces {a}, {b}... by the arguments in order.
func (l lang) fill(key string, args ...string) string {
	s := l.t(key)
	for i, a := range args {
		s = strings.ReplaceAll(s, "{"+string(rune('a'+i))+"}", a)
	}
	return s
}

var monthNames = [3][12]string{
	{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
}

var dayNames = [3][7]string{
	{"lun", "mar", "mié", "jue", "vie", "sáb", "dom"},
	{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
	{"seg", "ter", "qua", "qui", "sex", "sáb", "dom"},
}

var fullDays = [3][7]string{
	{"lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"},
	{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
	{"segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"},
}

// words are the report's fixed words: Spanish, English, Portuguese.
var words = map[string][3]string{
	"eyebrow":              {"MESA DE AYUDA · INFORME MENSUAL DE SERVICIO", "HELP DESK · MONTHLY SERVICE REPORT", "CENTRAL DE AJUDA · RELATÓRIO MENSAL DE SERVIÇO"},
	"eyebrow2":             {"INFORME MENSUAL DE SERVICIO", "MONTHLY SERVICE REPORT", "RELATÓRIO MENSAL DE SERVIÇO"},
	"title":                {"Informe mensual de servicio", "Monthly service report", "Relatório mensal de serviço"},
	"client":               {"Cliente", "Client", "Cliente"},
	"contract":             {"Contrato {a}", "Contract {a}", "Contrato {a}"},
	"period":               {"Periodo {a}", "Period {a}", "Período {a}"},
	"hours":                {"horario {a}", "hours {a}", "horário {a}"},
	"compliance":           {"Cumplimiento de los acuerdos de servicio", "Service agreements: how they were kept", "Cumprimento dos acordos de serviço"},
	"index":                {"Indicador", "Index", "Indicador"},
	"measures":             {"Qué mide", "What it measures", "O que mede"},
	"target":               {"Meta", "Target", "Meta"},
	"months13":             {"13 meses", "13 months", "13 meses"},
	"state":                {"Estado", "State", "Estado"},
	"met":                  {"cumple", "met", "cumpre"},
	"at risk":              {"vigilar", "watch", "vigiar"},
	"missed":               {"incumple", "missed", "descumpre"},
	"not judged":           {"sin juicio", "not judged", "sem juízo"},
	"no data":              {"sin datos", "no data", "sem dados"},
	"no target":            {"sin meta", "no target", "sem meta"},
	"pt":                   {"pt", "pt", "pt"},
	"vs":                   {"vs. {a}", "vs. {a}", "vs. {a}"},
	"goal":                 {"meta {a}", "target {a}", "meta {a}"},
	"deviations":           {"Desvíos y propuestas", "Deviations and proposals", "Desvios e propostas"},
	"evidence":             {"Desvío y evidencia", "Deviation and evidence", "Desvio e evidência"},
	"proposal":             {"Propuesta", "Proposal", "Proposta"},
	"owner":                {"Responsable", "Owner", "Responsável"},
	"effect":               {"Fecha y efecto esperado", "Date and expected effect", "Data e efeito esperado"},
	"no proposal":          {"Sin propuesta registrada.", "No proposal recorded.", "Sem proposta registrada."},
	"no deviation":         {"Ningún compromiso se incumple ni está en vigilancia este mes.", "No promise was missed or is being watched this month.", "Nenhum compromisso descumprido ou em vigilância neste mês."},
	"of":                   {"{a} de {b}", "{a} of {b}", "{a} de {b}"},
	"against":              {"{a} frente a {b}", "{a} against {b}", "{a} frente a {b}"},
	"more":                 {"y {a} más", "and {a} more", "e mais {a}"},
	"issued":               {"Emitido el {a}, {b}", "Issued {a}, {b}", "Emitido em {a}, {b}"},
	"closed":               {"datos cerrados al {a}, {b}", "data closed {a}, {b}", "dados fechados em {a}, {b}"},
	"partial":              {"parcial, hasta el {a}, {b}", "partial, until {a}, {b}", "parcial, até {a}, {b}"},
	"partial head":         {"PARCIAL", "PARTIAL", "PARCIAL"},
	"spread":               {"n {a} · mediana {b} · p90 {c}", "n {a} · median {b} · p90 {c}", "n {a} · mediana {b} · p90 {c}"},
	"maybe":                {"{a} provisionales", "{a} provisional", "{a} provisórios"},
	"provisional":          {"{a}: provisional hasta el {b}; {c} casos aún pueden reabrirse y dejar de contar.", "{a}: provisional until {b}; {c} cases may yet be reopened and no longer count.", "{a}: provisório até {b}; {c} casos ainda podem ser reabertos e deixar de contar."},
	"whole list":           {"La lista entera está en el anexo B.", "The whole list is in annex B.", "A lista completa está no anexo B."},
	"annex b":              {"Anexo B. Todo lo que se reportó", "Annex B. All that was reported", "Anexo B. Tudo o que se relatou"},
	"restated":             {"Cifras de este mes que hechos posteriores cambian", "Figures of this month that later events change", "Números deste mês que fatos posteriores mudam"},
	"restated line":        {"{a}: se informó {b}, hoy es {c}. Motivo: {d} ({e})", "{a}: reported as {b}, now {c}. Reason: {d} ({e})", "{a}: informado {b}, hoje é {c}. Motivo: {d} ({e})"},
	"why reopened":         {"casos reabiertos después", "cases reopened later", "casos reabertos depois"},
	"why excused":          {"incumplimientos excusados después", "breaches excused later", "descumprimentos escusados depois"},
	"why late":             {"hechos que llegaron tarde de un puesto aislado", "events that arrived late from an isolated workstation", "fatos que chegaram tarde de um posto isolado"},
	"why contract":         {"cambio del contrato o del calendario", "change of contract or calendar", "mudança do contrato ou do calendário"},
	"flowed up":            {"Entró más de lo que salió: {a} pendientes más", "More came than went: {a} more pending", "Entrou mais do que saiu: {a} pendentes a mais"},
	"flowed down":          {"Salió más de lo que entró: {a} pendientes menos", "More went than came: {a} fewer pending", "Saiu mais do que entrou: {a} pendentes a menos"},
	"flowed same":          {"Salió tanto como entró", "As many went as came", "Saiu tanto quanto entrou"},
	"flowed sub":           {"Identidad de los pendientes, en hechos: lo que había, lo que entró y lo que salió da lo que queda", "Identity of the backlog, in events: what there was, what came and what went gives what is left", "Identidade dos pendentes, em fatos: o que havia, o que entrou e o que saiu dá o que fica"},
	"backlog before":       {"pendientes antes", "pending before", "pendentes antes"},
	"backlog after":        {"pendientes al cierre", "pending at the end", "pendentes no fim"},
	"opened":               {"abiertos", "opened", "abertos"},
	"reopenings":           {"reaperturas", "reopenings", "reaberturas"},
	"resolutions":          {"resoluciones", "resolutions", "resoluções"},
	"cancellations":        {"anulados, unidos", "cancelled, merged", "cancelados, unidos"},
	"needs callbacks":      {"faltan los números de quienes llamaron", "needs the callers' numbers", "faltam os números de quem ligou"},
	"needs users":          {"faltan los usuarios de los casos", "needs the users of the cases", "faltam os usuários dos casos"},
	"needs contacts":       {"faltan los contactos de los casos", "needs the contacts of the cases", "faltam os contatos dos casos"},
	"needs levels":         {"faltan los niveles de los grupos", "needs the levels of the groups", "faltam os níveis dos grupos"},
	"needs sessions":       {"faltan las sesiones de los agentes", "needs the agents' sessions", "faltam as sessões dos agentes"},
	"needs surveys":        {"faltan las encuestas", "needs surveys", "faltam as pesquisas"},
	"needs waits":          {"faltan las esperas de las llamadas", "needs the waits of the calls", "faltam as esperas das chamadas"},
	"annexnote":            {"definiciones en el anexo", "definitions in the annex", "definições no anexo"},
	"revision":             {"revisión {a}", "revision {a}", "revisão {a}"},
	"cum":                  {"acum.", "cum.", "acum."},
	"cases":                {"Casos", "Cases", "Casos"},
	"share":                {"del total", "of total", "do total"},
	"frequent":             {"Reportes más frecuentes", "Most frequent reports", "Relatos mais frequentes"},
	"reason":               {"Motivo", "Reason", "Motivo"},
	"frequent sub":         {"Reportes más frecuentes del mes, casos abiertos", "Most frequent reports of the month, cases opened", "Relatos mais frequentes do mês, casos abertos"},
	"none cases":           {"Sin casos registrados en el mes.", "No cases recorded this month.", "Sem casos registrados no mês."},
	"none calls":           {"Sin llamadas registradas en el mes.", "No calls recorded this month.", "Sem chamadas registradas no mês."},
	"none history":         {"Sin meses anteriores que mostrar.", "No earlier months to show.", "Sem meses anteriores para mostrar."},
	"none index":           {"Sin índices calculados en el mes.", "No indices computed this month.", "Sem índices calculados no mês."},
	"monthly":              {"{a}, mes a mes", "{a}, month by month", "{a}, mês a mês"},
	"kept":                 {"{a} de los últimos {b} meses, en meta", "{a} of the last {b} months on target", "{a} dos últimos {b} meses, na meta"},
	"trend":                {"{a}: evolución", "{a}: trend", "{a}: evolução"},
	"top":                  {"{a} motivos concentran el {b} de los casos", "{a} reasons make {b} of the cases", "{a} motivos concentram {b} dos casos"},
	"one top":              {"Un motivo concentra el {a} de los casos", "One reason makes {a} of the cases", "Um motivo concentra {a} dos casos"},
	"demand":               {"Demanda telefónica", "Calls", "Demanda telefônica"},
	"flow":                 {"Se contestó el {a} de las llamadas ofrecidas", "{a} of the calls offered were answered", "Foram atendidas {a} das chamadas oferecidas"},
	"flow empty":           {"Qué pasó con las llamadas", "What became of the calls", "O que houve com as chamadas"},
	"flow sub":             {"Llamadas ofrecidas en el horario acordado, según cómo terminaron", "Calls offered in the agreed hours, by how they ended", "Chamadas oferecidas no horário acordado, por desfecho"},
	"offered":              {"Ofrecidas", "Offered", "Oferecidas"},
	"answered":             {"Contestadas", "Answered", "Atendidas"},
	"abandoned":            {"Abandonadas", "Abandoned", "Abandonadas"},
	"busy":                 {"Ocupado", "Busy", "Ocupado"},
	"overflow":             {"Desbordadas", "Overflow", "Transbordo"},
	"withdrawn":            {"Retiradas", "Withdrawn", "Retiradas"},
	"other":                {"Otras", "Other", "Outras"},
	"identity":             {"Identidad: {a} ofrecidas = {b} contestadas + {c} abandonadas + {d} ocupado + {e} desbordadas + {f} retiradas", "Identity: {a} offered = {b} answered + {c} abandoned + {d} busy + {e} overflow + {f} withdrawn", "Identidade: {a} oferecidas = {b} atendidas + {c} abandonadas + {d} ocupado + {e} transbordo + {f} retiradas"},
	"identity ok":          {"cierra", "holds", "fecha"},
	"identity bad":         {"no cierra: diferencia de {a}", "does not hold: off by {a}", "não fecha: diferença de {a}"},
	"apart":                {"Aparte, en ningún porcentaje: {a} abandonos cortos · {b} fuera de horario · {c} perdidas en el menú", "Apart, in no percentage: {a} short abandons · {b} out of hours · {c} lost in the menu", "À parte, em nenhuma porcentagem: {a} abandonos curtos · {b} fora do horário · {c} perdidas no menu"},
	"peak day":             {"El {a} {b} fue el día con más llamadas: {c}", "{a} {b} was the busiest day: {c} calls", "{a}, dia {b}, teve mais chamadas: {c}"},
	"days":                 {"Llamadas por día", "Calls by day", "Chamadas por dia"},
	"days sub":             {"Llamadas ofrecidas por día, según cómo terminaron", "Calls offered by day, by how they ended", "Chamadas oferecidas por dia, por desfecho"},
	"peak hour":            {"De {a} a {b} h entra el {c} de las llamadas; el {d} es el día de más demanda", "From {a} to {b} h come {c} of the calls; {d} is the busiest day", "De {a} a {b} h entram {c} das chamadas; {d} é o dia de maior demanda"},
	"heat":                 {"Media de llamadas por hora y día", "Mean calls by hour and day", "Média de chamadas por hora e dia"},
	"heat sub":             {"Media de llamadas ofrecidas en una hora de ese día de la semana, hora local, redondeada; – sin servicio", "Mean calls offered in an hour of that weekday, local time, rounded; – no service", "Média de chamadas oferecidas em uma hora desse dia da semana, hora local, arredondada; – sem serviço"},
	"cases title":          {"De dónde vienen los casos y qué reportan", "Where cases come from and what they report", "De onde vêm os casos e o que relatam"},
	"origins":              {"Por origen", "By origin", "Por origem"},
	"types":                {"Por tipo de reporte", "By type of report", "Por tipo de relato"},
	"modalities":           {"Por modalidad de atención", "By modality", "Por modalidade de atendimento"},
	"leads cases":          {"{a}: {b} de los casos", "{a}: {b} of the cases", "{a}: {b} dos casos"},
	"leads calls":          {"{a}: {b} de las llamadas", "{a}: {b} of the calls", "{a}: {b} das chamadas"},
	"more rows":            {"Índices del mes", "Indices of the month", "Índices do mês"},
	"activities":           {"Actividades del mes", "Activities of the month", "Atividades do mês"},
	"quality":              {"Calidad de los datos", "Data quality", "Qualidade dos dados"},
	"none quality":         {"Sin observaciones sobre los datos del mes.", "No remarks on the month's data.", "Sem observações sobre os dados do mês."},
	"follow title":         {"Promesas por prioridad y unidad, y lo que sigue", "Promises by priority and unit, and what follows", "Promessas por prioridade e unidade, e o que segue"},
	"by priority":          {"Plazos por prioridad", "Deadlines by priority", "Prazos por prioridade"},
	"priority":             {"Prioridad", "Priority", "Prioridade"},
	"taken":                {"Tomados", "Taken up", "Assumidos"},
	"solved":               {"Resueltos", "Resolved", "Resolvidos"},
	"in time":              {"a tiempo", "in time", "a tempo"},
	"excused":              {"excusados", "excused", "escusados"},
	"breached":             {"vencidos", "breached", "vencidos"},
	"worst priority":       {"La prioridad {a} concentra los vencidos: {b} de sus {c} casos resueltos.", "Priority {a} has most breaches: {b} of its {c} resolved cases.", "A prioridade {a} concentra os vencidos: {b} de seus {c} casos resolvidos."},
	"no late priority":     {"Ningún caso resuelto en el mes venció.", "No case resolved in the month was late.", "Nenhum caso resolvido no mês venceu."},
	"by unit":              {"Acuerdos de las unidades resolutoras", "Agreements of the resolution units", "Acordos das unidades resolvedoras"},
	"unit":                 {"Unidad", "Unit", "Unidade"},
	"no unit":              {"sin unidad", "no unit", "sem unidade"},
	"handoffs":             {"Derivaciones", "Hand-offs", "Encaminhamentos"},
	"kept share":           {"cumplido", "kept", "cumprido"},
	"all units":            {"Las {a} derivaciones del mes se cumplieron a tiempo.", "All {a} hand-offs of the month were in time.", "Os {a} encaminhamentos do mês foram cumpridos a tempo."},
	"worst unit":           {"{a} tiene {b} de los {c} vencidos.", "{a} has {b} of the {c} breaches.", "{a} tem {b} dos {c} vencidos."},
	"none handoffs":        {"Sin derivaciones terminadas en casos resueltos del mes.", "No hand-offs ended in cases resolved this month.", "Sem encaminhamentos terminados em casos resolvidos no mês."},
	"escalations":          {"Escalamientos", "Escalations", "Escalonamentos"},
	"none escalations":     {"Ningún reloj llegó a una instancia de escalamiento.", "No clock reached a rung of escalation.", "Nenhum relógio chegou a uma instância de escalonamento."},
	"clock":                {"Reloj", "Clock", "Relógio"},
	"clock take_up":        {"Toma", "Take-up", "Atendimento"},
	"clock resolve":        {"Resolución", "Resolution", "Resolução"},
	"clock next_answer":    {"Respuesta", "Answer", "Resposta"},
	"clock ola":            {"Acuerdo de la unidad", "Unit's agreement", "Acordo da unidade"},
	"clock supplier":       {"Acuerdo del proveedor", "Supplier's agreement", "Acordo do fornecedor"},
	"rung":                 {"Instancia", "Rung", "Instância"},
	"nth":                  {"{a}.ª", "{a}", "{a}.ª"},
	"told":                 {"avisados", "told", "avisados"},
	"asks":                 {"por reconocer", "to acknowledge", "a reconhecer"},
	"acknowledged":         {"reconocidos", "acknowledged", "reconhecidos"},
	"of asked":             {"a tiempo", "in time", "a tempo"},
	"false":                {"falsos", "false", "falsos"},
	"fired":                {"Se avisó {a} veces.", "{a} times somebody was told.", "Avisou-se {a} vezes."},
	"asked":                {"{a} pedían reconocer; {b} se reconocieron a tiempo.", "{a} asked to be acknowledged; {b} were in time.", "{a} pediam reconhecer; {b} foram reconhecidos a tempo."},
	"survey":               {"Lo que dijeron los usuarios", "What users said", "O que os usuários disseram"},
	"none survey":          {"Sin respuestas de encuestas en el mes.", "No answers to surveys this month.", "Sem respostas de pesquisas no mês."},
	"analysis":             {"Lo que vio el análisis", "What the analysis saw", "O que a análise viu"},
	"none signals":         {"Ningún índice se apartó de lo que los días anteriores hacían esperar.", "No index left what the days before let expect.", "Nenhum índice se afastou do que os dias anteriores faziam esperar."},
	"signals":              {"Desvíos que los días anteriores no hacían esperar: {a}.", "Deviations that the days before did not let expect: {a}.", "Desvios que os dias anteriores não faziam esperar: {a}."},
	"signal":               {"Qué pasó", "What happened", "O que houve"},
	"signal up":            {"subió de golpe", "rose at once", "subiu de repente"},
	"signal down":          {"bajó de golpe", "fell at once", "caiu de repente"},
	"signal up drift":      {"sube poco a poco", "rises slowly", "sobe aos poucos"},
	"signal down drift":    {"baja poco a poco", "falls slowly", "cai aos poucos"},
	"goes on":              {"sigue", "goes on", "continua"},
	"from":                 {"desde", "from", "desde"},
	"until":                {"hasta", "until", "até"},
	"expected":             {"esperado", "expected", "esperado"},
	"commitments":          {"Compromisos y su efecto medido", "Commitments and their measured effect", "Compromissos e seu efeito medido"},
	"none commitments":     {"Sin propuestas en curso ni por comprobar.", "No proposals under way or to be checked.", "Sem propostas em andamento nem a verificar."},
	"due":                  {"fecha", "due", "data"},
	"before":               {"antes", "before", "antes"},
	"after":                {"después", "after", "depois"},
	"effect measured":      {"efecto", "effect", "efeito"},
	"verdict waiting":      {"en curso", "under way", "em curso"},
	"verdict achieved":     {"logrado", "achieved", "alcançado"},
	"verdict not_achieved": {"no logrado", "not achieved", "não alcançado"},
	"verdict inconclusive": {"no se sabe aún", "not clear yet", "ainda não se sabe"},
	"this report":          {"Este informe", "This report", "Este relatório"},
	"item":                 {"Concepto", "Item", "Item"},
	"label desk":           {"Mesa", "Desk", "Central"},
	"label contract":       {"Contrato", "Contract", "Contrato"},
	"label month":          {"Mes", "Month", "Mês"},
	"label period":         {"Periodo", "Period", "Período"},
	"label data":           {"Datos hasta", "Data until", "Dados até"},
	"label issued":         {"Emitido", "Issued", "Emitido"},
	"label zone":           {"Zona horaria", "Time zone", "Fuso horário"},
	"label revision":       {"Revisión", "Revision", "Revisão"},
	"label hash":           {"Huella de los datos", "Hash of the data", "Hash dos dados"},
	"short abandons":       {"Abandonos cortos (aparte)", "Short abandons (apart)", "Abandonos curtos (à parte)"},
	"closed hours":         {"Fuera de horario (aparte)", "Out of hours (apart)", "Fora do horário (à parte)"},
	"lost in menu":         {"Perdidas en el menú (aparte)", "Lost in the menu (apart)", "Perdidas no menu (à parte)"},
	"backlog":              {"Pendientes del mes", "Backlog of the month", "Pendentes do mês"},
	"origin":               {"Origen", "Origin", "Origem"},
	"type":                 {"Tipo de reporte", "Type of report", "Tipo de relato"},
	"modality":             {"Modalidad", "Modality", "Modalidade"},
	"activity":             {"Actividad", "Activity", "Atividade"},
	"chart values":         {"Los mismos valores están en la tabla «{a}», a continuación.", "The same values are in the table “{a}”, which follows.", "Os mesmos valores estão na tabela «{a}», a seguir."},
	"priorities":           {"Casos por prioridad", "Cases by priority", "Casos por prioridade"},
	"groups":               {"Casos por grupo", "Cases by group", "Casos por grupo"},
	"sites":                {"Casos por sede", "Cases by site", "Casos por unidade"},
	"queues":               {"Llamadas por cola", "Calls by queue", "Chamadas por fila"},
	"call-types":           {"Llamadas por tipo", "Calls by type", "Chamadas por tipo"},
	"of priorities":        {"Prioridad", "Priority", "Prioridade"},
	"of groups":            {"Grupo", "Group", "Grupo"},
	"of sites":             {"Sede", "Site", "Unidade"},
	"of queues":            {"Cola", "Queue", "Fila"},
	"of call-types":        {"Tipo de llamada", "Type of call", "Tipo de chamada"},
	"calls":                {"Llamadas", "Calls", "Chamadas"},
	"contents":             {"Contenido", "Contents", "Conteúdo"},
	"date":                 {"Fecha", "Date", "Data"},
	"weekday":              {"Día", "Weekday", "Dia"},
	"hour":                 {"Hora", "Hour", "Hora"},
	"by priority take":     {"Toma por prioridad", "Take-up by priority", "Atendimento por prioridade"},
	"by priority solve":    {"Resolución por prioridad", "Resolution by priority", "Resolução por prioridade"},
	"acknowledged late":    {"reconocidos tarde", "acknowledged late", "reconhecidos tarde"},
	"remarks":              {"Comentarios de los usuarios", "Users' remarks", "Comentários dos usuários"},
	"score":                {"Nota", "Score", "Nota"},
	"remark":               {"Comentario", "Remark", "Comentário"},
	"why":                  {"Motivo", "Reason", "Motivo"},
	"rows":                 {"Filas", "Rows", "Linhas"},
	"code":                 {"Código", "Code", "Código"},
	"median":               {"Mediana", "Median", "Mediana"},
	"p90":                  {"p90", "p90", "p90"},
	"annex":                {"Anexo A. Definiciones", "Annex A. Definitions", "Anexo A. Definições"},
	"annex sub":            {"Cada cifra con su fórmula, su numerador y su denominador", "Every figure with its formula, numerator and denominator", "Cada número com sua fórmula, numerador e denominador"},
	"none defs":            {"El informe no trae definiciones.", "The report brings no definitions.", "O relatório não traz definições."},
	"formula":              {"Fórmula", "Formula", "Fórmula"},
	"num":                  {"Numerador", "Numerator", "Numerador"},
	"den":                  {"Denominador", "Denominator", "Denominador"},
	"value":                {"Valor", "Value", "Valor"},
	"week n":               {"Semana {a}, {b}", "Week {a}, {b}", "Semana {a}, {b}"},
	"part summary":         {"Resumen y compromisos", "Summary and promises", "Resumo e compromissos"},
	"part demand":          {"Demanda telefónica", "Telephone demand", "Demanda telefônica"},
	"part cases":           {"Casos", "Cases", "Casos"},
	"part reasons":         {"Anexo B. Todos los motivos", "Annex B. All reasons", "Anexo B. Todos os motivos"},
	"comments":             {"Comentarios del analista", "Remarks of the analyst", "Comentários do analista"},
	"whole report":         {"Todo el informe", "The whole report", "Todo o relatório"},
	"changes":              {"Qué cambia en la revisión {a}", "What revision {a} changes", "O que muda na revisão {a}"},
	"changes title":        {"Qué cambia en esta revisión", "What this revision changes", "O que muda nesta revisão"},
	"changed figures":      {"Cifras distintas de las emitidas antes: {a}.", "Figures that differ from those issued before: {a}.", "Números diferentes dos emitidos antes: {a}."},
	"author":               {"Autor", "Author", "Autor"},
	"version":              {"Versión y huella", "Version and hash", "Versão e hash"},
	"hash":                 {"Huella de los datos: {a}", "Hash of the data: {a}", "Hash dos dados: {a}"},
	"change":               {"cambio", "change", "mudança"},
	"few":                  {"n = {a}, menos del mínimo {b}", "n = {a}, below the minimum {b}", "n = {a}, abaixo do mínimo {b}"},
	"few short":            {"n = {a}, mín. {b}", "n = {a}, min. {b}", "n = {a}, mín. {b}"},
	"all kept":             {"Se cumplen los {a} compromisos del mes", "All {a} promises of the month were kept", "Os {a} compromissos do mês foram cumpridos"},
	"one kept":             {"Se cumple el compromiso del mes", "The month's promise was kept", "O compromisso do mês foi cumprido"},
	"some kept":            {"Se cumplen {a} de {b} compromisos; incumple {c}", "{a} of {b} promises were kept; missed: {c}", "Cumpridos {a} de {b} compromissos; descumpre {c}"},
	"some more":            {"Se cumplen {a} de {b} compromisos; incumplen {c} y {d} más", "{a} of {b} promises were kept; missed: {c} and {d} more", "Cumpridos {a} de {b} compromissos; descumprem {c} e mais {d}"},
	"no promise":           {"El mes no tiene compromisos que juzgar", "The month has no promises to judge", "O mês não tem compromissos a julgar"},
	"demand up":            {"La demanda subió {a} ({b} llamadas ofrecidas).", "Demand rose {a} ({b} calls offered).", "A demanda subiu {a} ({b} chamadas oferecidas)."},
	"demand down":          {"La demanda bajó {a} ({b} llamadas ofrecidas).", "Demand fell {a} ({b} calls offered).", "A demanda caiu {a} ({b} chamadas oferecidas)."},
	"demand same":          {"Se ofrecieron {a} llamadas.", "{a} calls were offered.", "Foram oferecidas {a} chamadas."},
	"lead missed":          {"«{a}» incumple: {b} frente a {c}{d}.", "“{a}” was missed: {b} against {c}{d}.", "“{a}” descumpre: {b} frente a {c}{d}."},
	"lead risk":            {"«{a}» cumple con poca holgura ({b}) y queda en vigilancia.", "“{a}” was met narrowly ({b}) and is being watched.", "“{a}” cumpre com pouca folga ({b}) e fica em vigilância."},
	"lead nodata":          {"Sin datos para juzgar: {a}.", "No data to judge: {a}.", "Sem dados para julgar: {a}."},
}

// small are the numbers that a title writes in letters.
var small = [3][]string{
	{"", "Un", "Dos", "Tres", "Cuatro", "Cinco", "Seis", "Siete", "Ocho", "Nueve", "Diez", "Once", "Doce", "Trece"},
	{"", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve", "Thirteen"},
	{"", "Um", "Dois", "Três", "Quatro", "Cinco", "Seis", "Sete", "Oito", "Nove", "Dez", "Onze", "Doze", "Treze"},
}

// count writes n in letters where a title may start with it.
func (l lang) count(n int) string {
	if n > 0 && n < len(small[l.base()]) {
		return small[l.base()][n]
	}
	return l.Number(float64(n), 0)
}

// dayLetters are the days as timetables write them.
var dayLetters = [3][7]string{{"L", "M", "X", "J", "V", "S", "D"}, {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}, {"S", "T", "Q", "Q", "S", "S", "D"}}

// Letters are the days of the week as timetables write them, Monday first.
func Letters(tag string) [7]string { return dayLetters[language(tag)] }

// codes are what the desk's tables count by, by their code.
var codes = map[string][3]string{
	"":         {"sin dato", "no data", "sem dado"},
	"incident": {"incidente", "incident", "incidente"}, "request": {"solicitud", "request", "solicitação"}, "question": {"consulta", "question", "consulta"},
	"phone": {"teléfono", "telephone", "telefone"}, "email": {"correo", "e-mail", "e-mail"}, "in_person": {"en persona", "in person", "em pessoa"}, "web": {"web", "web", "web"},
}

// Word is what people read for a code of a table; a name of the desk's own stays.
func Word(code, tag string) string {
	if w, ok := codes[code]; ok {
		return w[language(tag)]
	}
	return code
}
