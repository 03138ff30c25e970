package route

import (
	"math/rand/v2"
	"strings"
	"testing"

	"punto/app/desk"
)

func TestARuleHoldsWhenAllThatItSaysIsSo(t *testing.T) {
	f := Fact{Category: "red.lenta", Contract: "C-001", Lang: "es", Priority: 2, VIP: true, Words: " la vpn de lima corta", Area: "Operaciones", Day: 5, Minute: 13*60 + 29}
	for _, x := range []struct {
		name  string
		when  desk.RuleWhen
		fails string
	}{
		{"nothing is asked", desk.RuleWhen{}, ""},
		{"its category", desk.RuleWhen{Categories: []string{"impresoras", "red.lenta"}}, ""},
		{"one above it", desk.RuleWhen{Categories: []string{"red"}}, ""},
		{"one that begins alike", desk.RuleWhen{Categories: []string{"re"}}, ByCategory},
		{"another contract", desk.RuleWhen{Categories: []string{"red"}, Contracts: []string{"C-002"}}, ByContract},
		{"its language", desk.RuleWhen{Langs: []string{"pt", "es"}}, ""},
		{"another language", desk.RuleWhen{Langs: []string{"pt"}}, ByLang},
		{"its priority", desk.RuleWhen{Priorities: []int{1, 2}}, ""},
		{"another priority", desk.RuleWhen{Priorities: []int{1}}, ByPriority},
		{"a word", desk.RuleWhen{Words: []string{"correo", "VPN de"}}, ""},
		{"the middle of a word", desk.RuleWhen{Words: []string{"ima"}}, ByWords},
		{"an empty word", desk.RuleWhen{Words: []string{" "}}, ByWords},
		{"its area", desk.RuleWhen{Areas: []string{"finanzas", "OPERACIONES"}}, ""},
		{"another area", desk.RuleWhen{Areas: []string{"Oper"}}, ByArea},
		{"its day", desk.RuleWhen{Days: []int{1, 5}}, ""},
		{"another day", desk.RuleWhen{Days: []int{6, 7}}, ByTime},
		{"its hour", desk.RuleWhen{Hours: "08:00-13:30"}, ""},
		{"until it", desk.RuleWhen{Hours: "08:00-13:29"}, ByTime},
		{"from it on", desk.RuleWhen{Hours: "13:29-18:00"}, ""},
		{"over midnight", desk.RuleWhen{Hours: "22:00-06:00"}, ByTime},
		{"over midnight, in it", desk.RuleWhen{Hours: "13:00-06:00"}, ""},
		{"hours that are none", desk.RuleWhen{Hours: "8 a 13"}, ByTime},
		{"all of it", desk.RuleWhen{Categories: []string{"red"}, Contracts: []string{"C-001"}, Langs: []string{"es"}, Priorities: []int{2}, VIP: true, Words: []string{"lima"}}, ""},
	} {
		if got := Fails(&desk.Rule{When: x.when}, f, strings.ToLower); got != x.fails {
			t.Errorf("%s: it fails by %q, not by %q", x.name, got, x.fails)
		}
	}
	f.VIP = false
	if got := Fails(&desk.Rule{When: desk.RuleWhen{VIP: true}}, f, strings.ToLower); got != ByVIP {
		t.Errorf("who is no VIP: %q", got)
	}
	rules := []desk.Rule{{When: desk.RuleWhen{VIP: true}}, {When: desk.RuleWhen{Priorities: []int{2}}}, {}}
	if i, why := First(rules, f, strings.ToLower); i != 1 || len(why) != 1 || why[0] != ByVIP {
		t.Errorf("the first is %d after %v", i, why)
	}
	if i, _ := First(rules[:1], f, strings.ToLower); i != -1 {
		t.Errorf("none holds and %d is the first", i)
	}
}

// Whoever is chosen has fewest of those who may have more, whatever their order.
func TestWhoHasFewestIsChosen(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 2000 {
		r := &desk.Rule{Strategy: Strategies[rnd.IntN(2)], Cap: rnd.IntN(4)} // least or same
		var all []Candidate
		for i := range rnd.IntN(6) {
			all = append(all, Candidate{ID: desk.ID{byte(i + 1)}, Name: string(rune('a' + rnd.IntN(3))), Open: rnd.IntN(5), Last: rnd.IntN(4) == 0})
		}
		got := Pick(r, all)
		rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if again := Pick(r, all); again != got {
			t.Fatalf("%+v: %v and then %v", all, got, again)
		}
		var who *Candidate
		free, last := 0, false
		for i := range all {
			if all[i].ID == got {
				who = &all[i]
			}
			if r.Cap == 0 || all[i].Open < r.Cap {
				free++
				last = last || all[i].Last
			}
		}
		if who == nil {
			if free > 0 {
				t.Fatalf("%+v of %+v: nobody is chosen", r, all)
			}
			continue
		}
		for _, c := range all {
			may := r.Cap == 0 || c.Open < r.Cap
			better := c.Open < who.Open && (r.Strategy == LeastLoaded || c.Last == who.Last) || r.Strategy == SameAgain && last && !who.Last
			if may && better || r.Cap > 0 && who.Open >= r.Cap {
				t.Fatalf("%+v: %+v is chosen of %+v", r, *who, all)
			}
		}
	}
	if got := Pick(&desk.Rule{}, []Candidate{{ID: desk.ID{1}}}); !got.IsZero() {
		t.Error("a rule without a strategy chooses")
	}
}

// In turn whoever has waited longest for a case comes next, before whom the language of the
// case puts only those who speak it.
func TestAgentsTakeTurns(t *testing.T) {
	all := []Candidate{{ID: desk.ID{1}, Name: "Ana", Open: 9, Given: 30, Speaks: true}, {ID: desk.ID{2}, Name: "Beto", Given: 40, Speaks: true}, {ID: desk.ID{3}, Name: "Carla", Given: 0}}
	r := &desk.Rule{Strategy: InTurn}
	for at, want := range []byte{1, 2, 1, 2} {
		got := Pick(r, all)
		if got != (desk.ID{want}) {
			t.Fatalf("turn %d is of %v", at, got)
		}
		all[got[0]-1].Given = int64(50 + at)
	}
	all[2].Speaks = true
	if got := Pick(r, all); got != (desk.ID{3}) {
		t.Errorf("who has had none comes after %v", got)
	}
	r.Cap = 9
	all[2].Speaks, all[1].Speaks = false, false
	if got := Pick(r, all); got != (desk.ID{3}) {
		t.Errorf("who has as many as the cap allows gets one more: %v", got)
	}
}

func TestHoursAreRead(t *testing.T) {
	for s, want := range map[string][2]int{"08:00-13:30": {480, 810}, "22:00-06:00": {1320, 360}, "00:00-24:00": {0, 1440}} {
		if from, to, ok := desk.HoursOf(s); !ok || from != want[0] || to != want[1] {
			t.Errorf("%q is %d to %d, %v", s, from, to, ok)
		}
	}
	for _, s := range []string{"", "8", "08:00", "08:00-08:00", "25:00-26:00", "08:60-09:00", "08:00-24:01", "-1:00-02:00", "08:00-13:30x", "08:00-13:30\n1"} {
		if _, _, ok := desk.HoursOf(s); ok {
			t.Errorf("%q are hours", s)
		}
	}
}
