package desk

// QuestionKind is what a question of a survey can be answered with.
type QuestionKind uint8

// Kinds of question.
const (
	NoQuestionKind QuestionKind = iota
	ScaleQuestion               // 1 to 5
	YesNoQuestion               // 1 = yes, 2 = no
	NPSQuestion                 // 0 to 10
	ChoiceQuestion              // ordinal of one option, from 1
	TextQuestion
)

var questionNames = [...]string{"", "scale", "yes_no", "nps", "choice", "text"}

func (k QuestionKind) String() string { return nameOf(questionNames[:], int(k)) }

// Valid tells whether this version knows it; none is valid.
func (k QuestionKind) Valid() bool { return int(k) < len(questionNames) }

// SurveyQuestion is one of a survey, known by its code; its words by language.
type SurveyQuestion struct {
	Code     string              `cbor:"1,keyasint" json:"code"`
	Kind     QuestionKind        `cbor:"2,keyasint" json:"kind"`
	Words    map[string]string   `cbor:"3,keyasint" json:"words"`
	Options  []map[string]string `cbor:"4,keyasint,omitempty" json:"options,omitempty"` // of a choice
	Required bool                `cbor:"5,keyasint,omitempty" json:"required,omitempty"`
	When     string              `cbor:"6,keyasint,omitempty" json:"when,omitempty"` // code of an earlier question; "" = always asked
	Is       []int               `cbor:"7,keyasint,omitempty" json:"is,omitempty"`   // answers of it on which this one is asked
}

// Said is the question in a language, Spanish where it is missing.
func (q SurveyQuestion) Said(lang string) string {
	if s := q.Words[lang]; s != "" {
		return s
	}
	return q.Words["es"]
}

// Survey is what is asked of whom once a case is solved. An invitation is held to the
// version that was in force when it was made.
type Survey struct {
	Name      string           `cbor:"1,keyasint,omitempty" json:"name"`
	On        bool             `cbor:"2,keyasint,omitempty" json:"on"`
	Contract  ID               `cbor:"3,keyasint,omitempty" json:"contract,omitzero"` // zero = all
	Questions []SurveyQuestion `cbor:"4,keyasint,omitempty" json:"questions"`
	Every     int              `cbor:"5,keyasint,omitempty" json:"every"`                     // of the numbers of each workstation every n-th; 0, 1 = all
	Share     int              `cbor:"6,keyasint,omitempty" json:"share"`                     // percent that are drawn; 0, 100 = all
	PersonDay int              `cbor:"7,keyasint,omitempty" json:"person_days"`               // at most one invitation for a person in so many days; 0 = no limit
	Delay     int64            `cbor:"8,keyasint,omitempty" json:"delay_s"`                   // seconds after the case was solved
	Except    []string         `cbor:"9,keyasint,omitempty" json:"except,omitempty"`          // categories that are not asked about
	Expire    int              `cbor:"10,keyasint,omitempty" json:"expire_days"`              // 0 = 7
	Remind    int              `cbor:"11,keyasint,omitempty" json:"remind_days"`              // days after which it may be asked again, once; 0 = never
	Follow    int              `cbor:"12,keyasint,omitempty" json:"follow_up"`                // a score up to it opens a case; 0 = none does
	Group     ID               `cbor:"13,keyasint,omitempty" json:"follow_up_group,omitzero"` // that has such a case; zero = level 1
	Address   string           `cbor:"15,keyasint,omitempty" json:"address,omitempty"`        // of its page, such as http://10.7.0.1:7480; "" = there is none
	Mail      bool             `cbor:"16,keyasint,omitempty" json:"mail,omitempty"`           // users with an address are invited by mail, to that page
	Version   int              `cbor:"14,keyasint,omitempty" json:"version"`
}

// SurveyWay is how an answer came.
type SurveyWay uint8

// Ways.
const (
	NoWay        SurveyWay = iota
	TelephoneWay           // an agent read the questions
	PageWay                // on the page of the local network
	SlipWay                // the same, from a printed slip
	MailWay                // the same, from a mail
)

var wayNames = [...]string{"", "telephone", "page", "slip", "mail"}

func (w SurveyWay) String() string { return nameOf(wayNames[:], int(w)) }

// Valid tells whether this version knows it; none is valid.
func (w SurveyWay) Valid() bool { return int(w) < len(wayNames) }

// Invited is the body of SurveyInvited. Of what a token is only its hash is told.
type Invited struct {
	Survey    ID        `cbor:"1,keyasint"`
	Version   Stamp     `cbor:"2,keyasint"` // of the survey
	Case      ID        `cbor:"3,keyasint"`
	Person    ID        `cbor:"4,keyasint,omitempty"`
	SolvedAt  int64     `cbor:"5,keyasint"` // of the case, when it was asked about
	ExpiresAt int64     `cbor:"6,keyasint"`
	Hash      []byte    `cbor:"7,keyasint,omitempty"` // SHA-256 of the token; nil = there is none yet
	Way       SurveyWay `cbor:"8,keyasint,omitempty"`
}

// Answered is the body of SurveyAnswered.
type Answered struct {
	Way     SurveyWay `cbor:"1,keyasint"`
	Lang    string    `cbor:"2,keyasint,omitempty"`
	Replies []Reply   `cbor:"3,keyasint"`
}

// Reply answers one question. Value: see QuestionKind; none of a text.
type Reply struct {
	Question string `cbor:"1,keyasint" json:"question"`
	Value    int    `cbor:"2,keyasint,omitempty" json:"value"`
	Text     string `cbor:"3,keyasint,omitempty" json:"text,omitempty"`
}
