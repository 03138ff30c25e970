package tally

// Reasons of a Restatement.
const (
	ByReopening = "reopened" // a case was reopened within the window, after the month had ended
	ByExcuse    = "excused"  // a breach was excused, or no longer is, after the month had ended
	ByLate      = "late"     // events of the month arrived after it was stated
	ByContract  = "contract" // the contract counts otherwise than when the month was stated
)

// Restatement is what came after a month had ended and changed one of its
// figures: was, is, why. A figure whose window goes on after the month (what is
// reopened within R days) is printed as Is; any other stays as it Was.
type Restatement struct {
	ID  string `json:"id"` // of the index
	Was Stated `json:"was"`
	Is  Stated `json:"is"`
	Why string `json:"why"`         // reopened, excused, late, contract
	N   int    `json:"n,omitempty"` // how many cases or runs made it; 0 = not told
}

// Stated is a figure as it was or is printed. Value is nil where there is none.
type Stated struct {
	Num   float64  `cbor:"1,keyasint" json:"num"`
	Den   *float64 `cbor:"2,keyasint" json:"den"`
	Value *float64 `cbor:"3,keyasint" json:"value"`
}

// Stated is the figure without its name.
func (f Figure) Stated() Stated { return Stated{f.Num, f.Den, f.Value} }

// Same tells whether two statements print the same.
func (s Stated) Same(o Stated) bool {
	return s.Num == o.Num && same(s.Den, o.Den) && (s.Value == nil) == (o.Value == nil)
}

func same(a, b *float64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// restated are the figures that what comes after a month can change: how each was
// and is filled.
var restated = [...]struct {
	id, why string
	was, is filler
}{
	{"reopen_rate", ByReopening, share(of(cReopenedThen), of(cResolved)), share(of(cReopened), of(cResolved))},
	{"solved_online", ByReopening, share(of(cOnlineEligibleThen), of(cEligible)), share(of(cOnlineEligible), of(cEligible))},
	{"solved_online_all", ByReopening, share(of(cOnlineThen), of(cResolved)), share(of(cOnline), of(cResolved))},
	{"sla_take_up", ByExcuse, share(of(cTakeUp), of(cTakeUp, cTakeUp+1)), share(of(cTakeUp+3), of(cTakeUp+3, cTakeUp+4))},
	{"sla_resolve", ByExcuse, share(of(cResolve), of(cResolve, cResolve+1)), share(of(cResolve+3), of(cResolve+3, cResolve+4))},
	{"sla_next_answer", ByExcuse, share(of(cAnswer), of(cAnswer, cAnswer+1)), share(of(cAnswer+3), of(cAnswer+3, cAnswer+4))},
	{"ola", ByExcuse, share(of(cOLA), of(cOLA, cOLA+1)), share(of(cOLA+3), of(cOLA+3, cOLA+4))},
	{"sla_excused", ByExcuse, total(cTakeUp+2, cResolve+2), total(cTakeUp+5, cResolve+5)},
	{"ola_excused", ByExcuse, total(cOLA + 2), total(cOLA + 5)},
}

// Restated lists what came after the month had ended and changed its figures, in
// the order of their definitions.
func (a *Accumulator) Restated() (out []Restatement) {
	for _, x := range restated {
		var was, is Figure
		x.was(a, &was)
		x.is(a, &is)
		if was.Stated().Same(is.Stated()) {
			continue
		}
		n := was.Num - is.Num
		if was.Den != nil {
			n += *was.Den - *is.Den
		}
		out = append(out, Restatement{ID: x.id, Was: was.Stated(), Is: is.Stated(), Why: x.why, N: int(max(n, -n))})
	}
	return out
}
