package pages_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/ui/page"
	"punto/ui/pages"
	"punto/ui/stage"
	"punto/ui/words"
)

// all are the pages of the program.
func all() []page.Kind {
	return pages.All(pages.Program{
		Report: func(context.Context, app.Month, []string, func(done, all int)) ([]string, error) {
			return []string{"informe.pdf"}, nil
		},
		Slip: func(context.Context, desk.ID, desk.ID) (string, error) { return "encuesta.pdf", nil },
		Demo: func(context.Context, string, func(done, all int)) (string, string, error) {
			return "", "", nil
		},
		Join: func(context.Context, string, string, func(done, all uint64)) error { return nil },
	})
}

// named are those that a key or a tab brings up.
func named() (names []string) {
	for _, k := range all() {
		if k.Place == page.Bar || k.Place == page.Tab {
			names = append(names, k.Name)
		}
	}
	return names
}

// Each page is named once, has its word in every language, and a key of its own.
func TestEveryPageIsOnce(t *testing.T) {
	names, keys := map[string]bool{}, map[string]string{"Ctrl F9": "the shell", "Ctrl F10": "the shell", "Ctrl F12": "the shell"}
	for _, k := range all() {
		if names[k.Name] || k.Name == "" || k.Make == nil {
			t.Errorf("%q is listed twice, or not whole", k.Name)
		}
		names[k.Name] = true
		if was := keys[k.Key]; was != "" {
			t.Errorf("%s brings up %s and %s", k.Key, was, k.Name)
		}
		if k.Key != "" {
			keys[k.Key] = k.Name
		}
		for _, lang := range words.Languages() {
			w, err := words.New(lang)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{k.Word, k.TabWord()} {
				if w.T(id) == id {
					t.Errorf("%s has no word %q in %s", k.Name, id, lang)
				}
			}
		}
	}
	for _, k := range all() {
		if k.Place == page.Tab && !names[k.Under] {
			t.Errorf("%s stands under %q, which is nowhere", k.Name, k.Under)
		}
	}
}

// Every page that an administrator may see comes up by keys alone, those that have no
// key of their own by the tabs beside them, forwards and backwards.
func TestEveryPageComesUpByKeys(t *testing.T) {
	s := stage.New(t, true, all())
	s.SignIn()
	var want []string
	seen := map[string]bool{}
	for _, k := range all() {
		if k.Place == page.Tab && k.Sees(desk.AdministratorRole) {
			want = append(want, k.Word)
		}
		if k.Place != page.Bar || !k.Sees(desk.AdministratorRole) {
			continue
		}
		s.Press(k.Key)
		first := s.Kit().Here
		for _, key := range []string{"Ctrl PgDn", "Ctrl PgUp"} {
			for n := 0; s.Does(key); n++ {
				seen[s.Kit().Here] = true
				if s.Kit().Here == first {
					break
				}
				if n > len(all()) {
					t.Fatalf("%s from %q comes to %q again and again", key, first, s.Kit().Here)
				}
			}
		}
	}
	for _, w := range want {
		if !seen[w] {
			t.Errorf("no key brings up %q; they bring up %v", w, slices.Sorted(maps.Keys(seen)))
		}
	}
}

// A day of an agent by keys alone.
func TestACaseByKeysOnEveryPageOneMeaningEach(t *testing.T) {
	s := stage.New(t, true, all())
	s.SignIn()
	s.OneMeaning("intake")
	s.Press("Ctrl 2")
	s.Until("the number, from the first thing told", func() bool { return s.Says("B-0001-") })
	s.Write("4471")
	s.Until("Rosa found", func() bool { return s.Says("Rosa Quispe Mamani") })
	s.Enters("")
	s.Until("her card", func() bool { return s.Says("VIP") })
	s.Enters("No imprime en despacho")
	s.Write("impresora desp")
	s.Until("a category", func() bool { return s.Says("Nivel 1") || s.Says("Enter") })
	s.Enters("")
	s.Write("22")
	s.Until("the promise", func() bool { return s.Says("hoy 18:00") })
	s.Press("F9")
	s.OneMeaning("a question")
	s.Reply("se reinició la cola")
	s.Until("the next draft", func() bool { return s.Says("registrado") && !s.Says("B-0001-3 · ") })
	if row := s.Newest(); row.Status != desk.Resolved || row.Person != "Rosa Quispe Mamani" || !strings.Contains(row.Category, "Impresoras") {
		t.Errorf("registered %+v", row)
	}

	s.Press("Ctrl F4")
	s.Come("the board")
	s.OneMeaning("the board")
	s.Press("F3")
	s.Until("the newest cases", func() bool { return s.Reads("No imprime en despacho") })
	s.Press("Enter")
	s.Until("the case", func() bool { return s.Reads("No imprime en despacho") && s.Reads("lo resolvió") })
	s.OneMeaning("a solved case")
	s.Press("F9")
	s.Reply("volvió a fallar")
	s.Until("open again", func() bool { return s.Reads("lo reabrió") })
	s.OneMeaning("an open case")
	s.Press("F11")
	s.Press("Alt 3")
	s.Asked().Field.OnEnter()
	s.Until("paused with its reason", func() bool { return s.Says("repuesto") && s.Says("En pausa") })
	s.Press("Ctrl D")
	s.Until("undone", func() bool { return s.Reads("deshecho") })
	s.Press("Ctrl E")
	s.Until("the explanation", func() bool { return s.Says("Por qué este plazo") })
	s.Press("Esc")
	if !s.Says("No imprime en despacho") {
		t.Errorf("Esc leads to %q", s.Title())
	}
	for _, name := range named() {
		s.Go(name, nil)
		s.OneMeaning(name)
	}
	s.Press("Ctrl K")
	s.OneMeaning("search")
	s.Press("F1")
	if !s.Says("Teclas de esta pantalla") {
		t.Error("F1 shows no keys")
	}
	s.Press("Ctrl F12")
	s.Until("locked", s.Locked)
	s.OneMeaning("sign-in")
}

