package surveys

import (
	"testing"

	"punto/app/desk"
)

// said makes events of one invitation, each a second after the one before.
func said(t *testing.T, bodies ...any) (es []desk.Event) {
	t.Helper()
	for i, b := range bodies {
		e := desk.Event{Origin: 1, Seq: uint64(i) + 1, Stamp: desk.Stamp(i) + 1, Kind: desk.SurveyInvited, At: int64(i) * 1000}
		switch x := b.(type) {
		case byReader:
			e.Kind, e.Actor, b = desk.SurveyAnswered, desk.ID{7}, x.Answered
		case desk.Answered:
			e.Kind = desk.SurveyAnswered
		}
		var err error
		if e.Body, err = desk.Encode(b); err != nil {
			t.Fatal(err)
		}
		es = append(es, e)
	}
	return es
}

type byReader struct{ desk.Answered }

// What other workstations write counts no further than it may.
func TestAnInvitationIsWhatItsEventsMaySay(t *testing.T) {
	invited := desk.Invited{Case: desk.ID{1}, ExpiresAt: 5_000, Hash: make([]byte, 32), Way: desk.SlipWay}
	answer := desk.Answered{Way: desk.PageWay, Replies: []desk.Reply{{Question: "q", Value: 1}}}
	var v view
	v.Fold(said(t, answer, invited, byReader{answer}, answer))
	if v.Answer == nil || v.Answer.Way != desk.TelephoneWay || v.Reader != (desk.ID{7}) || v.AnsweredAt != 2_000 || v.Given != 2 {
		t.Errorf("the answer of an agent is %+v", v)
	}
	v.Fold(said(t, invited, invited, invited, invited, invited, invited, answer))
	if v.Answer != nil || len(v.Hashes) != 1 {
		t.Errorf("an answer that came late counts, or a token twice: %+v", v)
	}
	many := []any{invited}
	for i := range 20 {
		x := invited
		x.Hash = append(make([]byte, 31), byte(i+1))
		many = append(many, x)
	}
	short := invited
	short.Hash = []byte("x")
	v.Fold(said(t, append(many, short)...))
	if len(v.Hashes) != mostTokens || len(v.Keys(desk.Entity{})) != 3+mostTokens {
		t.Errorf("%d tokens hold, under %d keys", len(v.Hashes), len(v.Keys(desk.Entity{})))
	}
	v.Fold(said(t, invited, desk.Answered{Replies: make([]desk.Reply, 25)}))
	if v.Answer != nil {
		t.Error("an answer of 25 replies counts")
	}
	if v.Answer = &answer; !v.Shrink(0) || v.Shrink(1) {
		t.Error("it shrinks by nothing, or for ever")
	}
}
