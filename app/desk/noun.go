package desk

import "slices"

// The nouns below are stored field by field (see Patch): a field's number is
// part of the format and is never reused.

// Organisation is the organisation that the desk serves.
type Organisation struct {
	Name string `cbor:"1,keyasint,omitempty" json:"name"`
	Zone string `cbor:"2,keyasint,omitempty" json:"zone"` // IANA
	Lang string `cbor:"3,keyasint,omitempty" json:"lang"` // es, en, pt
	Demo bool   `cbor:"4,keyasint,omitempty" json:"demo,omitempty"`
}

// Person is a member of the user community.
type Person struct {
	Name      string   `cbor:"1,keyasint,omitempty" json:"name"`
	Title     string   `cbor:"2,keyasint,omitempty" json:"title,omitempty"`
	Area      ID       `cbor:"3,keyasint,omitempty" json:"area,omitempty"`
	Site      ID       `cbor:"4,keyasint,omitempty" json:"site,omitempty"`
	Document  string   `cbor:"5,keyasint,omitempty" json:"document,omitempty"` // identity number of the organisation
	Extension string   `cbor:"6,keyasint,omitempty" json:"extension,omitempty"`
	Phones    []string `cbor:"7,keyasint,omitempty" json:"phones,omitempty"`
	Email     string   `cbor:"8,keyasint,omitempty" json:"email,omitempty"`
	Langs     []string `cbor:"9,keyasint,omitempty" json:"langs,omitempty"`
	VIP       bool     `cbor:"10,keyasint,omitempty" json:"vip,omitempty"`
	Contract  ID       `cbor:"11,keyasint,omitempty" json:"contract,omitempty"`
	Gone      bool     `cbor:"12,keyasint,omitempty" json:"gone,omitempty"`
	Ref       string   `cbor:"13,keyasint,omitempty" json:"ref,omitempty"` // id in the source it was imported from
	Note      string   `cbor:"14,keyasint,omitempty" json:"note,omitempty"`
	Into      ID       `cbor:"15,keyasint,omitempty" json:"into,omitzero"` // the same person, whose record stays
}

// Area is a part of the client's organisation.
type Area struct {
	Name string `cbor:"1,keyasint,omitempty" json:"name"`
}

// Site is a place of the client.
type Site struct {
	Name string `cbor:"1,keyasint,omitempty" json:"name"`
	City string `cbor:"2,keyasint,omitempty" json:"city,omitempty"`
	Zone string `cbor:"3,keyasint,omitempty" json:"zone,omitempty"`
}

// Asset is a piece of equipment or a service that cases are about.
type Asset struct {
	Tag    string `cbor:"1,keyasint,omitempty" json:"tag"`
	Name   string `cbor:"2,keyasint,omitempty" json:"name,omitempty"`
	Model  string `cbor:"3,keyasint,omitempty" json:"model,omitempty"`
	Serial string `cbor:"4,keyasint,omitempty" json:"serial,omitempty"`
	Person ID     `cbor:"5,keyasint,omitempty" json:"person,omitempty"`
	Site   ID     `cbor:"6,keyasint,omitempty" json:"site,omitempty"`
	Gone   bool   `cbor:"7,keyasint,omitempty" json:"gone,omitempty"`
	Ref    string `cbor:"8,keyasint,omitempty" json:"ref,omitempty"`
}

// Role says what an agent may do. The zero Role may do nothing.
type Role uint8

// Roles.
const (
	NoRole Role = iota
	AgentRole
	TechnicianRole
	SupervisorRole
	AnalystRole
	AdministratorRole
	ViewerRole
)

var roleNames = [...]string{"", "agent", "technician", "supervisor", "analyst", "administrator", "viewer"}

func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return ""
}

// Valid tells whether this version knows the role; none is valid.
func (r Role) Valid() bool { return int(r) < len(roleNames) }

// Agent is staff of the desk with an account.
type Agent struct {
	Name      string   `cbor:"1,keyasint,omitempty" json:"name"`
	Login     string   `cbor:"2,keyasint,omitempty" json:"login"`
	Role      Role     `cbor:"3,keyasint,omitempty" json:"role"`
	Groups    []ID     `cbor:"4,keyasint,omitempty" json:"groups,omitempty"`
	Langs     []string `cbor:"5,keyasint,omitempty" json:"langs,omitempty"`
	Secret    []byte   `cbor:"6,keyasint,omitempty" json:"-"` // argon2id, with its parameters
	Gone      bool     `cbor:"7,keyasint,omitempty" json:"gone,omitempty"`
	Extension string   `cbor:"8,keyasint,omitempty" json:"extension,omitempty"`
	Ref       string   `cbor:"9,keyasint,omitempty" json:"ref,omitempty"`
	Key       []byte   `cbor:"10,keyasint,omitempty" json:"-"` // Ed25519 public key; nil = nobody can sign in as this agent
	Sealed    []byte   `cbor:"11,keyasint,omitempty" json:"-"` // its private half, under the password
	Email     string   `cbor:"12,keyasint,omitempty" json:"email,omitempty"`
}

