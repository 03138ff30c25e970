package month

import (
	"context"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/tally"
)

// What is known of a month when its last window is over is what it is stated as.
// This workstation keeps the first statement that it made of a month beside the
// log: events that come later with a time of the month, or a contract that counts
// otherwise from now on, change its figures, and each change is told. What is kept
// is gone when the folder is derived anew.

// statement is a month as it was first told.
type statement struct {
	Contract desk.Stamp              `cbor:"1,keyasint"` // the version that it was counted by
	Figures  map[string]tally.Stated `cbor:"2,keyasint"`
}

func statedName(contract desk.ID, month string) string {
	return "stated/" + contract.String() + "/" + month
}

// restate adds what has changed since a month was stated; a month that is over and
// was never told gives what is to be kept of it.
func (m *monthSum) restate(a *app.MonthAnswer) (*kept, error) {
	if m.Now < m.period.To.Add(m.rules.ReopenIn).UnixMilli() {
		return nil, nil
	}
	contract, err := m.Names.Record(desk.ContractType, m.id)
	if err != nil {
		return nil, err
	}
	b, err := m.Reader.Blob(statedName(m.id, a.Month))
	if err != nil {
		return nil, err
	}
	var was statement
	if b == nil || desk.Decode(b, &was) != nil {
		s := statement{Contract: contract.Head, Figures: map[string]tally.Stated{}}
		for _, f := range a.Indices {
			s.Figures[f.ID] = f.Stated()
		}
		b, err := desk.Encode(s)
		return &kept{statedName(m.id, a.Month), b}, err
	}
	why := tally.ByLate
	if was.Contract != contract.Head {
		why = tally.ByContract
	}
	for _, f := range a.Indices {
		if s, told := was.Figures[f.ID]; told && !s.Same(f.Stated()) {
			a.Restated = append(a.Restated, tally.Restatement{ID: f.ID, Was: s, Is: f.Stated(), Why: why})
		}
	}
	return nil, nil
}

// kept is what a month was first told as, to be kept under a name.
type kept struct {
	name  string
	block []byte
}

func (k *kept) write(ctx context.Context, e *engine.Engine) error {
	return e.Log.Update(ctx, func(tx desk.Tx) error {
		if b, err := tx.Blob(k.name); err != nil || b != nil {
			return err // another asked at the same time
		}
		return tx.PutBlob(k.name, k.block)
	})
}
