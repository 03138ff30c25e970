package desk

// Cycle is how long the time is that a report tells of. The numbers are part of the format.
type Cycle uint8

// Cycles.
const (
	Monthly Cycle = iota
	Weekly
	Daily
)

var cycleNames = [...]string{"month", "week", "day"}

func (c Cycle) String() string { return nameOf(cycleNames[:], int(c)) }

// Valid tells whether this version knows it.
func (c Cycle) Valid() bool { return int(c) < len(cycleNames) }

// ParseCycle reads what String writes.
func ParseCycle(s string) (Cycle, bool) {
	for i, name := range cycleNames {
		if s == name {
			return Cycle(i), true // there are three of them
		}
	}
	return Monthly, false
}

// Definition is what a report has and who gets it when. Scheduled, it is issued at Hour and
// Minute in the desk's zone, on Day of the month (1 to 28) or of the week (1 is Monday) or
// each day, of the month, week or day that was over then.
type Definition struct {
	Names     map[string]string `cbor:"1,keyasint,omitempty" json:"names"` // by language
	Cycle     Cycle             `cbor:"2,keyasint,omitempty" json:"cycle"`
	Contracts []ID              `cbor:"3,keyasint,omitempty" json:"contracts,omitempty"` // each has a report of its own; nil = the first
	Unit      ID                `cbor:"4,keyasint,omitempty" json:"unit,omitzero"`       // a group; zero = the whole desk
	Blocks    []Block           `cbor:"5,keyasint,omitempty" json:"blocks"`
	Lang      string            `cbor:"6,keyasint,omitempty" json:"lang,omitempty"` // "" = the contract's
	To        []string          `cbor:"7,keyasint,omitempty" json:"to,omitempty"`   // addresses
	Formats   []string          `cbor:"8,keyasint,omitempty" json:"formats"`        // pdf, xlsx, html, csv
	Scheduled bool              `cbor:"9,keyasint,omitempty" json:"scheduled"`
	Day       int               `cbor:"10,keyasint,omitempty" json:"day"`
	Hour      int               `cbor:"11,keyasint,omitempty" json:"hour"`
	Minute    int               `cbor:"12,keyasint,omitempty" json:"minute"`
	SinceAt   int64             `cbor:"13,keyasint,omitempty" json:"since,omitempty"` // since when it is scheduled so: nothing is issued for what was before
	Gone      bool              `cbor:"14,keyasint,omitempty" json:"gone,omitempty"`
	Indices   []string          `cbor:"15,keyasint,omitempty" json:"indices,omitempty"` // of the table of promises, by id, in this order; nil = the usual ones
}

// Block is a part of a report, and a text that always stands with it.
type Block struct {
	Part string `cbor:"1,keyasint" json:"part"`
	Text string `cbor:"2,keyasint,omitempty" json:"text,omitempty"`
}

// Name is the name in a language, in Spanish where it is missing, else any.
func (d Definition) Name(lang string) string {
	for _, l := range []string{lang, "es", "en", "pt"} {
		if s := d.Names[l]; s != "" {
			return s
		}
	}
	return ""
}

// ReportID is the report of a definition for a contract and a period such as 2026-10,
// 2026-W41 or 2026-10-05: whoever issues it, wherever, issues that one.
func ReportID(definition, contract ID, period string) ID {
	return DerivedID("report", definition.String(), contract.String(), period)
}

// Commented is the body of ReportCommented: what an analyst says of a part of a report that
// is to be issued. The last one of a part and an author counts; an empty text takes it back.
type Commented struct {
	Definition ID     `cbor:"1,keyasint"`
	Contract   ID     `cbor:"2,keyasint"`
	Period     string `cbor:"3,keyasint"`
	Part       string `cbor:"4,keyasint,omitempty"` // "" = the whole report
	Text       string `cbor:"5,keyasint,omitempty"`
}

// Issued is the body of ReportIssued: a revision of a report as it stands for ever, with
// its figures and its files, which are what their hashes say.
type Issued struct {
	Definition ID        `cbor:"1,keyasint"`
	Contract   ID        `cbor:"2,keyasint"`
	Period     string    `cbor:"3,keyasint"`
	Revision   int       `cbor:"4,keyasint"` // from 1
	Name       string    `cbor:"5,keyasint"` // of the definition then
	Client     string    `cbor:"6,keyasint,omitempty"`
	Lang       string    `cbor:"7,keyasint,omitempty"`
	Headline   string    `cbor:"8,keyasint,omitempty"`
	Inputs     string    `cbor:"9,keyasint,omitempty"` // hash of the rows behind the figures, as it is printed
	Pages      int       `cbor:"10,keyasint,omitempty"`
	Figures    []Printed `cbor:"11,keyasint,omitempty"`
	Changes    []Changed `cbor:"12,keyasint,omitempty"` // against the revision before
	Files      []File    `cbor:"13,keyasint,omitempty"`
	DueAt      int64     `cbor:"14,keyasint,omitempty"` // Unix milliseconds; when its schedule had it issued; 0 = somebody issued it
	To         []string  `cbor:"15,keyasint,omitempty"` // to whom it was mailed then
}

// Printed is a figure of a report. Value is nil where there is none.
type Printed struct {
	ID    string   `cbor:"1,keyasint" json:"id"`
	Name  string   `cbor:"2,keyasint,omitempty" json:"name"`
	Unit  string   `cbor:"3,keyasint,omitempty" json:"unit,omitempty"` // share, seconds, score; "" = a count
	Value *float64 `cbor:"4,keyasint,omitempty" json:"value"`
	Num   float64  `cbor:"5,keyasint,omitempty" json:"num"`
	Den   *float64 `cbor:"6,keyasint,omitempty" json:"den,omitempty"`
}

// Changed is a figure that is another than in the revision before: nil where it had none.
type Changed struct {
	ID   string   `cbor:"1,keyasint" json:"id"`
	Name string   `cbor:"2,keyasint,omitempty" json:"name"`
	Unit string   `cbor:"3,keyasint,omitempty" json:"unit,omitempty"`
	Was  *float64 `cbor:"4,keyasint,omitempty" json:"was"`
	Is   *float64 `cbor:"5,keyasint,omitempty" json:"is"`
}
