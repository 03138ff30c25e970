package cases

import (
	"slices"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// queue are the open cases of one view as the desk chooses and sorts them, loaded a page
// at a time. What stands stays until other rows come, and the mark stays on its case.
type queue struct {
	k      *page.Kit
	list   *look.List
	of     app.Queue
	newest bool // not of the open ones: all cases, the last one first
	rows   []app.CaseRow
	lines  []queueLine
	bands  []int
	counts app.QueueCounts
	total  int
	marked map[desk.ID]desk.Number

	shows   func(*app.CaseRow) // the mark stands on another case; nil = on none
	stays   func() bool        // somebody works on the case that is shown: it stays though its row goes
	on      desk.ID            // the case that is shown
	next    []byte             // of the newest
	more    bool
	loading bool
	first   bool // the mark goes to the first row
	toEnd   bool // End was pressed: all is loaded, and the mark goes to the last row
	gen     int  // of what is asked; answers of an older one are dropped
	asked   time.Time
	latest  page.Latest
}

// queueLine is a line of the list: the heading of a band, or a row.
type queueLine struct {
	band app.Band // NoBand = a row
	row  int
}

// banded tells that the rows stand under the bands.
func (q *queue) banded() bool { return q.of.By == "" && !q.newest }

// reload asks for what stands there again, as far down as it was loaded.
func (q *queue) reload() { q.ask(0, max(page.PageRows, len(q.rows))) }

// home asks for something else: it begins at the first row.
func (q *queue) home() {
	q.first, q.rows, q.lines = true, nil, nil
	q.list.Selected = 0
	q.ask(0, page.PageRows)
}

func (q *queue) ask(after, limit int) {
	q.gen++
	gen := q.gen
	q.loading, q.asked = true, q.k.Now()
	if q.newest {
		of := app.Cases{By: "opened", Limit: min(limit, 1000)}
		if after > 0 {
			of.After = q.next
		}
		page.AskLatest(q.k, &q.latest, of, func(a app.CasesAnswer) {
			if q.next = a.Next; gen == q.gen {
				q.take(after, a.Rows, a.Next != nil)
			}
		})
		return
	}
	of := q.of
	of.After, of.Limit = after, min(limit, 1000)
	page.AskLatest(q.k, &q.latest, of, func(a app.QueueAnswer) {
		if gen != q.gen {
			return
		}
		q.total, q.bands, q.counts = a.Total, a.Bands, a.Counts
		q.take(after, a.Rows, after+len(a.Rows) < a.Total && len(a.Rows) > 0)
	})
}

// take puts rows in their place; those that came twice, for others moved meanwhile,
// stand once.
func (q *queue) take(after int, rows []app.CaseRow, more bool) {
	q.loading, q.more = false, more
	if after == 0 {
		q.rows = nil
	}
	known := map[desk.ID]bool{}
	for _, r := range q.rows {
		known[r.ID] = true
	}
	for _, r := range rows {
		if !known[r.ID] {
			q.rows = append(q.rows, r)
		}
	}
	q.list.Empty = [2]string{q.k.T("list.none"), q.k.T("list.noneHint")}
	q.lay()
	switch i := slices.IndexFunc(q.lines, func(l queueLine) bool { return l.band == app.NoBand && q.rows[l.row].ID == q.on }); {
	case q.toEnd:
		q.list.Select(len(q.lines) - 1)
		q.toEnd = more
	case q.first:
		q.first = false
		q.begin()
	case i >= 0: // the mark stays on its case
		q.list.Selected = i
	case !q.on.IsZero() && q.stays():
		q.list.Selected = min(q.list.Selected, max(0, len(q.lines)-1))
	default:
		q.begin()
	}
	q.list.Refresh()
	q.ahead()
}

// begin puts the mark where it was, or where it can be.
func (q *queue) begin() {
	if q.list.Select(q.list.Selected); len(q.rows) == 0 {
		q.show(nil)
	}
}

// lay puts the headings of the bands between the rows.
func (q *queue) lay() {
	q.lines = nil
	for i := range q.rows {
		if b := q.rows[i].Band; q.banded() && (i == 0 || b != q.rows[i-1].Band) {
			q.lines = append(q.lines, queueLine{band: b, row: i})
		}
		q.lines = append(q.lines, queueLine{row: i})
	}
}

// ahead loads more when the end of what is loaded comes near.
func (q *queue) ahead() {
	if _, to := q.list.Seen(); q.more && !q.loading && (q.toEnd || to+page.PageRows/2 > len(q.lines)) {
		q.ask(len(q.rows), page.PageRows)
	}
}

// selected is the row on which the mark stands; nil when there is none.
func (q *queue) selected() *app.CaseRow { return q.at(q.list.Selected) }

func (q *queue) at(i int) *app.CaseRow {
	if i < 0 || i >= len(q.lines) || q.lines[i].band != app.NoBand {
		return nil
	}
	return &q.rows[q.lines[i].row]
}

// show tells that the mark stands on a case.
func (q *queue) show(r *app.CaseRow) {
	id := desk.ID{}
	if r != nil {
		id = r.ID
	}
	if id != q.on {
		q.on = id
		q.shows(r)
	}
}

// mark marks a row or takes its mark away, and goes on to the next one.
func (q *queue) mark() {
	r := q.selected()
	if r == nil {
		return
	}
	if _, on := q.marked[r.ID]; on {
		delete(q.marked, r.ID)
	} else {
		q.marked[r.ID] = r.Number
	}
	q.list.Select(q.list.Selected + 1)
	q.k.Refresh()
}

// markAll marks all rows that are loaded, or takes all marks away.
func (q *queue) markAll() {
	if len(q.marked) > 0 {
		clear(q.marked)
	} else {
		for i := range q.rows {
			q.marked[q.rows[i].ID] = q.rows[i].Number
		}
	}
	q.k.Refresh()
}