// What is told outlives a lock, an outage, and an outage that takes the session too.
func TestADraftOutlivesALockAndAnOutage(t *testing.T) {
	s, d := stage.NewNetwork(t, all())
	s.Press("Ctrl N")
	s.Write("44")
	s.Until("its number", func() bool { return s.Says("B-0001-") })
	d.Change(func() { d.Down = true })
	s.Write("71")
	s.Until("it is told", func() bool { return s.Says("El servicio Punto no responde en este puesto.") })
	d.Change(func() { d.Down = false })
	s.Later(2)
	s.Until("it is back, and whom the text means", func() bool { return !s.Says("no responde") && s.Says("Rosa Quispe Mamani") })
	d.Change(func() { d.Forgotten = true })
	s.Later(5)
	s.Until("locked", s.Locked)
	d.Change(func() { d.Forgotten = false })
	s.SignIn()
	s.Pass(16 * 60)
	s.Tick()
	if !s.Locked() {
		t.Fatal("not locked after 16 minutes")
	}
	if b, err := os.ReadFile(s.Drafts); err != nil || !strings.Contains(string(b), `"who":"4471"`) {
		t.Errorf("the file holds %s, %v", b, err)
	}
	s.SignIn()
	s.Until("the draft", func() bool { return s.Reads("4471") && s.Says("B-0001-") })
}

func TestEveryLanguageAndPaletteDrawsEveryPage(t *testing.T) {
	s := stage.New(t, true, all())
	s.SignIn()
	for range 4 {
		s.Press("Ctrl F9")
		for range 3 {
			s.Press("Ctrl F10")
			for _, name := range named() {
				s.Go(name, nil)
				if len(s.Texts()) < 10 {
					t.Errorf("%s in %s says only %q", name, s.Kit().Words.Lang, s.Texts())
				}
			}
		}
	}
	if s.Kit().Look.Name != "light" {
		t.Errorf("after four it is %s", s.Kit().Look.Name)
	}
}

// A page that stands there when the language is changed says all of it anew.
func TestAPageSpeaksTheLanguageThatWasChosen(t *testing.T) {
	s := stage.New(t, true, all())
	s.SignIn()
	for _, c := range []struct{ name, es, en string }{{"people", "Usuarios", "Users"}, {"board", "Asunto", "Subject"}} {
		s.Go(c.name, nil)
		s.Come(c.name)
		if !s.Reads(c.es) {
			t.Errorf("%s does not say %q", c.name, c.es)
		}
		s.Press("Ctrl F10")
		s.Come(c.name)
		if !s.Reads(c.en) || s.Reads(c.es) {
			t.Errorf("%s in English says %q", c.name, s.Texts())
		}
		s.Press("Ctrl F10")
		s.Press("Ctrl F10")
	}
}

