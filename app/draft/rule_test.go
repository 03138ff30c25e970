package draft

import (
	"reflect"
	"strings"
	"testing"

	"punto/app/desk"
)

// Rules go to the desk and come back as they were written; what contradicts itself, or is
// never reached, is told with its line.
func TestRulesAreWrittenAndChecked(t *testing.T) {
	const head = `punto: 1
groups:
  n1: {name: Nivel 1, level: 1}
  redes: {name: Redes, level: 2}
contracts:
  C-001: {client: Los Andes}
matrix: [[1, 1, 2, 3], [1, 2, 3, 3], [2, 3, 3, 4], [3, 3, 4, 4]]
categories:
  - {code: red.lenta, name: {es: Red lenta, en: Slow, pt: Lenta}}
rules:
`
	f, ps := Read(strings.NewReader(head + `  - {code: vip, when: {categories: [red], contracts: [C-001], priorities: [1, 2], vip: true, words: [vpn]}, group: redes, strategy: same, cap: 8}
  - {code: resto, group: n1}
`))
	if len(Grave(ps)) > 0 {
		t.Fatalf("problems: %v", ps)
	}
	m := f.Model(desk.Model{}, nil)
	if len(m.Rules) != 2 || !m.Rules[0].When.VIP || m.Rules[0].Cap != 8 || m.Rules[0].When.Priorities[1] != 2 || m.Rules[0].Title("es") != "vip" {
		t.Fatalf("the desk has %+v", m.Rules)
	}
	if back := FileOf(Stored{Model: m}); !reflect.DeepEqual(back.Rules, f.Rules) {
		t.Errorf("it came back as %+v", back.Rules)
	}
	for bad, want := range map[string]string{
		"  - {code: a, group: nada}\n":                                              "no group",
		"  - {code: a, group: n1, strategy: azar}\n":                                "no strategy",
		"  - {code: a, group: n1, cap: -1}\n":                                       "between 0 and 10,000",
		"  - {code: a, group: n1, when: {priorities: [5]}}\n":                       "no priority 5",
		"  - {code: a, group: n1, when: {categories: [correo]}}\n":                  "no category",
		"  - {code: a, group: n1, when: {contracts: [X]}}\n":                        "no contract",
		"  - {code: a, group: n1}\n  - {code: b, group: n1, when: {vip: true}}\n":   "never reached",
		"  - {code: a, group: n1, when: {vip: true}}\n  - {code: a, group: n1}\n":   "codes are of one each",
		"  - {code: a, group: n1, name: {en: Only English}, when: {langs: [es]}}\n": "no name in Spanish",
	} {
		_, ps := Read(strings.NewReader(head + bad))
		found := false
		for _, p := range ps {
			found = found || strings.Contains(p.Error(), want) && p.Line > 9
		}
		if !found {
			t.Errorf("%q: %v", bad, ps)
		}
	}
}