// Group is a resolution unit; Outside marks a supplier.
type Group struct {
	Name    string `cbor:"1,keyasint,omitempty" json:"name"`
	Level   int    `cbor:"2,keyasint,omitempty" json:"level"` // 1, 2, 3
	Outside bool   `cbor:"3,keyasint,omitempty" json:"outside,omitempty"`
	Ref     string `cbor:"4,keyasint,omitempty" json:"ref,omitempty"`
}

// Target is one promise for one priority: seconds of business time.
type Target struct {
	Priority int   `cbor:"1,keyasint" json:"priority"`
	TakeUp   int64 `cbor:"2,keyasint,omitempty" json:"take_up"`
	Resolve  int64 `cbor:"3,keyasint,omitempty" json:"resolve"`
	OLA      int64 `cbor:"4,keyasint,omitempty" json:"ola"`
}

// Goal is the target of an index.
type Goal struct {
	Index   string  `cbor:"1,keyasint" json:"index"` // id of clocks-and-indices
	Value   float64 `cbor:"2,keyasint" json:"value"`
	AtLeast bool    `cbor:"3,keyasint,omitempty" json:"at_least"` // else at most
}

// Contract is what was agreed with a client.
type Contract struct {
	Code         string   `cbor:"1,keyasint,omitempty" json:"code"`
	Client       string   `cbor:"2,keyasint,omitempty" json:"client"`
	Calendar     ID       `cbor:"3,keyasint,omitempty" json:"calendar"`
	Zone         string   `cbor:"4,keyasint,omitempty" json:"zone"`
	Langs        []string `cbor:"5,keyasint,omitempty" json:"langs,omitempty"`
	Targets      []Target `cbor:"6,keyasint,omitempty" json:"targets"`
	Pauses       []string `cbor:"7,keyasint,omitempty" json:"pauses"`          // pending reasons that stop the SLA
	ReopenDays   int      `cbor:"8,keyasint,omitempty" json:"reopen_days"`     // 0 = 7
	ShortAbandon int64    `cbor:"9,keyasint,omitempty" json:"short_abandon_s"` // seconds; 0 = 5
	AnswerIn     int64    `cbor:"10,keyasint,omitempty" json:"answer_in_s"`    // seconds of the service level; 0 = 20
	WrapUp       int64    `cbor:"11,keyasint,omitempty" json:"wrap_up_s"`      // longest wrap-up counted; 0 = 600
	Goals        []Goal   `cbor:"12,keyasint,omitempty" json:"goals"`
	Levels       string   `cbor:"13,keyasint,omitempty" json:"service_level_formula,omitempty"` // strict, asterisk1, asterisk2; "" = strict
	Queues       []string `cbor:"21,keyasint,omitempty" json:"queues,omitempty"`                // of the exchange, whose calls are its
	Numbers      []string `cbor:"22,keyasint,omitempty" json:"numbers,omitempty"`               // dialled, whose calls are its
	Ladders      []Ladder `cbor:"23,keyasint,omitempty" json:"escalations,omitempty"`           // the first that fits holds

	Thresholds map[string]float64 `cbor:"24,keyasint,omitempty" json:"thresholds,omitempty"` // from which on rules of proposals propose, by rule; none = the rule's own
}

// Category is one node of the tree of a model, known by its path.
type Category struct {
	Code   string            `cbor:"1,keyasint" json:"code"`
	Path   map[string]string `cbor:"2,keyasint" json:"path"` // by language: "Impresoras › Cola detenida"
	Kind   CaseKind          `cbor:"3,keyasint,omitempty" json:"kind"`
	Group  string            `cbor:"4,keyasint,omitempty" json:"group"` // code of the resolution unit it goes to
	Level1 bool              `cbor:"5,keyasint,omitempty" json:"level1"`
	Impact int               `cbor:"6,keyasint,omitempty" json:"impact,omitempty"` // proposed, 0 = none
	Urgent int               `cbor:"7,keyasint,omitempty" json:"urgency,omitempty"`

	Procedure string `cbor:"8,keyasint,omitempty" json:"procedure,omitempty"` // code of the one that its cases follow
}

