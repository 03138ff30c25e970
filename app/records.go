package app

import (
	"punto/app/desk"
	"punto/app/sla"
)

// Save makes or changes one record; a zero ID makes one. What differs from the
// stored record becomes one event.
type (
	SaveDesk   struct{ desk.Organisation }
	SavePerson struct {
		ID     desk.ID
		Person desk.Person
	}
	SaveArea struct {
		ID   desk.ID
		Area desk.Area
	}
	SaveSite struct {
		ID   desk.ID
		Site desk.Site
	}
	SaveAsset struct {
		ID    desk.ID
		Asset desk.Asset
	}
	SaveAgent struct {
		ID       desk.ID
		Agent    desk.Agent
		Password string
	}
	SaveGroup struct {
		ID    desk.ID
		Group desk.Group
	}
	SaveContract struct {
		ID       desk.ID
		Contract desk.Contract
	}
	SaveCalendar struct {
		ID       desk.ID
		Calendar sla.Calendar
	}
	SaveModel   struct{ Model desk.Model }
	SaveArticle struct {
		ID      desk.ID
		Article desk.Article
	}
)

// ImportRecords takes people, assets or articles; each is known by its Ref. A
// known one with other values is changed.
type ImportRecords struct {
	People   []desk.Person  `json:",omitempty"`
	Assets   []desk.Asset   `json:",omitempty"`
	Articles []desk.Article `json:",omitempty"`
	Areas    []string       `json:",omitempty"` // area of each person by name; may be nil
	Sites    []string       `json:",omitempty"` // site of each person or asset by name
	Lines    []int          `json:",omitempty"`
}

// PersonRow is a person in a list.
type PersonRow struct {
	ID     desk.ID
	Person desk.Person
	Area   string
	Site   string
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
	Calendars []Named[sla.Calendar]
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

var _ = crosses(SaveDesk{}, SavePerson{}, SaveArea{}, SaveSite{}, SaveAsset{}, SaveAgent{}, SaveGroup{}, SaveContract{}, SaveCalendar{}, SaveModel{}, SaveArticle{}, ImportRecords{}, Records{}, TheModel{}, OneArticle{})

func (SaveDesk) command()         {}
func (SavePerson) command()       {}
func (SaveArea) command()         {}
func (SaveSite) command()         {}
func (SaveAsset) command()        {}
func (SaveAgent) command()        {}
func (SaveGroup) command()        {}
func (SaveContract) command()     {}
func (SaveCalendar) command()     {}
func (SaveModel) command()        {}
func (SaveArticle) command()      {}
func (ImportRecords) command()    {}
func (Records) answer() Answer    { return RecordsAnswer{} }
func (TheModel) answer() Answer   { return TheModelAnswer{} }
func (OneArticle) answer() Answer { return OneArticleAnswer{} }
