// Package reports lays out the month's report of a contract: pages for paper
// (PDF) and screen (image), and the same figures as JSON.
//
// It never computes a figure of the service, never reads a store, the clock or
// the machine: every value comes from the caller in a Month, and what it adds
// are sentences, order and form. It promises that the same Month gives the same
// bytes, that no text from the data can make it fail, that a verdict compares
// unrounded values, and that an empty denominator prints "-", never 0 % or
// 100 %.
package reports

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Unit says how a value is written. The zero value is Number.
type Unit string

// The units: Share lies between 0 and 1 and prints as a percentage; Seconds
// print as m:ss; Score with two decimals; Points with one; Number whole.
const (
	Number  Unit = ""
	Share   Unit = "share"
	Seconds Unit = "seconds"
	Score   Unit = "score"
	Points  Unit = "points"
)

// Op is the side of the target that keeps the promise; empty: no promise.
type Op string

// The operators; the target itself keeps the promise.
const (
	None    Op = ""
	AtLeast Op = ">="
	AtMost  Op = "<="
)

// State is how a figure stands. The zero value leaves it to IndexRow.Verdict.
type State string

// The states. A caller may only lower a met figure to AtRisk (a deviation was
// seen) or take one out with NotJudged, never a missed one; Check refuses a
// state that the unrounded figures contradict.
const (
	Derive    State = ""
	Met       State = "met"
	AtRisk    State = "at risk"
	Missed    State = "missed"
	NotJudged State = "not judged" // no target, or fewer than MinN
	NoData    State = "no data"    // empty denominator
)

// IndexRow is one index of the month with its promise and its history.
type IndexRow struct {
	ID       string     `json:"id"`       // machine name, such as service_level_strict
	Name     string     `json:"name"`     // for people, in the report's language
	Short    string     `json:"short"`    // for a tile; empty: Name
	Measures string     `json:"measures"` // "contestadas en 20 s ÷ ofrecidas"
	Target   float64    `json:"target"`   // in the unit of Value; only with Op
	Op       Op         `json:"op"`
	Value    *float64   `json:"value"` // nil: empty denominator, printed "-"
	Unit     Unit       `json:"unit"`
	Num      float64    `json:"num"`
	Den      float64    `json:"den"`      // 0 with a nil Value; 0 too for plain counts
	MinN     float64    `json:"min_n"`    // below this denominator the figure is grey and not judged; 0: no minimum
	N        *int       `json:"n"`        // size of a mean's or a backlog's sample; nil: not one
	Median   *float64   `json:"median"`   // of the sample, in the unit of Value
	P90      *float64   `json:"p90"`      //
	Maybe    int        `json:"maybe"`    // of Num, how many a reopening may still take out: provisional
	Needs    string     `json:"needs"`    // with a nil Value: the words that say which data the index would need
	Margin   float64    `json:"margin"`   // met by at most this much is at risk; 0: none
	Previous *float64   `json:"previous"` // of the month before; nil: unknown
	History  []*float64 `json:"history"`  // 13 months, this one last; nil entries: no figure
	State    State      `json:"state"`
}

// Tile is one of the large figures on top of page 1.
type Tile struct {
	Label string   `json:"label"`
	Row   IndexRow `json:"row"`  // the figure, its target and history
	Note  string   `json:"note"` // under the value; empty: the change against the month before
}

// Count is a line of a breakdown: cases by origin, type, modality, or report.
type Count struct {
	Name     string   `json:"name"`
	N        int      `json:"n"`
	Previous *int     `json:"previous"` // of the month before; nil: unknown
	Share    *float64 `json:"share"`    // of the month's total, 0 to 1; nil: empty total
	Cum      *float64 `json:"cum"`      // share with all lines above; nil: empty total
	Others   bool     `json:"others"`   // the rest put together: printed last and grey
}

// Cut is the month's cases, or calls, by one thing more.
type Cut struct {
	ID   string  `json:"id"` // one of CutIDs; others are not printed
	List []Count `json:"list"`
}

// CutIDs are what the report counts by besides origin, type, modality and reason, in their
// order: cases by priority, by group and by site, calls by queue and by type.
var CutIDs = []string{"priorities", "groups", "sites", "queues", "call-types"}

// Flow is what became of the month's calls. Identity: Offered = Answered +
// Abandoned + Busy + Overflow + Withdrawn. ShortAbandons, ClosedHours and
// LostInMenu are counted apart and are in no percentage.
type Flow struct {
	Offered       int `json:"offered"`
	Answered      int `json:"answered"`
	Abandoned     int `json:"abandoned"`
	Busy          int `json:"busy"`
	Overflow      int `json:"overflow"`
	Withdrawn     int `json:"withdrawn"`
	ShortAbandons int `json:"short_abandons"`
	ClosedHours   int `json:"closed_hours"`
	LostInMenu    int `json:"lost_in_menu"`
}

