package reports_test

import (
	"testing"
	"time"

	"punto/reports"
)

func TestWhatNobodyHeardIsSaid(t *testing.T) {
	at := time.Date(2026, 10, 18, 10, 2, 0, 0, time.UTC)
	for _, x := range []struct {
		lang  string
		to    time.Time
		calls int
		want  string
	}{
		{"es", at.Add(7 * time.Minute), 3, "Datos telefónicos incompletos (central): 18 de octubre de 2026, 10:02–10:09, 3 llamadas cuyo fin no se conoce, fuera de toda proporción."},
		{"en", at.Add(7 * time.Minute), 1, "Telephone data incomplete (central): 18 October 2026, 10:02–10:09, 1 call whose end is not known, in no share."},
		{"pt", at.Add(24 * time.Hour), 0, "Dados telefônicos incompletos (central): 18 de outubro de 2026, 10:02–19 de outubro de 2026, 10:02, 0 chamadas cujo fim não se conhece, fora de toda proporção."},
	} {
		if got := reports.Unheard(x.lang, "central", at, x.to, x.calls); got != x.want {
			t.Errorf("%s", got)
		}
	}
}
