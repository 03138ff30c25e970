package local

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"punto/app"
	"punto/app/phone"
	"punto/app/tally"
)

// One value that no JSON holds was the end of every list that it is in.
func TestAnAnswerComesWhateverOneRowHolds(t *testing.T) {
	good := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	is := app.CallsAnswer{Rows: []app.CallRow{{Call: phone.Call{UniqueID: "1", OfferedAt: good}}, {Call: phone.Call{UniqueID: "2", OfferedAt: time.Date(40_000, 1, 1, 0, 0, 0, 0, time.UTC)}}}}
	b, err := encode(is)
	if err != nil {
		t.Fatal(err)
	}
	var a app.CallsAnswer
	if err := json.Unmarshal(b, &a); err != nil || len(a.Rows) != 2 || a.Rows[0].Bad || !a.Rows[1].Bad || !a.Rows[0].Call.OfferedAt.Equal(good) || a.Rows[1].Call.UniqueID != "2" {
		t.Errorf("%+v, %v", a, err)
	}
	if is.Rows[1].Bad || is.Rows[1].Call.OfferedAt.Year() != 40_000 {
		t.Error("the answer itself was changed")
	}
	nan := math.NaN()
	if b, err = encode(app.MonthAnswer{Month: "2026-11", Indices: []tally.Figure{{ID: "asa", Value: &nan}}}); err != nil || !json.Valid(b) {
		t.Errorf("a figure that is no number: %v", err)
	}
}