// Gap is Offered less the sum of its parts: 0 when the identity holds.
func (f Flow) Gap() int {
	return f.Offered - f.Answered - f.Abandoned - f.Busy - f.Overflow - f.Withdrawn
}

// Day is one day's calls by fate; Other is overflow and withdrawn.
type Day struct {
	Date      time.Time `json:"date"` // any instant of the day, in the contract's zone
	Answered  int       `json:"answered"`
	Abandoned int       `json:"abandoned"`
	Busy      int       `json:"busy"`
	Other     int       `json:"other"`
}

// Activity is something that the desk did in the month.
type Activity struct {
	Date time.Time `json:"date"`
	Text string    `json:"text"`
}

// Proposal is a deviation with its evidence and what is proposed about it.
type Proposal struct {
	Subject  string `json:"subject"`
	Evidence string `json:"evidence"`
	Action   string `json:"action"`
	Owner    string `json:"owner"`
	Effect   string `json:"effect"` // date and expected effect
	State    State  `json:"state"`  // Missed, AtRisk or Met (done)
}

// Definition is one entry of the annex: how a figure was made.
type Definition struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Formula string   `json:"formula"`
	Num     float64  `json:"num"`
	Den     *float64 `json:"den"` // nil: a plain count
	Value   *float64 `json:"value"`
	Unit    Unit     `json:"unit"`
	N       *int     `json:"n"` // of a mean, with its median and 90th percentile
	Median  *float64 `json:"median"`
	P90     *float64 `json:"p90"`
}

// Restated is a figure of this month that later events changed: what was printed
// stays, and this line says what it is now and why.
type Restated struct {
	Name string   `json:"name"`
	Was  *float64 `json:"was"`
	Is   *float64 `json:"is"`
	Unit Unit     `json:"unit"`
	Why  string   `json:"why"`
	N    int      `json:"n"` // rows that changed
}

// Flowed is the identity of the cases of a month, in events: Before + Opened +
// Reopened - Resolved - Cancelled = After.
type Flowed struct {
	Before    int `json:"before"` // open at the end of the month before
	Opened    int `json:"opened"`
	Reopened  int `json:"reopened"`
	Resolved  int `json:"resolved"`
	Cancelled int `json:"cancelled"` // or merged into another
	After     int `json:"after"`
}

// Gap is After less what the events make of Before: 0 when the identity holds.
func (f Flowed) Gap() int {
	return f.After - f.Before - f.Opened - f.Reopened + f.Resolved + f.Cancelled
}

// Month is the whole report: an immutable value. Nothing here is changed by
// this package, and callers should not change it while it is being written.
type Month struct {
	Organisation string       `json:"organisation"` // who runs the desk
	Client       string       `json:"client"`
	Contract     string       `json:"contract"`
	Zone         string       `json:"zone"`           // IANA name of the contract's zone
	Name         string       `json:"name,omitempty"` // of its definition; empty: the monthly report
	Span         Span         `json:"span,omitempty"`
	Month        time.Time    `json:"month"` // any instant of the month, in the contract's zone; of a week or day, its first
	Period       string       `json:"period"`
	Hours        string       `json:"hours"`    // hours agreed, in words
	Headline     string       `json:"headline"` // empty: by rule, see Conclude
	Lead         string       `json:"lead"`     // empty: by rule, see Conclude
	Tiles        []Tile       `json:"tiles"`    // the first five are printed; none: the first indices
	Rows         []IndexRow   `json:"rows"`
	Origins      []Count      `json:"origins"`
	Types        []Count      `json:"types"`
	Modalities   []Count      `json:"modalities"`
	Frequent     []Count      `json:"frequent"` // most first, Others last
	Cuts         []Cut        `json:"cuts,omitempty"`
	Proposals    []Proposal   `json:"proposals"`
	Activities   []Activity   `json:"activities"`
	Calls        Flow         `json:"calls"`
	CallsByDay   []Day        `json:"calls_by_day"`
	HeatByHour   [7][24]int   `json:"heat_by_hour"` // mean calls offered in a day's hour, Monday first, local hour, rounded; -1: no service
	Cases        *Flowed      `json:"cases"`        // nil: not known
	Kept         []Kept       `json:"kept"`         // by priority, most urgent first, and by unit
	Escalated    []Escalated  `json:"escalated"`    // by clock and rung
	Survey       []IndexRow   `json:"survey"`       // what users answered
	Remarks      []Remark     `json:"remarks"`      // the newest first
	Signals      []Signal     `json:"signals"`      // what the analysis found, the oldest first
	Commitments  []Commitment `json:"commitments"`  // what was proposed, and came of it
	Restated     []Restated   `json:"restated"`
	Quality      []string     `json:"quality"` // data quality: rejected rows, "datos telefónicos incompletos"
	Definitions  []Definition `json:"definitions"`
	Parts        []string     `json:"parts,omitempty"`      // which, in their order; see Parts; none: all
	Comments     []Comment    `json:"comments,omitempty"`   // of the analyst, in the order of the parts
	Changes      []Change     `json:"changes,omitempty"`    // against the revision before
	DataClosed   time.Time    `json:"data_closed,omitzero"` // cut-off; zero: not stated; before the month's end: a part month
	SettledAt    time.Time    `json:"settled_at,omitzero"`  // from when reopenings change nothing more; zero: nothing is provisional
	IssuedAt     time.Time    `json:"issued_at"`            // when the report was issued: the only other time that the file carries
	Revision     int          `json:"revision"`             // 1 is the first issue; 0 counts as 1
	InputHash    string       `json:"input_hash"`           // of the rows behind the figures
	Lang         string       `json:"lang"`                 // es, en or pt; others print in es
}

