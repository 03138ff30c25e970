package reports

import (
	"fmt"
	"time"
)

// Unheard says in a language that nobody listened to an exchange for a while, and how many
// calls went on meanwhile, whose end is not known: they are in no share. The instants are in
// the zone of the report.
func Unheard(tag, pbx string, from, to time.Time, calls int) string {
	l := language(tag)
	begin := l.date(from) + ", " + from.Format("15:04")
	end := to.Format("15:04")
	if from.YearDay() != to.YearDay() || from.Year() != to.Year() {
		end = l.date(to) + ", " + end
	}
	many := [langs]string{"llamadas", "calls", "chamadas"}[l.base()]
	if calls == 1 {
		many = [langs]string{"llamada", "call", "chamada"}[l.base()]
	}
	return fmt.Sprintf([langs]string{
		"Datos telefónicos incompletos (%s): %s–%s, %d %s cuyo fin no se conoce, fuera de toda proporción.",
		"Telephone data incomplete (%s): %s–%s, %d %s whose end is not known, in no share.",
		"Dados telefônicos incompletos (%s): %s–%s, %d %s cujo fim não se conhece, fora de toda proporção."}[l.base()], pbx, begin, end, calls, many)
}
