package app

import "punto/app/desk"

// WhyAssigned tells what each rule of the service model makes of a case, and whom the one
// that holds would choose now.
type WhyAssigned struct{ Case desk.ID }

// WhyAssignedAnswer answers WhyAssigned.
type WhyAssignedAnswer struct {
	Rule   string // code of the one by which it was opened; "" = none
	Rules  []RuleVerdict
	Agents []Candidate // of the group of the rule that holds
}

// RuleVerdict is one rule, in the order of the model.
type RuleVerdict struct {
	Code, Title, Group string
	Fails              string // category, contract, lang, priority, vip or words: what keeps it from holding; "" = it holds
	First              bool   // it is the first that holds
}

// Candidate is an agent among whom the rule chooses.
type Candidate struct {
	Name   string
	Open   int
	Last   bool // had the user's last case of the category
	Chosen bool
}

var _ = crosses(WhyAssigned{})

func (WhyAssigned) answer() Answer { return WhyAssignedAnswer{} }
