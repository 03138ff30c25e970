package app

import "punto/app/desk"

// Who finds people by number, extension, name or id, typed as far as it is.
type Who struct {
	Text  string
	Limit int // 0 = 8
}

// WhoAnswer answers Who, best first.
type WhoAnswer struct{ People []PersonRow }

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

var _ = crosses(Who{}, OnePerson{}, Search{})

func (Who) answer() Answer       { return WhoAnswer{} }
func (OnePerson) answer() Answer { return OnePersonAnswer{} }
func (Search) answer() Answer    { return SearchAnswer{} }
