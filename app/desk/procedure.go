package desk

import "slices"

// Procedure is how a kind of case is worked on at level 2: steps in an order. It is part
// of the service model; a category names the one that its cases follow.
type Procedure struct {
	Code      string            `cbor:"1,keyasint" json:"code"`
	Name      map[string]string `cbor:"2,keyasint" json:"name"`                          // by language
	Mandatory bool              `cbor:"3,keyasint,omitempty" json:"mandatory,omitempty"` // a case is not solved before all of it was done or skipped
	Steps     []ProcedureStep   `cbor:"4,keyasint,omitempty" json:"steps"`
}

// ProcedureStep is one step. Its code is of one each in its procedure and never changes.
type ProcedureStep struct {
	Code    string            `cbor:"1,keyasint" json:"code"`
	Do      map[string]string `cbor:"2,keyasint" json:"do"`                          // by language
	Expect  map[string]string `cbor:"3,keyasint,omitempty" json:"expect,omitempty"`  // what should come out
	Choices []string          `cbor:"4,keyasint,omitempty" json:"choices,omitempty"` // its result is one of them; nil = any words
}

// said is a text in a language, Spanish where it is missing.
func said(by map[string]string, lang string) string {
	if s := by[lang]; s != "" {
		return s
	}
	return by["es"]
}

// Title is the name in a language.
func (p *Procedure) Title(lang string) string { return said(p.Name, lang) }

// Title is what is to be done, in a language.
func (s *ProcedureStep) Title(lang string) string { return said(s.Do, lang) }

// Expected is what should come out, in a language; "" when nothing is said.
func (s *ProcedureStep) Expected(lang string) string { return said(s.Expect, lang) }

// Stepped is the body of CaseStepped: a step of a procedure was done, or skipped for a
// reason.
type Stepped struct {
	Procedure string `cbor:"1,keyasint"`
	Step      string `cbor:"2,keyasint"`
	Do        string `cbor:"3,keyasint,omitempty"` // what it said then
	Result    string `cbor:"4,keyasint,omitempty"`
	Skipped   bool   `cbor:"5,keyasint,omitempty"`
	Reason    string `cbor:"6,keyasint,omitempty"`
	Version   int    `cbor:"7,keyasint,omitempty"` // of the service model
}

// StepDone is a step as it was stamped.
type StepDone struct {
	Stepped
	At int64 `cbor:"20,keyasint"` // Unix milliseconds
	By ID    `cbor:"21,keyasint,omitempty"`
}

// ProcedureOf is the procedure that a case of a category follows; nil = none.
func (m *Model) ProcedureOf(category string) *Procedure {
	c, ok := m.Category(category)
	if !ok || c.Procedure == "" {
		return nil
	}
	for i := range m.Procedures {
		if m.Procedures[i].Code == c.Procedure {
			return &m.Procedures[i]
		}
	}
	return nil
}

// Done is how a step of a procedure was stamped on a case: of two workstations that did
// it both the first counts. Nil = it is still to be done.
func (c *Case) Done(procedure, step string) *StepDone {
	i := slices.IndexFunc(c.Steps, func(s StepDone) bool { return s.Procedure == procedure && s.Step == step })
	if i < 0 {
		return nil
	}
	return &c.Steps[i]
}

// Next is the step of a procedure that comes next on a case; nil when all were done or
// skipped.
func (p *Procedure) Next(c *Case) *ProcedureStep {
	for i := range p.Steps {
		if c.Done(p.Code, p.Steps[i].Code) == nil {
			return &p.Steps[i]
		}
	}
	return nil
}

// Unmet is what keeps a case from being solved: the procedure that it must follow, and
// its next step; nil when nothing does.
func (m *Model) Unmet(c *Case) (*Procedure, *ProcedureStep) {
	p := m.ProcedureOf(c.Category)
	if p == nil || !p.Mandatory {
		return nil, nil
	}
	if next := p.Next(c); next != nil {
		return p, next
	}
	return nil, nil
}
