package month

import (
	"punto/app/desk"
	"punto/app/switchboard"
)

// gaps are the times of the month in which nobody listened to an exchange, cut to the month
// or to now. The calls that went on then ended unseen: they are unknown, in no share.
func (m *monthSum) gaps() (all []desk.Gap, err error) {
	from := m.period.From.UnixMilli()
	err = switchboard.Gaps(m.Names, from, m.instant, func(_ desk.ID, g desk.Gap) {
		if g.From = max(g.From, from); g.To == 0 || g.To > m.instant {
			g.To = m.instant
		}
		all = append(all, g)
	})
	return all, err
}