// crowd makes a desk with names as long as they come.
func crowd(s *stage.Stage) (kase desk.ID) {
	s.Helper()
	area := s.Run(app.SaveArea{Area: desk.Area{Name: "Despacho y distribución"}}).ID
	site := s.Run(app.SaveSite{Site: desk.Site{Name: "Planta concentradora norte"}}).ID
	who := s.Run(app.SavePerson{Person: desk.Person{Name: "Rosa Quispe Mamani de la Fuente", Extension: "44712", Title: "Jefa de despacho y distribución", VIP: true, Area: area, Site: site, Langs: []string{"es", "qu"}}}).ID
	for i := range 9 {
		kase = s.Run(app.OpenCase{Opened: desk.Opened{Person: who, Subject: fmt.Sprintf("No imprime en la impresora de guías de despacho del patio %d, ni con la otra cola", i), Category: "impresoras.despacho",
			Impact: 2, Urgency: 1 + i%4, Text: strings.Repeat("Desde las 9:50 la cola queda en pausa. ", 20)}}).ID
	}
	s.Run(app.HandOffCase{Case: kase, Group: s.Kit().Model.Groups["servidores"], Reason: "la cola vive en el servidor de impresión"})
	s.Run(app.SuspendCase{Case: kase, Reason: "parts", Text: "módulo de memoria"})
	for range 6 {
		s.Run(app.AddNote{Case: kase, Text: strings.Repeat("se probó otra vez ", 12)})
	}
	for i, o := range []phone.Outcome{phone.Completed, phone.Abandoned} {
		s.Run(app.SeeCall{Event: phone.CallEvent{Key: phone.Key{PBX: "manual", UniqueID: fmt.Sprint(i), Kind: phone.Offered}, At: s.Now(), Caller: "+51 999 888 777", Name: "Rosa Quispe Mamani de la Fuente"}})
		s.Run(app.SeeCall{Event: phone.CallEvent{Key: phone.Key{PBX: "manual", UniqueID: fmt.Sprint(i), Kind: phone.Ended}, At: s.Now().Add(time.Minute), Outcome: o}})
	}
	s.Run(app.ImportRecords{Articles: []desk.Article{{Ref: "KB-1", Title: "Cola de impresión en pausa en el servidor de impresión de despacho", Lang: "es", Body: strings.Repeat("Reiniciar el servicio. ", 40)}}})
	return kase
}

func TestEveryPageFitsAScreenOf1366By768At150Percent(t *testing.T) {
	for _, lang := range words.Languages() {
		t.Run(lang, func(t *testing.T) {
			s, _ := stage.NewNetwork(t, all())
			if err := s.SetLanguage(lang); err != nil {
				t.Fatal(err)
			}
			if min := s.Content().MinSize(); min.Width > stage.Small.Width || min.Height > stage.Small.Height {
				t.Fatalf("the window cannot be smaller than %v", min)
			}
			s.Resize(stage.Small)
			kase := crowd(s)
			s.Until("all answers", func() bool { return s.Kit().State.Cases > 0 })
			cards := func(what string) {
				s.Come(what)
				s.Fits(what)
				if !slices.ContainsFunc(s.Page().Actions(), func(a page.Action) bool { return a.Key == "F2" }) {
					return
				}
				for range 2 {
					s.Press("F2")
					s.Come("another card")
					s.Fits(what + ", another card")
				}
			}
			for _, name := range named() {
				s.Go(name, nil)
				cards(name)
				s.Press("F1")
				if n := len(s.Texts()); n < 10 {
					t.Errorf("%s: the sheet of keys says %d texts", name, n)
				}
				s.Press("F1")
			}
			s.Go("case", kase)
			s.Until("the case", func() bool { return s.Arrived() && len(s.Page().Actions()) > 0 })
			cards("a case")
			s.Press("F10")
			s.Fits("where to hand it off")
			s.Press("Esc")
			s.Press("Ctrl E")
			s.Until("the explanation", func() bool { _, ok := s.Page().(*page.Reading); return ok && s.Arrived() })
			s.Fits("why a deadline")
			s.Press("Ctrl K")
			s.Come("the search")
			s.Fits("the search")
			s.Go("steps", nil)
			s.Come("the first steps")
			s.Fits("the first steps")
			s.Press("Ctrl F12")
			s.Enter("admin", stage.Password)
			s.Press("Ctrl F12")
			s.Until("the sign-in", s.Locked)
			s.Page().(interface{ Enter(login, password string) }).Enter("admin", "no es esta")
			s.Until("the refusal", func() bool { return s.Says("contraseña") || s.Says("password") || s.Says("senha") })
			s.Fits("signing in")
		})
	}
}

// Whoever signs in begins where the work of the role is.
func TestEachRoleBeginsWhereItsWorkIs(t *testing.T) {
	s := stage.New(t, true, all())
	group := s.Run(app.SaveGroup{Group: desk.Group{Name: "Redes", Level: 2}}).ID
	for i, x := range []struct {
		role desk.Role
		at   string
	}{{desk.AgentRole, "Atender"}, {desk.TechnicianRole, "Casos"}, {desk.SupervisorRole, "Supervisión"}, {desk.AnalystRole, "Atender"}} {
		login := fmt.Sprint("agente", i)
		s.Run(app.SaveAgent{Agent: desk.Agent{Name: login, Login: login, Role: x.role, Groups: []desk.ID{group}}, Password: stage.Password})
		s.Enter(login, stage.Password)
		if got := s.Title(); got != x.at+" · Punto" {
			t.Errorf("the %s begins at %q", x.role, got)
		}
		if x.role == desk.TechnicianRole && !s.Reads("Mi grupo 0") {
			t.Errorf("a technician sees %q", s.Texts())
		}
		s.Press("Ctrl F12")
		s.Until("locked", s.Locked)
	}
}
