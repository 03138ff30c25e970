package calls

import (
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/ui/page"
	"punto/ui/stage"
)

func TestACallLeadsToItsCase(t *testing.T) {
	kase, over := stage.NewLobby("case")
	over.Word, over.Place = "area.cases", page.Over
	s := stage.New(t, true, stage.With("attend", Kind(), over))
	s.SignIn()
	id := s.Run(app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}}).ID
	see := func(call string, k phone.EventKind, after time.Duration, o phone.Outcome, of desk.ID) {
		s.Run(app.SeeCall{Event: phone.CallEvent{Key: phone.Key{PBX: "manual", UniqueID: call, Kind: k}, At: s.Now().Add(after), Outcome: o, Caller: "999 888 777", Name: "Rosa Quispe"}, Case: of})
	}
	see("1", phone.Offered, 0, 0, id)
	see("1", phone.Answered, 7*time.Second, 0, id)
	see("1", phone.Ended, 72*time.Second, phone.Completed, id)
	see("2", phone.Offered, -time.Minute, 0, desk.ID{})
	see("2", phone.Ended, -30*time.Second, phone.Abandoned, desk.ID{})
	s.Press("Ctrl F3")
	s.Come("the calls")
	s.OneMeaning("calls")
	for _, want := range []string{"Rosa Quispe", "999 888 777", "0:07", "1:05", "atendida", "abandonó"} {
		if !s.Reads(want) {
			t.Errorf("no row says %q", want)
		}
	}
	list := s.Page().(*page.Table[app.CallRow])
	list.List.Select(1)
	s.Press("Enter")
	if s.Page() != page.Page(list) {
		t.Errorf("a call without a case leads to %T", s.Page())
	}
	list.List.Select(0)
	s.Press("Enter")
	if s.Page() != page.Page(kase) || kase.Args[0] != id {
		t.Errorf("a call leads to %T with %v", s.Page(), kase.Args)
	}
}
