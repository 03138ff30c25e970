package desk

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
}

// Title is the name of a rule in a language, its code where it has none.
func (r *Rule) Title(lang string) string {
	if s := said(r.Name, lang); s != "" {
		return s
	}
	return r.Code
}
