package draft

import (
	"slices"
	"strings"

	"punto/app/desk"
)

// Procedure is how a kind of case is worked on: steps in an order, by which its
// categories are followed.
type Procedure struct {
	Code      string `yaml:"code"`
	Name      Names  `yaml:"name,flow"`
	Mandatory bool   `yaml:"mandatory,omitempty"` // before a case is solved
	Steps     []Step `yaml:"steps"`
}

// Step is one step of a procedure.
type Step struct {
	Code    string   `yaml:"code"`
	Do      Names    `yaml:"do,flow"`
	Expect  Names    `yaml:"expect,flow,omitempty"`  // what should come out
	Choices []string `yaml:"choices,flow,omitempty"` // its result is one of them
}

// Bounds of a procedure: as many steps as a card shows, and choices as there are digits.
const (
	mostSteps   = 60
	mostChoices = 9
)

func (c *checker) procedures() {
	seen := map[string]bool{}
	for i, p := range c.f.Procedures {
		path := at("procedures", i)
		c.coded(path, p.Code, seen)
		c.named(path, p.Name)
		if !slices.ContainsFunc(c.f.Categories, func(x Category) bool { return x.Procedure == p.Code }) {
			c.warn(path, "no category names the procedure %s: no case follows it", p.Code)
		}
		if n := len(p.Steps); n == 0 || n > mostSteps {
			c.wrong(path, "it has %d steps: from 1 to %d", n, mostSteps)
		}
		steps := map[string]bool{}
		for j, s := range p.Steps {
			where := append(path[:len(path):len(path)], at("steps", j)...)
			c.coded(where, s.Code, steps)
			c.named(where, s.Do)
			if len(s.Expect) > 0 {
				c.named(append(where, "expect"), s.Expect)
			}
			if len(s.Choices) > mostChoices {
				c.wrong(append(where, "choices"), "it has %d choices: at most %d", len(s.Choices), mostChoices)
			}
			for n, x := range s.Choices {
				if strings.TrimSpace(x) != x || x == "" || slices.Contains(s.Choices[:n], x) {
					c.wrong(append(where, "choices"), "the choice %q is empty, begins or ends with a space, or is there twice", x)
				}
			}
		}
	}
}

func fromProcedures(all []desk.Procedure) (out []Procedure) {
	for _, p := range all {
		x := Procedure{Code: p.Code, Name: p.Name, Mandatory: p.Mandatory}
		for _, s := range p.Steps {
			x.Steps = append(x.Steps, Step{s.Code, s.Do, s.Expect, s.Choices})
		}
		out = append(out, x)
	}
	return out
}

// procedures are those of the file as the desk keeps them.
func (f File) procedures() (out []desk.Procedure) {
	for _, p := range f.Procedures {
		x := desk.Procedure{Code: p.Code, Name: p.Name, Mandatory: p.Mandatory}
		for _, s := range p.Steps {
			x.Steps = append(x.Steps, desk.ProcedureStep{Code: s.Code, Do: s.Do, Expect: s.Expect, Choices: s.Choices})
		}
		out = append(out, x)
	}
	return out
}
