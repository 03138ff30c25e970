package keep

import (
	"encoding/json"
	"os"
	"reflect"

	"punto/app/desk"
)

// Liking is how one agent likes the window on this workstation; what is zero was
// never chosen.
type Liking struct {
	Look   string  `json:"look,omitempty"` // name of the palette
	Lang   string  `json:"lang,omitempty"`
	Roomy  bool    `json:"roomy,omitempty"` // rows of 44 and not of 34
	Width  float32 `json:"width,omitempty"`
	Height float32 `json:"height,omitempty"`

	Orders  map[string]Order  `json:"orders,omitempty"` // of lists, by their names; never written in place
	Widths  map[string]Widths `json:"widths,omitempty"` // by the names of lists; never written in place
	Filters []Filter          `json:"filters,omitempty"`
}

// Order is how a list is sorted.
type Order struct {
	By   string `json:"by"`
	Down bool   `json:"down,omitempty"`
}

// Widths are those of columns, by their names; 0 hides one.
type Widths map[string]float32

// Filter is what somebody looks at again and again, by its name.
type Filter struct {
	Name string `json:"name"`
	View string `json:"view"`
	Text string `json:"text,omitempty"`
	Order
}

// Likings is the file of all agents' likings on this workstation; an agent's id is
// of one desk alone. "" keeps them in memory.
type Likings struct {
	file string
	of   map[desk.ID]Liking
}

// OpenLikings names the file of likings.
func OpenLikings(file string) *Likings { return &Likings{file: file} }

// Of are the likings of an agent, as the file has them now; another window may have
// changed them.
func (p *Likings) Of(me desk.ID) Liking {
	p.read()
	return p.of[me]
}

// read takes the file in; a file that cannot be read holds no likings.
func (p *Likings) read() {
	if p.of == nil {
		p.of = map[desk.ID]Liking{}
	}
	if p.file == "" {
		return
	}
	if b, err := os.ReadFile(p.file); err == nil {
		of := map[desk.ID]Liking{}
		if json.Unmarshal(b, &of) == nil {
			p.of = of
		}
	}
}

// Write changes one agent's likings; other windows may have changed the others'.
func (p *Likings) Write(me desk.ID, change func(*Liking)) error {
	p.read()
	x := p.of[me]
	change(&x)
	if reflect.DeepEqual(x, p.of[me]) {
		return nil
	}
	p.of[me] = x
	if p.file == "" {
		return nil
	}
	b, err := json.Marshal(p.of)
	if err != nil {
		return err
	}
	return writeWhole(p.file, b)
}
