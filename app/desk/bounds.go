package desk

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Instants that the desk takes from anywhere: from 1970 to the end of 2199, in Unix
// milliseconds. Calendars reach as far, and every encoding of a time does.
const (
	Earliest int64 = 0
	Latest   int64 = 7_258_118_400_000 - 1
)

// LatestStamp is the last stamp that counts, and that a clock adopts.
const LatestStamp = Stamp(Latest+1)<<16 - 1

// MaxEventBytes is how long the body of an event may be.
const MaxEventBytes = 512 << 10

// MaxViewBytes is how long a view may be.
const MaxViewBytes = 768 << 10

// longestSpan is how long a duration of a call may be.
const longestSpan = 31 * 24 * time.Hour

// ValidAt tells whether an instant in Unix milliseconds can be one of the desk.
func ValidAt(ms int64) bool { return ms >= Earliest && ms <= Latest }

// ClampAt is the valid instant nearest to one.
func ClampAt(ms int64) int64 { return min(max(ms, Earliest), Latest) }

// Bounds are the limits of what comes from outside. A line is any text but those
// of fields named Text or Body; lengths are in characters.
type Bounds struct {
	Line, Text, Body int
	List             int  // entries of a list or map
	Words            int  // entries of a list of lines
	Strict           bool // control characters are refused, and numbers that name nothing
}

// What a person may write, in characters: a line, a text of several, and the body
// of an article.
const (
	MaxLine = 500
	MaxText = 50_000
	MaxBody = 100_000
)

// The bounds of commands, queries and rows of imports, and those of events, which
// are wider: what one version let in, another must not refuse.
var (
	Door = Bounds{Line: MaxLine, Text: MaxText, Body: MaxBody, List: 10_000, Words: 64, Strict: true}
	Wire = Bounds{Line: 4_000, Text: 60_000, Body: 120_000, List: 10_000, Words: 256}
)

// Misfit says which field is outside its bounds. Form has a place for each of Args.
type Misfit struct {
	Field string
	Form  string
	Args  []any
}

func (m *Misfit) Error() string { return fmt.Sprintf(m.Form, m.Args...) }

// Forms of a Misfit.
const (
	MisfitLong    = "the field %s is longer than %d characters: shorten it"
	MisfitUTF8    = "the field %s is not text in UTF-8: write it anew"
	MisfitControl = "the field %s holds a control character (%s): take it out"
	MisfitTime    = "the time in %s is not between the years 1970 and 2199: correct it"
	MisfitNumber  = "the number in %s is out of bounds: correct it"
	MisfitList    = "the field %s has more than %d entries: take some out"
)

func misfit(field, form string, more ...any) *Misfit {
	return &Misfit{Field: field, Form: form, Args: append([]any{field}, more...)}
}

// Fit looks whether all that a value holds is within bounds: texts, times, numbers
// and lists, however deep. The error is a *Misfit.
func (b Bounds) Fit(v any) error {
	if m := b.fit(reflect.ValueOf(v), ""); m != nil {
		return m
	}
	return nil
}

var (
	timeType = reflect.TypeFor[time.Time]()
	spanType = reflect.TypeFor[time.Duration]()
)

func (b Bounds) fit(v reflect.Value, field string) *Misfit {
	switch v.Kind() {
	case reflect.String:
		return b.text(v.String(), field)
	case reflect.Int, reflect.Int64:
		return number(v, field)
	case reflect.Uint8:
		if x, named := v.Interface().(interface{ Valid() bool }); b.Strict && named && !x.Valid() {
			return misfit(field, MisfitNumber)
		}
	case reflect.Float32, reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.Abs(f) > 1e15 {
			return misfit(field, MisfitNumber)
		}
	case reflect.Slice, reflect.Array:
		return b.list(v, field)
	case reflect.Map:
		if v.Len() > b.List {
			return misfit(field, MisfitList, b.List)
		}
		for k, x := range v.Seq2() {
			if m := b.fit(k, field); m != nil {
				return m
			}
			if m := b.fit(x, field); m != nil {
				return m
			}
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return b.fit(v.Elem(), field)
		}
	case reflect.Struct:
		if v.Type() == timeType {
			if t, _ := v.Interface().(time.Time); !t.IsZero() && !ValidAt(t.UnixMilli()) {
				return misfit(field, MisfitTime)
			}
			return nil
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			name := f.Name
			if f.Anonymous {
				name = field
			}
			if m := b.fit(v.Field(i), name); m != nil {
				return m
			}
		}
	}
	return nil
}

func (b Bounds) list(v reflect.Value, field string) *Misfit {
	most := b.List
	switch v.Type().Elem().Kind() {
	case reflect.Uint8:
		return nil // bytes: the message that they came in has a limit
	case reflect.String:
		most = b.Words
	}
	if v.Kind() == reflect.Slice && v.Len() > most {
		return misfit(field, MisfitList, most)
	}
	for i := range v.Len() {
		if m := b.fit(v.Index(i), field); m != nil {
			return m
		}
	}
	return nil
}

// number checks a whole number: an instant by the name of its field, else what a
// float holds exactly, so that every encoding keeps it.
func number(v reflect.Value, field string) *Misfit {
	n := v.Int()
	switch {
	case v.Type() == spanType:
		if d := time.Duration(n); d > longestSpan || d < -longestSpan {
			return misfit(field, MisfitNumber)
		}
	case v.Kind() == reflect.Int64 && (strings.HasSuffix(field, "At") || field == "Wake"):
		if !ValidAt(n) {
			return misfit(field, MisfitTime)
		}
	case n > 1<<53 || n < -(1<<53):
		return misfit(field, MisfitNumber)
	case v.Kind() == reflect.Int && (n > math.MaxInt32 || n < math.MinInt32):
		return misfit(field, MisfitNumber)
	}
	return nil
}

func (b Bounds) text(s, field string) *Misfit {
	most, lines := b.Line, false
	switch field {
	case "Text":
		most, lines = b.Text, true
	case "Body":
		most, lines = b.Body, true
	}
	if !utf8.ValidString(s) {
		return misfit(field, MisfitUTF8)
	}
	if len(s) > most && utf8.RuneCountInString(s) > most {
		return misfit(field, MisfitLong, most)
	}
	if !b.Strict {
		return nil
	}
	for _, r := range s {
		if unicode.IsControl(r) && (!lines || r != '\n' && r != '\r' && r != '\t') {
			return misfit(field, MisfitControl, fmt.Sprintf("U+%04X", r))
		}
	}
	return nil
}

// Weigh is about how many bytes the texts of a value take, however deep they lie.
func Weigh(v any) int { return weigh(reflect.ValueOf(v)) }

func weigh(v reflect.Value) (n int) {
	switch v.Kind() {
	case reflect.String:
		return 2 + v.Len()
	case reflect.Slice, reflect.Array:
		switch v.Type().Elem().Kind() {
		case reflect.Uint8, reflect.Int, reflect.Int64:
			return 2 + v.Len()
		}
		for i := range v.Len() {
			n += weigh(v.Index(i))
		}
	case reflect.Map:
		for k, x := range v.Seq2() {
			n += weigh(k) + weigh(x)
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return weigh(v.Elem())
		}
	case reflect.Struct:
		if v.Type() == timeType {
			return 32
		}
		for i := range v.NumField() {
			n += weigh(v.Field(i))
		}
	default:
		return 8
	}
	return n
}
