package ui_test

import (
	"strings"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
	"punto/ui/stage"
	"punto/ui/words"
)

func TestAWindowLeftAloneLocks(t *testing.T) {
	s := stage.New(t, true, stage.With("attend"))
	s.SignIn()
	s.Pass(14 * 60)
	s.Tick()
	if s.Locked() {
		t.Fatal("locked after 14 minutes")
	}
	s.Pass(2 * 60)
	s.Tick()
	if !s.Locked() {
		t.Fatal("not locked after 16 minutes")
	}
}

// A service that ends takes the sessions with it: whoever was there signs in again,
// and need not say who they are.
func TestASessionThatEndedProposesItsAgent(t *testing.T) {
	s := stage.New(t, true, stage.With("attend"))
	s.SignIn()
	s.Until("who is signed in", func() bool { return s.Kit().State.Agent.Login != "" })
	login := s.Kit().State.Agent.Login
	s.End()
	s.Do(app.TakeCase{Case: s.Kit().State.Me}, nil, nil)
	s.Until("the sign-in", func() bool { return s.Locked() && s.Title() == "Entrar · Punto" })
	if got := s.Proposed(); got != login {
		t.Errorf("%q was signed in, %q is proposed", login, got)
	}
}

func TestWhatFailedIsSaidInASentence(t *testing.T) {
	s := stage.New(t, true, stage.With("attend"))
	s.SignIn()
	for _, lang := range words.Languages() {
		if err := s.SetLanguage(lang); err != nil {
			t.Fatal(err)
		}
		err := s.Refused(app.SaveAgent{Agent: desk.Agent{Name: "Ana", Login: "ana"}, Password: "corta"})
		if said := page.Sentence(s.Kit().Words, err); said[:1] == strings.ToLower(said[:1]) {
			t.Errorf("%s: %q (%v)", lang, said, err)
		}
	}
}

// One page leads to another by its name, and Esc leads back: to what stood under it,
// not to what was only passed through or was of the same kind.
func TestEscLeadsBackToWhatStoodThere(t *testing.T) {
	first, all := places()
	var made []*stage.Lobby
	over := page.Kind{Name: "case", Word: "area.cases", Make: func(*page.Kit) page.Page {
		made = append(made, &stage.Lobby{})
		return made[len(made)-1]
	}}
	s := stage.New(t, true, append(all, over))
	s.SignIn()
	stands := func(what string, p *stage.Lobby) {
		t.Helper()
		if s.Page() != page.Page(p) {
			t.Fatalf("%s: %q stands there", what, s.Title())
		}
	}
	s.Go("case", 1)
	s.Go("case", 2)
	stands("a second case", made[1])
	s.Press("Esc")
	stands("back from the second case", first)
	s.Go("case", 3)
	s.Press("Ctrl K")
	s.Go("case", 4)
	stands("a case that was searched for over another", made[3])
	reading := &stage.Lobby{}
	s.Over(reading)
	s.Press("Esc")
	stands("back from what was read", made[3])
	s.Press("Ctrl K")
	s.Press("Ctrl K")
	s.Over(reading)
	s.Press("Esc")
	stands("back from what was searched for", made[3])
	s.Press("Esc")
	stands("back from the case", first)
	s.Press("Esc")
	stands("Esc at the end", first)
	s.Go("no such page", nil)
	stands("a page that is not there", first)
	if len(made[1].Args) != 1 || made[1].Args[0] != 2 || made[3].Args[0] != 4 || made[3].Args[1] != nil {
		t.Errorf("the cases came up with %v and %v", made[1].Args, made[3].Args)
	}
}

// Whoever signs in comes to the first page that is for them.
func TestEachRoleBeginsWhereItsWorkIs(t *testing.T) {
	first, attend := stage.NewLobby("attend")
	above, board := stage.NewLobby("board")
	board.For = []desk.Role{desk.SupervisorRole, desk.AdministratorRole}
	s := stage.New(t, true, []page.Kind{board, attend})
	s.Run(app.SaveAgent{Agent: desk.Agent{Name: "Ana Soto", Login: "ana", Role: desk.AgentRole}, Password: stage.Password})
	for _, c := range []struct {
		login string
		at    *stage.Lobby
		name  string
	}{{"ana", first, "Ana Soto"}, {"admin", above, "Administrador"}, {"ana", first, "Ana Soto"}} {
		s.Enter(c.login, stage.Password)
		if s.Page() != page.Page(c.at) || !s.Says(c.name) {
			t.Errorf("%s begins at %q, which says %q", c.login, s.Title(), s.Texts())
		}
		s.Press("Ctrl F12")
	}
}

// A page for supervisors is not there for anybody else: no word, no tab, no key, no
// way by its name.
func TestAPageIsThereForItsRolesAlone(t *testing.T) {
	_, all := places()
	for i := range all {
		if all[i].Name == "nodes" || all[i].Name == "board" {
			all[i].For = []desk.Role{desk.SupervisorRole, desk.AdministratorRole}
		}
	}
	s := stage.New(t, true, all)
	s.Run(app.SaveAgent{Agent: desk.Agent{Name: "Ana Soto", Login: "ana", Role: desk.AgentRole}, Password: stage.Password})
	s.Enter("ana", stage.Password)
	s.Until("who is signed in", func() bool { return s.Kit().State.Agent.Role == desk.AgentRole })
	s.Go("nodes", nil)
	if s.Does("Ctrl F8") || s.Does("Ctrl F4") || s.Says("Supervisión") || s.Title() != "Atender · Punto" {
		t.Errorf("an agent sees %q under %q", s.Texts(), s.Title())
	}
	s.Press("Ctrl F12")
	s.SignIn()
	s.Until("who is signed in", func() bool { return s.Kit().State.Agent.Role == desk.AdministratorRole })
	s.Press("Ctrl F8")
	if s.Title() != "Puestos · Punto" || !s.Says("Supervisión") || !s.Says("Conflictos") {
		t.Errorf("the administrator sees %q under %q", s.Texts(), s.Title())
	}
}
