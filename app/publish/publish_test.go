package publish_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/draft"
	"punto/app/rooms/roomtest"
)

// seat is a desk with its administrator, on a clock that stands.
type seat struct {
	*roomtest.Seat
	ctx context.Context
}

func newSeat(t *testing.T) *seat {
	t.Helper()
	s := &seat{Seat: roomtest.New(t, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), app.CreateDesk{Zone: "America/Lima"})}
	s.ctx = app.WithSession(t.Context(), s.Do(s.Owner, app.SignIn{Login: "admin", Password: "una clave larga"}).Token)
	return s
}

// do carries a command out a second later.
func (s *seat) do(c app.Command) app.Receipt {
	s.Helper()
	s.Now = s.Now.Add(time.Second)
	return s.Do(s.ctx, c)
}

// text is the model in force or of a version, and what it says.
func (s *seat) text(version int) (string, draft.File) {
	s.Helper()
	a := roomtest.Ask[app.ModelTextAnswer](s.Seat, s.ctx, app.ModelText{Version: version})
	f, problems := draft.Read(bytes.NewReader(a.File))
	if len(draft.Grave(problems)) > 0 {
		s.Fatal(problems)
	}
	return string(a.File), f
}

func write(t *testing.T, f draft.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAModelIsReviewedPublishedAndRolledBack(t *testing.T) {
	s := newSeat(t)
	first, f := s.text(0)
	f.Groups["campo"] = draft.Group{Name: "Campo", Level: 2}
	f.Calendars["Siempre"] = draft.Calendar{Zone: "America/Lima", Weekly: map[string][]draft.Shift{"sun": {{From: 0, To: 86400}}}}
	k := f.Contracts["C-001"]
	k.Targets[1] = draft.Target{TakeUp: 300, Resolve: 3600, OLA: 1800}
	f.Contracts["C-001"], f.Contracts["C-002"] = k, draft.Contract{Client: "Puerto", Calendar: "Siempre", Queues: []string{"puerto"}, Targets: map[int]draft.Target{1: {Resolve: 7200}}}
	f.Categories[0].Group = "campo"
	draftText := write(t, f)

	review := roomtest.Ask[app.ReviewModelAnswer](s.Seat, s.ctx, app.ReviewModel{File: draftText})
	if len(review.Changes) < 8 || len(review.Problems) == 0 || review.Problems[0].Grave {
		t.Errorf("the review says %d changes and %v", len(review.Changes), review.Problems)
	}
	id := s.do(app.OpenCase{Opened: desk.Opened{Subject: "antes", Category: "cuentas.clave", Impact: 1, Urgency: 1}}).ID
	due := roomtest.Ask[app.OneCaseAnswer](s.Seat, s.ctx, app.OneCase{ID: id}).Row.Clock.Due
	s.do(app.PublishModel{File: draftText})

	if text, _ := s.text(0); text != string(draftText) {
		t.Errorf("what was published reads otherwise:\n%s", text)
	}
	if now := roomtest.Ask[app.OneCaseAnswer](s.Seat, s.ctx, app.OneCase{ID: id}).Row.Clock.Due; !now.Equal(due) {
		t.Errorf("a case of before is promised %v, and was %v", now, due)
	}
	p := roomtest.Ask[app.PromiseAnswer](s.Seat, s.ctx, app.Promise{Priority: 1})
	if want := s.Now.Add(time.Hour); p.Resolve < s.Now.UnixMilli() || p.Resolve > want.Add(24*time.Hour).UnixMilli() {
		t.Errorf("a new case is promised %v", time.UnixMilli(p.Resolve))
	}
	vs := roomtest.Ask[app.ModelVersionsAnswer](s.Seat, s.ctx, app.ModelVersions{}).Rows
	if len(vs) != 2 || vs[0].Version != 2 || vs[0].By != "Administrador" {
		t.Errorf("the versions are %+v", vs)
	}
	old, _ := s.text(1)
	if old != first {
		t.Errorf("the first version reads otherwise now:\n%s", old)
	}
	s.do(app.PublishModel{File: []byte(old)})
	if _, f := s.text(0); f.Contracts["C-001"].Targets[1].Resolve != 4*3600 || f.Categories[0].Group != "n1" {
		t.Errorf("rolled back it promises %v", f.Contracts["C-001"].Targets)
	}
	if _, f := s.text(0); f.Contracts["C-002"].Client != "Puerto" || f.Groups["campo"].Name != "Campo" {
		t.Error("what the older version does not name is gone")
	}
}

func TestNothingIsHalfPublished(t *testing.T) {
	s := newSeat(t)
	was, f := s.text(0)
	s.do(app.SaveAgent{Agent: desk.Agent{Name: "Sara", Login: "sara", Role: desk.SupervisorRole}, Password: "otra clave larga"})
	supervisor := app.WithSession(t.Context(), s.do(app.SignIn{Login: "sara", Password: "otra clave larga"}).Token)
	f.Groups["campo"] = draft.Group{Name: "Campo", Level: 2}
	k := f.Contracts["C-001"]
	k.ReopenDays = 3
	f.Contracts["C-001"] = k
	good := write(t, f)
	for name, x := range map[string]struct {
		ctx  context.Context
		file string
		code app.Code
		says string
	}{
		"a supervisor":        {supervisor, string(good), app.NotAllowed, "supervisor"},
		"an unknown field":    {s.ctx, strings.Replace(string(good), "punto: 1", "punto: 1\nextra: 2", 1), app.Invalid, "line 2"},
		"the same again":      {s.ctx, was, app.Conflict, "already"},
		"a queue of two":      {s.ctx, strings.Replace(string(good), "    client: Los Andes", "    queues: [a, a]\n    client: Los Andes", 1), app.Invalid, "already"},
		"something else":      {s.ctx, "hola", app.Invalid, ""},
		"a group of level 12": {s.ctx, strings.Replace(string(good), "level: 1", "level: 12", 1), app.Invalid, "level"},
	} {
		_, err := s.E.Do(x.ctx, app.PublishModel{File: []byte(x.file)})
		if app.CodeOf(err) != x.code || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v", name, err)
		}
		if now, _ := s.text(0); now != was {
			t.Fatalf("%s: half of it was published:\n%s", name, now)
		}
	}
	if a := roomtest.Ask[app.ReviewModelAnswer](s.Seat, s.ctx, app.ReviewModel{File: []byte("punto: 1\ngroups: {n1: {name: x, level: 7}}\n")}); !slices.ContainsFunc(a.Problems, func(p app.ModelProblem) bool { return p.Grave && p.Line == 2 }) || len(a.Changes) > 0 {
		t.Errorf("a draft with problems is reviewed as %+v", a)
	}
}
