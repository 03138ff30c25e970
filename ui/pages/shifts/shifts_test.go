package shifts

import (
	"testing"

	"punto/app"
	"punto/ui/page"
	"punto/ui/stage"
)

// An agent tells with one key each that they are at the telephone, rest, are back and
// leave.
func TestAnAgentTellsWithOneKeyEach(t *testing.T) {
	_, over := stage.NewLobby("attend")
	s := stage.New(t, true, append([]page.Kind{over}, stage.With("calls", Kind())...))
	s.SignIn()
	s.Press("Alt P")
	s.Come("the page")
	l := s.Page().(*list)
	me := func(state string) func() bool {
		return func() bool { r, ok := l.mine(); return ok && r.State == state }
	}
	s.Until("the agent is away", me(app.AgentAway))
	s.OneMeaning("shifts")
	s.Press("F8")
	s.Until("the agent is available", me(app.AgentAvailable))
	s.Pass(600)
	s.Press("F8")
	s.Reply("")
	s.Until("the agent rests", me(app.AgentOnBreak))
	if r, _ := l.mine(); r.Reason != "lunch" || r.Worked != 600 || !s.ListSays(l.List, "En pausa · almuerzo") {
		t.Errorf("%+v, %q", r, l.List.Texts())
	}
	s.Press("F8")
	s.Until("the agent is back", me(app.AgentAvailable))
	s.Press("F7")
	s.Until("the agent is away", me(app.AgentAway))
	s.Resize(stage.Small)
	s.Fits("the agents")
}