// Name is the path in a language, Spanish where it is missing.
func (c Category) Name(lang string) string {
	if s := c.Path[lang]; s != "" {
		return s
	}
	return c.Path["es"]
}

// Reason is a pending reason.
type Reason struct {
	Code  string            `cbor:"1,keyasint" json:"code"`
	Name  map[string]string `cbor:"2,keyasint" json:"name"`
	Stops bool              `cbor:"3,keyasint,omitempty" json:"stops"` // proposed to stop the SLA clock
}

// Canned is a text that agents reuse.
type Canned struct {
	Code string            `cbor:"1,keyasint" json:"code"`
	Text map[string]string `cbor:"2,keyasint" json:"text"`
}

// Model is the service model: all definitions by which the desk works, as one
// versioned entity.
type Model struct {
	Version    int                          `cbor:"1,keyasint,omitempty" json:"version"`
	Categories []Category                   `cbor:"2,keyasint,omitempty" json:"categories"`
	Matrix     [4][4]int                    `cbor:"3,keyasint,omitempty" json:"matrix"` // [impact-1][urgency-1] -> priority 1..4
	Groups     map[string]ID                `cbor:"4,keyasint,omitempty" json:"groups"` // by code
	Reasons    []Reason                     `cbor:"5,keyasint,omitempty" json:"reasons"`
	Canned     []Canned                     `cbor:"6,keyasint,omitempty" json:"canned"`
	Impacts    map[string][4]string         `cbor:"7,keyasint,omitempty" json:"impacts"`   // words by language
	Urgencies  map[string][4]string         `cbor:"8,keyasint,omitempty" json:"urgencies"` //
	Priorities map[string][4]string         `cbor:"9,keyasint,omitempty" json:"priorities"`
	Extra      map[string]map[string]string `cbor:"10,keyasint,omitempty" json:"extra,omitempty"`
	Requires   []string                     `cbor:"11,keyasint,omitempty" json:"requires,omitempty"` // see Lacks; nil = caller, category
	Procedures []Procedure                  `cbor:"12,keyasint,omitempty" json:"procedures,omitempty"`
	Rules      []Rule                       `cbor:"13,keyasint,omitempty" json:"rules,omitempty"` // the first that holds sends a new case
}

// Requirable are the fields that a model can require of a case before it is solved
// or handed on; RequiresNothing alone stands for none of them.
var Requirable = []string{"caller", "category", "impact", "urgency", "text"}

// RequiresNothing is in the place of required fields where there are none.
const RequiresNothing = "nothing"

// Lacks is the first required field that a case does not have; "" when it has all.
func (m Model) Lacks(c *Opened) string {
	need := m.Requires
	if len(need) == 0 {
		need = Requirable[:2]
	}
	has := map[string]bool{"caller": !c.Person.IsZero(), "category": c.Category != "", "impact": c.Impact > 0, "urgency": c.Urgency > 0, "text": c.Text != ""}
	for _, f := range Requirable {
		if slices.Contains(need, f) && !has[f] {
			return f
		}
	}
	return ""
}

// Priority is what the matrix says for impact and urgency, each 1..4; 0 when
// either is not set.
func (m Model) Priority(impact, urgency int) int {
	if impact < 1 || impact > 4 || urgency < 1 || urgency > 4 {
		return 0
	}
	return m.Matrix[impact-1][urgency-1]
}

// Category finds a category by its code.
func (m Model) Category(code string) (Category, bool) {
	for _, c := range m.Categories {
		if c.Code == code {
			return c, true
		}
	}
	return Category{}, false
}

// Article is a solution document.
type Article struct {
	Code     string `cbor:"1,keyasint,omitempty" json:"code"`
	Title    string `cbor:"2,keyasint,omitempty" json:"title"`
	Body     string `cbor:"3,keyasint,omitempty" json:"body"`
	Lang     string `cbor:"4,keyasint,omitempty" json:"lang"`
	Category string `cbor:"5,keyasint,omitempty" json:"category,omitempty"`
	Gone     bool   `cbor:"6,keyasint,omitempty" json:"gone,omitempty"`
	Ref      string `cbor:"7,keyasint,omitempty" json:"ref,omitempty"`
}
