package desk

import "fmt"

// Rule sends a new case to a group, and to one of its agents: of the rules of the service
// model the first that holds does.
type Rule struct {
	Code     string            `cbor:"1,keyasint" json:"code"`
	Name     map[string]string `cbor:"2,keyasint,omitempty" json:"name,omitempty"` // by language
	When     RuleWhen          `cbor:"3,keyasint" json:"when"`
	Group    string            `cbor:"4,keyasint" json:"group"`                        // its code
	Strategy string            `cbor:"5,keyasint,omitempty" json:"strategy,omitempty"` // see package route; "" = the group
	Cap      int               `cbor:"6,keyasint,omitempty" json:"cap,omitempty"`      // an agent with so many open gets no more; 0 = none
}

// RuleWhen is what has to be so of a case: all that is said.
type RuleWhen struct {
	Categories []string `cbor:"1,keyasint,omitempty" json:"categories,omitempty"` // codes, and all below them
	Contracts  []string `cbor:"2,keyasint,omitempty" json:"contracts,omitempty"`  // codes
	Langs      []string `cbor:"3,keyasint,omitempty" json:"langs,omitempty"`
	Priorities []int    `cbor:"4,keyasint,omitempty" json:"priorities,omitempty"`
	VIP        bool     `cbor:"5,keyasint,omitempty" json:"vip,omitempty"`
	Words      []string `cbor:"6,keyasint,omitempty" json:"words,omitempty"` // one of them stands in subject or description
	Areas      []string `cbor:"7,keyasint,omitempty" json:"areas,omitempty"` // names
	Days       []int    `cbor:"8,keyasint,omitempty" json:"days,omitempty"`  // of the week on which it is opened, Monday is 1
	Hours      string   `cbor:"9,keyasint,omitempty" json:"hours,omitempty"` // of the day in which it is opened, in the desk's zone: 08:00-13:30; from one on, until before the other
}

// HoursOf reads hours such as 08:00-13:30 as minutes of the day; the second may be 24:00,
// and what ends before it begins goes over midnight.
func HoursOf(s string) (from, to int, ok bool) {
	var h1, m1, h2, m2 int
	if n, err := fmt.Sscanf(s+"\n", "%d:%d-%d:%d\n", &h1, &m1, &h2, &m2); err != nil || n != 4 || len(s) != len("08:00-13:30") {
		return 0, 0, false
	}
	from, to = h1*60+m1, h2*60+m2
	ok = h1 >= 0 && h1 < 24 && m1 >= 0 && m1 < 60 && h2 >= 0 && m2 >= 0 && m2 < 60 && to <= 24*60 && from != to
	return from, to, ok
}

// Title is the name of a rule in a language, its code where it has none.
func (r *Rule) Title(lang string) string {
	if s := said(r.Name, lang); s != "" {
		return s
	}
	return r.Code
}
