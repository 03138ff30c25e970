package cases

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// What clocks have fired stands in the history of their case: whom it told, and who
// acknowledged it.

// alarmsShown is of how many the history tells.
const alarmsShown = 100

func (c *casePage) loadAlarms() {
	id := c.id
	page.Ask(c.k, app.Alarms{Case: id, Limit: alarmsShown}, func(a app.AlarmsAnswer) {
		if c.id == id {
			slices.SortStableFunc(a.Rows, func(x, y app.AlarmRow) int {
				return cmp.Or(cmp.Compare(x.FiredAt, y.FiredAt), cmp.Compare(x.Alarm.DueAt, y.Alarm.DueAt))
			})
			c.alarms = a.Rows
			c.told.changed()
			c.k.Refresh()
		}
	})
}

// alarm sets one alarm: which clock reached what, whom it told, who acknowledged it.
func (c *casePage) alarm(p *look.Painter, r *app.AlarmRow, w float32) []line {
	k, x := c.k, &r.Alarm
	kind, _, _ := strings.Cut(x.Clock, "/")
	what := k.T("fired.at", "Percent", x.Percent, "Clock", k.Words.T("clock."+kind))
	mark := look.WatchMark
	switch {
	case x.Percent >= 100:
		mark = look.FailMark
	case x.Percent == 0 && x.Offset >= 0:
		mark, what = look.FailMark, k.T("fired.after", "Time", page.Span(time.Duration(x.Offset)*time.Second), "Clock", k.Words.T("clock."+kind))
	case x.Percent == 0:
		what = k.T("fired.before", "Time", page.Span(time.Duration(-x.Offset)*time.Second), "Clock", k.Words.T("clock."+kind))
	}
	var body []string
	if to := c.agents(x.To); to != "" {
		body = append(body, k.T("fired.told", "Who", to))
	}
	switch {
	case r.False:
		body = append(body, k.T("fired.false"))
	case x.AckAt != 0:
		body = append(body, k.T("fired.acked", "Who", c.agents([]desk.ID{x.AckBy}), "When", k.At(time.UnixMilli(x.AckAt))))
	case x.AckDue != 0:
		body = append(body, k.T("fired.unacked"))
	}
	at := time.UnixMilli(r.FiredAt).In(k.Zone())
	out := []line{{at: 74, label: c.when(at), mark: mark, spans: []look.Span{{S: what, Style: look.Style{Bold: true}}}}}
	whole := fmt.Sprintf("%s %s\n%s", at.Format("2/1/2006 15:04"), what, strings.Join(body, "\n"))
	for _, s := range body {
		for _, part := range said(s, w, look.Style{Size: 12}) {
			out = append(out, line{at: 74, spans: []look.Span{{S: part, Style: look.Style{Size: 12, Color: p.Muted}}}})
		}
	}
	for i := range out {
		out[i].copies = whole
	}
	return out
}

// agents are the names of some, as far as they are known.
func (c *casePage) agents(ids []desk.ID) string {
	var names []string
	for _, a := range c.k.Agents {
		if slices.Contains(ids, a.ID) {
			names = append(names, a.Of.Name)
		}
	}
	return strings.Join(names, ", ")
}
