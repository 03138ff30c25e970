package reports

import (
	"math"
	"time"
)

func ptr[T any](v T) *T { return &v }

// history makes 13 months that end at last and swing by swing around middle.
func history(last, middle, swing float64) []*float64 {
	out := make([]*float64, 13)
	for i := range out {
		out[i] = ptr(middle + swing*math.Sin(float64(i)*(0.7+math.Mod(middle*7.3, 1))+last) + swing*0.5*math.Cos(float64(i)*2.1+middle))
	}
	out[12] = ptr(last)
	return out
}

func counts(total int, lines ...Count) []Count {
	cum := 0
	for i := range lines {
		cum += lines[i].N
		lines[i].Share = ptr(float64(lines[i].N) / float64(total))
		lines[i].Cum = ptr(float64(cum) / float64(total))
	}
	return lines
}

// sample is an invented but consistent month of a mining company's desk.
func sample() Month {
	lima := time.FixedZone("America/Lima", -5*3600)
	level := IndexRow{ID: "service_level_strict", Name: "Nivel de servicio", Measures: "contestadas en 20 s ÷ ofrecidas", Target: 0.80, Op: AtLeast, Value: ptr(6931.0 / 8412), Unit: Share, Num: 6931, Den: 8412, MinN: 30, Previous: ptr(0.846), History: history(6931.0/8412, 0.82, 0.025)}
	online := IndexRow{ID: "solved_online", Name: "Resuelto en línea", Measures: "casos resueltos en el mismo contacto", Target: 0.70, Op: AtLeast, Value: ptr(0.712), Unit: Share, Num: 3916, Den: 5500, MinN: 30, Maybe: 41, Previous: ptr(0.704), History: history(0.712, 0.72, 0.012)}
	sla := IndexRow{ID: "sla_resolve", Name: "Casos dentro de SLA", Measures: "resueltos a tiempo ÷ resueltos", Target: 0.95, Op: AtLeast, Value: ptr(5718.0 / 6000), Unit: Share, Num: 5718, Den: 6000, Margin: 0.005, Previous: ptr(0.962), History: history(5718.0/6000, 0.951, 0.006)}
	csat := IndexRow{ID: "csat", Name: "Satisfacción", Measures: "media de la encuesta, 1 a 5", Target: 4.2, Op: AtLeast, Value: ptr(4.42), Unit: Score, Num: 4888, Den: 1106, MinN: 10, Previous: ptr(4.39), History: history(4.42, 4.41, 0.04)}
	offered := IndexRow{ID: "offered", Name: "Llamadas ofrecidas", Measures: "en horario acordado", Value: ptr(8412.0), Unit: Number, Num: 8412, Previous: ptr(7928.0), History: history(8412, 7500, 400)}
	m := Month{Organisation: "Mesa de Ayuda Punto", Client: "Compañía Minera Los Andes S.A.", Contract: "MA-2024-014", Zone: "America/Lima",
		Month: time.Date(2026, 10, 1, 0, 0, 0, 0, lima), Period: "1–31 de octubre", Hours: "L–V 7–20 h, S 8–13 h", Lang: "es", Revision: 1,
		InputHash: "9c1f7be2d0a4435f8d6e", IssuedAt: time.Date(2026, 11, 2, 6, 0, 0, 0, lima), DataClosed: time.Date(2026, 10, 31, 23, 59, 0, 0, lima),
		Calls: Flow{Offered: 8412, Answered: 7978, Abandoned: 345, Busy: 50, Overflow: 24, Withdrawn: 15, ShortAbandons: 188, ClosedHours: 402, LostInMenu: 261}}
	m.SettledAt = time.Date(2026, 11, 7, 0, 0, 0, 0, lima)
	m.Cases = &Flowed{Before: 180, Opened: 6120, Reopened: 190, Resolved: 6217, Cancelled: 62, After: 211}
	m.Restated = []Restated{{Name: "Casos reabiertos", Was: ptr(0.029), Is: ptr(0.031), Unit: Share, Why: "casos reabiertos después", N: 12}}
	m.Tiles = []Tile{{Label: "Llamadas ofrecidas", Row: offered}, {Label: "Nivel de servicio, 20 s", Row: level}, {Label: "Resuelto en línea", Row: online}, {Label: "Casos dentro de SLA", Row: sla}, {Label: "Satisfacción", Row: csat, Note: "1106 respuestas (18 %)"}}
	m.Rows = []IndexRow{level,
		{ID: "pct_abandoned", Name: "Llamadas abandonadas", Measures: "abandono de 5 s o más ÷ ofrecidas", Target: 0.05, Op: AtMost, Value: ptr(345.0 / 8412), Unit: Share, Num: 345, Den: 8412, Previous: ptr(0.037), History: history(345.0/8412, 0.038, 0.006)},
		{ID: "pct_busy", Name: "Perdidas por ocupado", Measures: "rechazadas sin línea ÷ ofrecidas", Target: 0.01, Op: AtMost, Value: ptr(50.0 / 8412), Unit: Share, Num: 50, Den: 8412, Previous: ptr(0.006), History: history(50.0/8412, 0.006, 0.001)},
		{ID: "average_call_time", Name: "Tiempo medio de llamada", Measures: "(conversación + retención) ÷ contestadas", Target: 360, Op: AtMost, Value: ptr(342.0), Unit: Seconds, Num: 2728476, Den: 7978, Previous: ptr(333.0), History: history(342, 340, 12), N: ptr(7978), Median: ptr(290.0), P90: ptr(552.0)},
		online, sla,
		{ID: "ola", Name: "OLA de resolutores", Measures: "derivaciones a tiempo ÷ derivaciones", Target: 0.95, Op: AtLeast, Value: ptr(920.0 / 1004), Unit: Share, Num: 920, Den: 1004, Previous: ptr(0.947), History: history(920.0/1004, 0.958, 0.006)},
		{ID: "reopen_rate", Name: "Casos reabiertos", Measures: "reabiertos en 7 días ÷ resueltos", Target: 0.04, Op: AtMost, Value: ptr(0.031), Unit: Share, Num: 186, Den: 6000, Previous: ptr(0.033), History: history(0.031, 0.03, 0.004)},
		csat, offered,
		{ID: "asa", Name: "Espera media", Measures: "espera de las contestadas ÷ contestadas", Value: ptr(11.4), Unit: Seconds, Num: 90949, Den: 7978, Previous: ptr(10.2), History: history(11.4, 10.5, 1)},
		{ID: "nps", Name: "NPS", Measures: "sin encuestas de este tipo", Unit: Points, Target: 30, Op: AtLeast},
		{ID: "callbacks_returned", Name: "Llamadas devueltas", Measures: "devueltas ÷ perdidas", Target: 0.9, Op: AtLeast, Value: ptr(0.875), Unit: Share, Num: 21, Den: 24, MinN: 30}}
	m.Frequent = counts(6120, Count{Name: "Contraseña o cuenta bloqueada", N: 1163, Previous: ptr(1187)}, Count{Name: "Correo: migración de buzón", N: 918, Previous: ptr(402)}, Count{Name: "VPN no conecta", N: 704, Previous: ptr(658)}, Count{Name: "Impresora sin servicio", N: 551, Previous: ptr(568)}, Count{Name: "Acceso a SAP", N: 458, Previous: ptr(449)}, Count{Name: "Lentitud de red", N: 398, Previous: ptr(311)}, Count{Name: "Teléfono IP", N: 263, Previous: ptr(271)}, Count{Name: "Otros 41 motivos", N: 1665, Previous: ptr(1601), Others: true})
	m.Origins = counts(6120, Count{Name: "Lima", N: 3310}, Count{Name: "Arequipa", N: 1702}, Count{Name: "Ilo", N: 1108})
	m.Cuts = []Cut{{"priorities", counts(6120, Count{Name: "3 Media", N: 3250, Previous: ptr(3100)}, Count{Name: "4 Baja", N: 2401, Previous: ptr(2500)}, Count{Name: "2 Alta", N: 380, Previous: ptr(0)}, Count{Name: "1 Crítica", N: 89})},
		{"groups", counts(6120, Count{Name: "Mesa de ayuda", N: 3916}, Count{Name: "Soporte en sitio", N: 1200}, Count{Name: "Redes y comunicaciones", N: 604}, Count{Name: "Servidores y cuentas", N: 400})},
		{"sites", counts(6120, Count{Name: "Lima", N: 4000}, Count{Name: "Ilo", N: 2120})},
		{"queues", counts(8412, Count{Name: "mesa", N: 8000}, Count{Name: "vip", N: 412})}, {"call-types", counts(8412, Count{Name: "Consulta", N: 8412})}}
	m.Types = counts(6120, Count{Name: "Incidente", N: 3844}, Count{Name: "Solicitud", N: 1876}, Count{Name: "Consulta", N: 400})
	m.Modalities = counts(6120, Count{Name: "Teléfono", N: 4520}, Count{Name: "Correo", N: 980}, Count{Name: "En persona", N: 410}, Count{Name: "Web", N: 210})
	m.Proposals = []Proposal{
		{Subject: "OLA de Redes al 78,4 %", Evidence: "61 vencidos de 283; 44 quedaron sin tomar más de 4 h entre las 18 y las 20 h.", Action: "Extender la guardia de Redes hasta las 20 h y avisar al 50 % del plazo.", Owner: "Jefatura de Redes", Effect: "15 nov · volver a ≥ 95 % en diciembre", State: Missed},
		{Subject: "Correo: 918 casos, +128 %", Evidence: "Siete de cada diez fallan en el mismo paso; 212 usuarios llamaron dos o más veces.", Action: "Publicar la guía de migración y enviarla antes de cada lote; artículo KB-0412.", Owner: "Unidad de análisis", Effect: "8 nov · bajar a 450 casos en noviembre", State: AtRisk},
		{Subject: "Abandono alto el lunes 12", Evidence: "14,8 %: caída del enlace de Ilo. La carta de control lo señaló a las 9:40.", Action: "Mensaje de incidente masivo en el menú en menos de 10 minutos.", Owner: "Supervisión", Effect: "5 nov · abandono < 8 % en incidentes", State: AtRisk}}
	m.Activities = []Activity{{Date: time.Date(2026, 10, 6, 0, 0, 0, 0, lima), Text: "Inicio de la migración de buzones: tres lotes por semana, aviso a los usuarios la víspera."}, {Date: time.Date(2026, 10, 12, 0, 0, 0, 0, lima), Text: "Incidente masivo: enlace de Ilo caído de 9:40 a 11:15; 214 llamadas relacionadas."}}
	m.Quality = []string{"12 filas rechazadas de la central telefónica: hora de fin anterior a la de inicio.", "Datos telefónicos incompletos el 18 de octubre, 13:00–13:40: la central no entregó registros."}
	kept := func(clock, name string, met, breached, excused int) Kept {
		return Kept{Clock: clock, Name: name, Met: met, Breached: breached, Excused: excused, Value: ptr(float64(met) / float64(met+breached))}
	}
	m.Kept = []Kept{kept("sla_take_up", "1 Crítica", 118, 2, 0), kept("sla_take_up", "2 Alta", 905, 31, 1), kept("sla_take_up", "3 Media", 3210, 40, 0), kept("sla_take_up", "4 Baja", 1690, 4, 0),
		kept("sla_resolve", "1 Crítica", 101, 19, 2), kept("sla_resolve", "2 Alta", 871, 66, 0), kept("sla_resolve", "3 Media", 3081, 169, 0), kept("sla_resolve", "4 Baja", 1665, 28, 1),
		kept("ola", "Redes y comunicaciones", 222, 61, 3), kept("ola", "Servidores y cuentas", 310, 12, 0), kept("ola", "Aplicaciones corporativas de finanzas y logística", 240, 11, 0), kept("ola", "Andinet S.A.", 148, 0, 0)}
	m.Escalated = []Escalated{{Clock: "ola", Rung: 1, Fired: 143, Asked: 143, InTime: 121, Late: 14, False: 2}, {Clock: "ola", Rung: 2, Fired: 22, Asked: 22, InTime: 20}, {Clock: "resolve", Rung: 1, Fired: 318}, {Clock: "take_up", Rung: 1, Fired: 77, False: 1}}
	m.Survey = []IndexRow{csat, {ID: "response_rate", Name: "Tasa de respuesta", Measures: "respuestas ÷ invitaciones", Value: ptr(0.181), Unit: Share, Num: 1106, Den: 6110}, {ID: "nps", Name: "NPS", Measures: "promotores − detractores"}}
	m.Remarks = []Remark{{Score: 5, Text: "Me llamaron antes de que yo pudiera preguntar. Gracias."}, {Score: 2, Text: "Resolvieron la impresora, pero tuve que explicar lo mismo a tres personas distintas en dos días, y la tercera no tenía nada de lo que había contado a las otras dos ni sabía quién había estado en mi puesto."}, {Text: "Todo bien"}}
	m.Signals = []Signal{{Index: "Llamadas abandonadas", From: "12/10", Until: "12/10", Up: true, Value: 0.148, Expected: ptr(0.038), Unit: Share}, {Index: "Tiempo medio de llamada", From: "20/10", Up: true, Drift: true, Value: 371, Expected: ptr(340.0), Unit: Seconds}}
	m.Commitments = []Commitment{{Title: "Guardia de Redes hasta las 20 h", Owner: "Jefatura de Redes", Due: "15/09", Index: "OLA de resolutores", Before: ptr(0.784), After: ptr(0.958), To: 0.95, AtLeast: true, Unit: Share, Verdict: "achieved"},
		{Title: "Guía de migración de buzones antes de cada lote", Owner: "Unidad de análisis", Due: "08/11", Index: "Casos abiertos", Before: ptr(29.6), To: 15, Unit: Points, Verdict: "waiting"},
		{Title: "Segundo turno los lunes", Owner: "Supervisión", Due: "01/10", Index: "Llamadas abandonadas", Before: ptr(0.081), After: ptr(0.079), To: 0.05, Unit: Share, Verdict: "not_achieved"}}
	fillCalls(&m, lima)
	for _, r := range m.Rows {
		d := Definition{ID: r.ID, Name: r.Name, Formula: r.Measures, Num: r.Num, Value: r.Value, Unit: r.Unit}
		if r.ID != "offered" {
			d.Den = ptr(r.Den)
		}
		m.Definitions = append(m.Definitions, d)
	}
	return m
}

// fillCalls spreads calls over days and hours with the shape of a work week.
func fillCalls(m *Month, zone *time.Location) {
	shape := []int{51, 153, 294, 302, 202, 101, 119, 183, 208, 181, 105, 51, 18}
	for d := range 7 {
		for h := range 24 {
			m.HeatByHour[d][h] = -1
			if d < 5 && h >= 7 && h < 20 {
				m.HeatByHour[d][h] = shape[h-7] * (100 - 7*d) / 100
			} else if d == 5 && h >= 8 && h < 13 {
				m.HeatByHour[d][h] = shape[h-7] * 3 / 10
			}
		}
	}
	for day := 1; day <= 31; day++ {
		t := time.Date(2026, 10, day, 0, 0, 0, 0, zone)
		c := Day{Date: t}
		if w := weekday(t); w < 5 {
			c.Answered, c.Abandoned, c.Busy, c.Other = 380-20*w-day, 14+day%5, day%4, day%3
		} else if w == 5 {
			c.Answered, c.Abandoned = 70, 4
		}
		m.CallsByDay = append(m.CallsByDay, c)
	}
}
