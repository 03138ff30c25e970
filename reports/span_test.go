package reports

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"
)

// No word of a report of a week or a day speaks of a month, in any language; and a report of
// a month keeps its words.
func TestAWeekAndADayHaveTheirOwnWords(t *testing.T) {
	monthly := regexp.MustCompile(`(?i)\b(mes|meses|mês|months?|monthly|mensual|mensal)\b`)
	for key := range words {
		for l := range lang(langs) {
			for _, span := range []lang{langs, 2 * langs} {
				if s := (l + span).t(key); key != "label month" && monthly.MatchString(s) {
					t.Errorf("%s of %v says %q", key, l+span, s)
				}
			}
		}
	}
	for _, x := range []struct {
		span  Span
		lang  string
		when  string
		prior string
		end   string
	}{
		{OfMonth, "es", "Octubre 2026", "2026-09-01", "2026-11-01"}, {OfWeek, "es", "Semana 41, 2026", "2026-09-28", "2026-10-12"}, {OfWeek, "pt", "Semana 41, 2026", "2026-09-28", "2026-10-12"},
		{OfDay, "en", "5 October 2026", "2026-10-04", "2026-10-06"},
	} {
		m := sample()
		m.Span, m.Lang, m.Month, m.Name = x.span, x.lang, time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC), "Informe de prueba"
		if l := m.language(); l.when(m) != x.when || m.previous().Format(time.DateOnly) != x.prior || m.step(1).Format(time.DateOnly) != x.end || l.tag() != x.lang {
			t.Errorf("%v: %q, %v to %v", x, l.when(m), m.previous(), m.step(1))
		}
		var b bytes.Buffer
		if err := WriteHTML(&b, m); err != nil || !strings.Contains(b.String(), x.when) || !strings.Contains(b.String(), "Informe de prueba") {
			t.Errorf("%v: %v", x, err)
		}
		if err := WritePDF(&b, m); err != nil {
			t.Errorf("%v: %v", x, err)
		}
		m.DataClosed = m.step(1).Add(-time.Minute)
		if m.Partial() {
			t.Errorf("%v: a whole period is a part", x)
		}
	}
}