// Partial tells whether the data end before the month does; its last minute is
// its end.
func (m Month) Partial() bool {
	return !m.DataClosed.IsZero() && m.DataClosed.Add(time.Minute).Before(m.step(1))
}

// settled is the month as it is written: its revision, headline, lead and states
// are those that the pages print.
func (m Month) settled() Month {
	m.Revision = max(m.Revision, 1)
	headline, lead := Conclude(m)
	if m.Headline == "" {
		m.Headline = headline
	}
	if m.Lead == "" {
		m.Lead = lead
	}
	m.Rows = slices.Clone(m.Rows)
	for i := range m.Rows {
		m.Rows[i].State = m.Rows[i].Verdict()
	}
	m.Survey = slices.Clone(m.Survey)
	for i := range m.Survey {
		m.Survey[i].State = m.Survey[i].Verdict()
	}
	m.Tiles = slices.Clone(m.Tiles)
	for i := range m.Tiles {
		m.Tiles[i].Row.State = m.Tiles[i].Row.Verdict()
	}
	return m
}

// Check tells what makes the month unfit to print: no month, no date of issue,
// a state that its unrounded figures contradict, or a value without
// denominator. All faults are reported together.
func (m Month) Check() error {
	var errs []error
	if m.Month.IsZero() {
		errs = append(errs, errors.New("the report has no month: set Month.Month"))
	}
	if m.IssuedAt.IsZero() {
		errs = append(errs, errors.New("the report has no date of issue: set Month.IssuedAt, it is never taken from the clock"))
	}
	for _, r := range m.Rows {
		if err := r.check(); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// check refuses what the caller may not say: that a promise was kept which was not, or
// missed which was kept. To leave a judgement out, or to see a risk, is the caller's.
func (r IndexRow) check() error {
	fact := r
	fact.State = Derive
	was := fact.Verdict()
	switch {
	case r.State == Derive || r.State == was || r.State == NotJudged && was != Missed:
		return nil
	case r.State == AtRisk && was == Met, r.State == Met && was == AtRisk:
		return nil
	}
	return fmt.Errorf("index %q says %q, its unrounded figures say %q: leave State empty or correct the figures", r.ID, r.State, was)
}

// Verdict is the state as printed: the caller's, else the unrounded value
// against the target; at the target the promise is kept.
func (r IndexRow) Verdict() State {
	switch {
	case r.State != Derive:
		return r.State
	case r.Value == nil || !finite(*r.Value):
		return NoData
	case r.Op == None || r.Few():
		return NotJudged
	case !r.keeps(*r.Value):
		return Missed
	case r.Margin > 0 && abs(*r.Value-r.Target) <= r.Margin:
		return AtRisk
	}
	return Met
}

// Few tells whether the figure rests on fewer than MinN.
func (r IndexRow) Few() bool { return r.MinN > 0 && r.Den < r.MinN }

// keeps tells whether a value keeps the promise: at the target it does.
func (r IndexRow) keeps(v float64) bool {
	if r.Op == AtMost {
		return v <= r.Target
	}
	return v >= r.Target
}
