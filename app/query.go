package app

import (
	"punto/app/desk"
	"punto/app/phone"
	"punto/app/sla"
)

// Status tells what this desk and session are, before and after signing in.
type Status struct{}

// StatusAnswer answers Status. Desk.Name is "" while no desk has been made.
type StatusAnswer struct {
	Desk    desk.Desk
	Node    string // prefix of this workstation's case numbers
	Me      desk.ID
	Agent   desk.Agent
	Cases   int // open
	Mine    int // open and assigned to me
	Calls   int // offered today
	Origins map[desk.Origin]uint64
	Room    desk.Room // on the disk of the workstation that answers
}

// Cases is a page of cases.
type Cases struct {
	By    string  // "due" (open cases, next deadline first; the default), "opened" (newest first), "group", "agent", "person", "asset", "category"
	ID    desk.ID // of the group, agent, person or asset
	Code  string  // of the category
	Open  bool    // only those still open
	After []byte  // Next of the page before; nil = from the beginning
	Limit int     // 0 = 50; at most 1000
}

// CasesAnswer answers Cases.
type CasesAnswer struct {
	Rows []CaseRow
	Next []byte // nil at the end
}

// CaseRow is a case in a list, with its names looked up.
type CaseRow struct {
	ID       desk.ID
	Number   desk.Number
	Subject  string
	Person   string
	VIP      bool
	Area     string
	Priority int
	Status   desk.Status
	Pending  string
	Group    string
	Agent    string
	Category string
	OpenedAt int64
	HandOffs int
	Clock    sla.Run // the open run with the earliest deadline; zero when none
	Conflict bool
	Bad      bool `json:",omitempty"` // it is stored and cannot be read; only ID is set
}

// OneCase is a case page: by id, or by number as people type it.
type OneCase struct {
	ID     desk.ID
	Number string
}

// OneCaseAnswer answers OneCase.
type OneCaseAnswer struct {
	ID       desk.ID
	Case     desk.Case
	Row      CaseRow
	Person   desk.Person
	Contract desk.Contract
	Timeline []Moment
	Clocks   []sla.Run
	Names    map[desk.ID]string
}

// Moment is one entry of a timeline, in the order of the fold.
type Moment struct {
	Origin desk.Origin
	Seq    uint64
	At     int64
	Kind   desk.Kind
	Actor  string
	Text   string
	Reason string
	Group  string
	Agent  string
	Other  string // number of the other case; title of the article
	Public bool
	ByRule bool
	Undone bool
}

// Explain lists what made each deadline of a case.
type Explain struct {
	ID     desk.ID
	Number string
}

// ExplainAnswer answers Explain: one explanation for each run.
type ExplainAnswer struct {
	Number desk.Number
	Runs   []sla.Run
	Clocks []sla.Explanation
}

// Who finds people by number, extension, name or id, typed as far as it is.
type Who struct {
	Text  string
	Limit int // 0 = 8
}

// WhoAnswer answers Who, best first.
type WhoAnswer struct{ People []PersonRow }

// PersonRow is a person in a list.
type PersonRow struct {
	ID     desk.ID
	Person desk.Person
	Area   string
	Site   string
}

// OnePerson is the side panel of a caller.
type OnePerson struct{ ID desk.ID }

// OnePersonAnswer answers OnePerson.
type OnePersonAnswer struct {
	Row      PersonRow
	Open     []CaseRow
	Recent   []CaseRow // the last five closed
	Assets   []desk.Asset
	Contract desk.Contract
	Hours    bool  // open now
	Until    int64 // when that changes, Unix milliseconds; 0 = never
}

// Promise is what would be promised to a case opened now.
type Promise struct {
	Contract        desk.ID // zero = the person's, else the desk's first
	Person          desk.ID
	Impact, Urgency int
	Priority        int // not 0 = chosen, not the matrix's
}

// PromiseAnswer answers Promise; times are 0 where nothing is promised.
type PromiseAnswer struct {
	Priority int
	TakeUp   int64 // Unix milliseconds
	Resolve  int64
	Why      []sla.Explanation
}

// Search is full text over cases, people and articles.
type Search struct {
	Text   string
	Kind   string // "case", "person", "article", "" = all
	Lang   string
	Limit  int  // 0 = 10
	Typing bool // the last word is not finished
}

// SearchAnswer answers Search, best first.
type SearchAnswer struct{ Hits []Hit }

// Hit is one thing found. Ref is the imported id, else the entity's own.
type Hit struct {
	Ref   string  `json:"ref"`
	Kind  string  `json:"kind"`
	ID    desk.ID `json:"id"`
	Title string  `json:"title"`
	Score float64 `json:"score"`

	Detail string `json:"detail,omitempty"` // of a case its number, of a user the extension, area and site
}

// OneArticle is a solution document.
type OneArticle struct{ ID desk.ID }

// OneArticleAnswer answers OneArticle.
type OneArticleAnswer struct {
	ID      desk.ID
	Article desk.Article
}

// Records lists all records of one type, by name.
type Records struct {
	Type  desk.Type
	After []byte
	Limit int // 0 = 200
}

// RecordsAnswer answers Records; only the slice of the asked type is set.
type RecordsAnswer struct {
	People    []PersonRow
	Areas     []Named[desk.Area]
	Sites     []Named[desk.Site]
	Assets    []Named[desk.Asset]
	Agents    []Named[desk.Agent]
	Groups    []Named[desk.Group]
	Contracts []Named[desk.Contract]
	Articles  []Named[desk.Article]
	Next      []byte
}

// Named is a record with its id.
type Named[T any] struct {
	ID desk.ID
	Of T
}

// TheModel is the service model in force.
type TheModel struct{}

// TheModelAnswer answers TheModel.
type TheModelAnswer struct{ Model desk.Model }

// Calls is a page of calls, newest first.
type Calls struct {
	After []byte
	Limit int
}

// CallsAnswer answers Calls.
type CallsAnswer struct {
	Rows []CallRow
	Next []byte
}

// CallRow is a call in a list.
type CallRow struct {
	ID   desk.ID
	Call phone.Call
	Case desk.ID
	Bad  bool `json:",omitempty"` // a value of it could not be told
}
