package surveys

import (
	"bytes"
	"slices"

	"punto/app/desk"
	"punto/app/engine"
)

// An invitation is what its events say: the first invites, each further one gives it
// another token, and the first answer before it expired counts, wherever others were
// given. All workstations come to the same one.

// mostTokens is how many tokens of one invitation hold.
const mostTokens = 8

// view is an invitation as it is stored.
type view struct {
	Of         desk.Invited   `cbor:"1,keyasint"`
	At         int64          `cbor:"2,keyasint"` // when it was made
	Hashes     [][]byte       `cbor:"3,keyasint,omitempty"`
	LastAt     int64          `cbor:"4,keyasint"`           // when a token was given last
	Answer     *desk.Answered `cbor:"5,keyasint,omitempty"` // nil = none yet
	AnsweredAt int64          `cbor:"6,keyasint,omitempty"`
	Reader     desk.ID        `cbor:"7,keyasint,omitempty"` // the agent who read it
	Given      int            `cbor:"8,keyasint,omitempty"` // answers that were given in all
	Moot       bool           `cbor:"9,keyasint,omitempty"` // one of its events takes another back, which need not be here yet
}

// Stored implements View.
func (v *view) Stored() any { return v }

// Fold implements View.
func (v *view) Fold(events []desk.Event) {
	*v = view{}
	for _, e := range desk.Live(events) {
		v.Apply(&e)
	}
	v.Moot = slices.ContainsFunc(events, func(e desk.Event) bool { return e.Kind == desk.EventUndone })
}

// Apply implements View.
func (v *view) Apply(e *desk.Event) bool {
	if v.Moot {
		return false
	}
	switch e.Kind {
	case desk.SurveyInvited:
		var b desk.Invited
		if desk.Decode(e.Body, &b) != nil {
			return true
		}
		if v.Of.Case.IsZero() {
			v.Of, v.At = b, e.At
		}
		v.LastAt = e.At
		if len(b.Hash) == 32 && len(v.Hashes) < mostTokens && !slices.ContainsFunc(v.Hashes, func(h []byte) bool { return bytes.Equal(h, b.Hash) }) {
			v.Hashes = append(v.Hashes, b.Hash)
			if v.Of.Way == desk.NoWay {
				v.Of.Way = b.Way
			}
		}
	case desk.SurveyAnswered:
		var b desk.Answered
		if v.Of.Case.IsZero() || desk.Decode(e.Body, &b) != nil || e.At > v.Of.ExpiresAt || len(b.Replies) > 2*mostReplies {
			return true
		}
		if !e.Actor.IsZero() { // only the coordinator's page answers for nobody
			b.Way = desk.TelephoneWay
		}
		if v.Given++; v.Answer == nil {
			v.Answer, v.AnsweredAt, v.Reader = &b, e.At, e.Actor
		}
	}
	return true
}

// mostReplies is how many replies an answer may have; see poll.MaxQuestions.
const mostReplies = 12

// Complete implements View.
func (v *view) Complete(*engine.Names) error { return nil }

// Keys implements View.
func (v *view) Keys(ent desk.Entity) [][]byte {
	if v.Of.Case.IsZero() {
		return nil
	}
	id := ent.ID
	k := [][]byte{engine.Key(ixCase, id, v.Of.Case), engine.Key(ixSolved, id, v.Of.SolvedAt)}
	if !v.Of.Person.IsZero() {
		k = append(k, engine.Key(ixPerson, id, v.Of.Person, v.At))
	}
	for _, h := range v.Hashes {
		k = append(k, engine.Key(ixToken, id, string(h)))
	}
	if v.Answer == nil {
		k = append(k, engine.Key(ixOpen, id, v.Of.ExpiresAt))
	}
	return k
}

// Shrink implements View: replies are of bounded texts, and go as a whole.
func (v *view) Shrink(step int) bool {
	if v.Answer == nil || step > 0 {
		return false
	}
	v.Answer.Replies = nil
	return true
}

// read is an invitation in a snapshot; one that is not known is zero.
func read(r desk.Reader, id desk.ID) (v view, err error) {
	b, err := r.View(entity(id))
	if err == nil {
		err = engine.DecodeView(b, &v)
	}
	return v, err
}

func entity(id desk.ID) desk.Entity { return desk.Entity{Type: desk.InvitationType, ID: id} }

// invitation is the id of the one invitation that a survey has for a case: two
// workstations that both lead make the same one.
func invitation(survey, kase desk.ID) desk.ID {
	return desk.DerivedID("invitation", survey.String(), kase.String())
}
