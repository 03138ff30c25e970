package reports

import (
	"strconv"
	"strings"
	"time"

	"punto/reports/scene"
)

// A report can be of a week or of a day: the same parts, other words for the time.

// Span is how long the time of a report is. The zero value is a month.
type Span string

// Spans. A week begins on its first day, whichever that is.
const (
	OfMonth Span = ""
	OfWeek  Span = "week"
	OfDay   Span = "day"
)

// step is the beginning of the period n later.
func (m Month) step(n int) time.Time {
	t := m.Month
	switch m.Span {
	case OfWeek:
		return time.Date(t.Year(), t.Month(), t.Day()+7*n, 0, 0, 0, 0, t.Location())
	case OfDay:
		return time.Date(t.Year(), t.Month(), t.Day()+n, 0, 0, 0, 0, t.Location())
	}
	return time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, t.Location())
}

// previous is the beginning of the period before.
func (m Month) previous() time.Time { return m.step(-1) }

// language is that of the report, in the words for its time.
func (m Month) language() lang {
	l := language(m.Lang)
	switch m.Span {
	case OfWeek:
		return l + langs
	case OfDay:
		return l + 2*langs
	}
	return l
}

// when names the time of a report: "Octubre 2026", "Semana 41, 2026", "5 de octubre de 2026".
func (l lang) when(m Month) string {
	switch m.Span {
	case OfWeek:
		y, w := m.Month.ISOWeek()
		return l.fill("week n", strconv.Itoa(w), strconv.Itoa(y))
	case OfDay:
		return l.date(m.Month)
	}
	return l.title(m.Month)
}

// brief is the head of a column of a period that begins at t.
func (l lang) brief(m Month, t time.Time) string {
	if m.Span == OfMonth {
		return l.short(t)
	}
	return t.Format("02/01")
}

// headed is the head of the column of this period.
func (l lang) headed(m Month) string {
	if m.Span == OfMonth {
		s := l.title(m.Month)
		return s[:len(s)-5]
	}
	return m.Month.Format("02/01")
}

// spoken are the fixed words for a month in the words for a week and for a day.
var spoken = func() (r [2][langs]*strings.Replacer) {
	r[0][es] = strings.NewReplacer("{b} meses", "{b} semanas", "los últimos", "las últimas", "13 meses", "13 semanas", "meses anteriores", "semanas anteriores", "mes a mes", "semana a semana", "este mes", "esta semana",
		"del mes", "de la semana", "en el mes", "en la semana", "El mes", "La semana", "mensual", "semanal", "MENSUAL", "SEMANAL")
	r[0][en] = strings.NewReplacer("month", "week", "Month", "Week", "MONTH", "WEEK")
	r[0][pt] = strings.NewReplacer("dos últimos {b} meses", "das últimas {b} semanas", "13 meses", "13 semanas", "meses anteriores", "semanas anteriores", "mês a mês", "semana a semana", "neste mês", "nesta semana", "deste mês", "desta semana",
		"do mês", "da semana", "no mês", "na semana", "O mês", "A semana", "mensal", "semanal", "MENSAL", "SEMANAL")
	r[1][es] = strings.NewReplacer("{b} meses", "{b} días", "13 meses", "13 días", "meses anteriores", "días anteriores", "mes a mes", "día a día", "este mes", "este día",
		"del mes", "del día", "en el mes", "en el día", "El mes", "El día", "mensual", "diario", "MENSUAL", "DIARIO")
	r[1][en] = strings.NewReplacer("monthly", "daily", "Monthly", "Daily", "MONTHLY", "DAILY", "month", "day", "Month", "Day")
	r[1][pt] = strings.NewReplacer("meses", "dias", "mês", "dia", "mensal", "diário", "MENSAL", "DIÁRIO")
	return r
}()

// named is what a report is called.
func (l lang) named(m Month) string {
	if m.Name != "" {
		return m.Name
	}
	return l.t("title")
}

// eyebrow is that in capitals, over a title.
func (l lang) eyebrow(m Month, key string) string {
	if m.Name != "" {
		return strings.ToUpper(m.Name)
	}
	return l.t(key)
}

// timed is the time of a report inside a line.
func (l lang) timed(m Month) string {
	if m.Span == OfMonth {
		return l.month(m.Month) + " " + strconv.Itoa(m.Month.Year())
	}
	return l.when(m)
}

// before is the period before, under a figure.
func (l lang) before(m Month) string {
	if m.Span == OfMonth {
		return l.month(m.previous())
	}
	return l.brief(m, m.previous())
}

// whenSize is the largest size in which the time fits over a summary.
func whenSize(s string) float64 {
	size := 25.0
	for size > 14 && scene.Width(scene.Bold, size, s) > 102 {
		size--
	}
	return size
}
