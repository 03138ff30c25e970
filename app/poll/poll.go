// Package poll holds the rules of surveys: what a survey may be, which cases are drawn,
// which questions an answer has to give, and what it says as a score. It is pure, and a
// function of what it is given alone, so that workstations draw the same cases.
package poll

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"punto/app/desk"
)

// What a survey may be at most.
const (
	MaxQuestions = 12
	MaxOptions   = 9   // one digit each
	MaxReply     = 500 // letters of a text
	MaxDays      = 365
)

// Problem says what is wrong, with a place for each of Args.
type Problem struct {
	Form string
	Args []any
}

func (p *Problem) Error() string { return fmt.Sprintf(p.Form, p.Args...) }

// Forms of a Problem.
const (
	NoQuestions  = "the survey has no question, or more than %d: it takes from 1 to that"
	BadQuestion  = "question %d of the survey cannot be used: it needs a code of its own, a kind and words in Spanish"
	BadOptions   = "question %d of the survey is a choice: it takes from 2 to %d options with words in Spanish"
	BadCondition = "question %d of the survey hangs on something that is no earlier question or no answer of it"
	BadNumbers   = "a number of the survey is out of bounds: shares go to 100, days to %d, the score that is followed to 4"
	BadAddress   = "the address of the survey's page is none: write one such as http://10.7.0.1:7480"
	Missing      = "the question %q has no answer: it needs one"
	BadReply     = "the answer to %q is none of those that there are"
	LongReply    = "the answer to %q is longer than %d letters: shorten it"
)

// Check tells why a survey cannot be used; nil when it can.
func Check(s desk.Survey) *Problem {
	if n := len(s.Questions); n < 1 || n > MaxQuestions {
		return &Problem{NoQuestions, []any{MaxQuestions}}
	}
	for i, q := range s.Questions {
		if q.Code == "" || q.Kind == desk.NoQuestionKind || !q.Kind.Valid() || strings.TrimSpace(q.Words["es"]) == "" || slices.ContainsFunc(s.Questions[:i], func(x desk.SurveyQuestion) bool { return x.Code == q.Code }) {
			return &Problem{BadQuestion, []any{i + 1}}
		}
		if q.Kind == desk.ChoiceQuestion && (len(q.Options) < 2 || len(q.Options) > MaxOptions || slices.ContainsFunc(q.Options, func(o map[string]string) bool { return strings.TrimSpace(o["es"]) == "" })) {
			return &Problem{BadOptions, []any{i + 1, MaxOptions}}
		}
		if q.When == "" {
			continue
		}
		on := slices.IndexFunc(s.Questions[:i], func(x desk.SurveyQuestion) bool { return x.Code == q.When })
		if on < 0 || len(q.Is) == 0 || slices.ContainsFunc(q.Is, func(v int) bool { return !valued(s.Questions[on], v) }) {
			return &Problem{BadCondition, []any{i + 1}}
		}
	}
	for _, x := range [][2]int{{s.Every, 1_000}, {s.Share, 100}, {s.PersonDay, MaxDays}, {s.Expire, MaxDays}, {s.Remind, MaxDays}, {s.Follow, 4}, {int(s.Delay / 86_400), MaxDays}} {
		if x[0] < 0 || x[0] > x[1] || s.Delay < 0 {
			return &Problem{BadNumbers, []any{MaxDays}}
		}
	}
	if s.Address != "" {
		u, err := url.Parse(s.Address)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
			return &Problem{BadAddress, nil}
		}
	}
	return nil
}

// valued tells whether a number answers a question; a text has none.
func valued(q desk.SurveyQuestion, v int) bool {
	switch q.Kind {
	case desk.ScaleQuestion:
		return v >= 1 && v <= 5
	case desk.YesNoQuestion:
		return v == 1 || v == 2
	case desk.NPSQuestion:
		return v >= 0 && v <= 10
	case desk.ChoiceQuestion:
		return v >= 1 && v <= len(q.Options)
	}
	return false
}

// Drawn tells whether a survey asks about a case, by the case's own id and number: every
// workstation draws the same ones, and no agent can foresee them by looking at the case.
func Drawn(s desk.Survey, survey, kase desk.ID, n desk.Number) bool {
	if s.Every > 1 {
		if ordinal(n)%uint64(s.Every) != 0 { // Every is positive
			return false
		}
	}
	if s.Share == 0 || s.Share >= 100 {
		return true
	}
	sum := sha256.Sum256(append(survey[:], kase[:]...))
	return binary.BigEndian.Uint32(sum[:4])%10_000 < uint32(s.Share)*100 // Share is at most 100
}

// ordinal is the counter of a case number, such as 4217 of "B-4217-6"; 0 of any other.
func ordinal(n desk.Number) uint64 {
	parts := strings.Split(string(n), "-")
	if len(parts) < 2 {
		return 0
	}
	x, err := strconv.ParseUint(parts[1], 10, 64)
	if err != nil {
		return 0
	}
	return x
}

// Asked are the questions that are asked after some replies.
func Asked(qs []desk.SurveyQuestion, rs []desk.Reply) (out []desk.SurveyQuestion) {
	for _, q := range qs {
		if q.When == "" {
			out = append(out, q)
			continue
		}
		if slices.ContainsFunc(out, func(x desk.SurveyQuestion) bool { return x.Code == q.When }) &&
			slices.ContainsFunc(rs, func(r desk.Reply) bool { return r.Question == q.When && slices.Contains(q.Is, r.Value) }) {
			out = append(out, q)
		}
	}
	return out
}

// Read leaves of replies those to questions that are asked, in their order, each once:
// a page without a script sends what it has hidden too. It tells what is missing or no
// answer at all. A question that was passed over has no reply.
func Read(qs []desk.SurveyQuestion, rs []desk.Reply, lang string) (out []desk.Reply, why *Problem) {
	for _, q := range Asked(qs, rs) {
		i := slices.IndexFunc(rs, func(r desk.Reply) bool { return r.Question == q.Code })
		if i < 0 || q.Kind == desk.TextQuestion && strings.TrimSpace(rs[i].Text) == "" {
			if q.Required {
				return nil, &Problem{Missing, []any{q.Said(lang)}}
			}
			continue
		}
		r := desk.Reply{Question: q.Code}
		if q.Kind == desk.TextQuestion {
			if r.Text = clean(rs[i].Text); utf8.RuneCountInString(r.Text) > MaxReply {
				return nil, &Problem{LongReply, []any{q.Said(lang), MaxReply}}
			}
		} else if r.Value = rs[i].Value; !valued(q, r.Value) {
			return nil, &Problem{BadReply, []any{q.Said(lang)}}
		}
		out = append(out, r)
	}
	return out, nil
}

// clean is a text without control characters other than ends of lines.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\r' || unicode.IsControl(r) && r != '\n' || r == utf8.RuneError {
			return -1
		}
		return r
	}, s))
}

// Score is what an answer says: its first scale, 1 to 5, 0 where there is none; and
// whether the likelihood to recommend was told, and which.
func Score(qs []desk.SurveyQuestion, rs []desk.Reply) (score int, asked bool, nps int) {
	for _, q := range qs {
		for _, r := range rs {
			if r.Question != q.Code || !valued(q, r.Value) {
				continue
			}
			if q.Kind == desk.ScaleQuestion && score == 0 {
				score = r.Value
			}
			if q.Kind == desk.NPSQuestion && !asked {
				asked, nps = true, r.Value
			}
		}
	}
	return score, asked, nps
}
