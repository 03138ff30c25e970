// Package number compares telephone numbers as people and exchanges write them:
// national and international, with separators, with an extension, or an extension
// alone.
//
// It is pure. It promises that Same is symmetric and that two ways of writing one
// number of the country are the same; it never calls a number wrong: what it does not
// understand is compared by its digits.
//
// The numbering plans of the countries come from libphonenumber, in its port to Go,
// which follows the plans as they change; no table of our own would.
package number

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Number is a telephone number.
type Number struct {
	Whole     string // with its country, +56981234501; "" when the country is not known or the number is none of its plan
	Digits    string // as dialled, without separators; of an internal number all there is
	Extension string // behind the number
}

// Limits: an internal number has at most so many digits; two numbers that are in no
// plan are one when they end in so many digits.
const (
	internal = 6
	tail     = 7
	longest  = 40 // bytes that are looked at
)

// Parse reads a number that was written or dialled in a country, by its two letters
// such as CL; "" where it is not known. False when there is no number in the text.
func Parse(text, country string) (Number, bool) {
	s := clean(text)
	s, ext := extension(s)
	n := Number{Digits: digits(s), Extension: ext}
	if n.Digits == "" {
		return Number{}, false
	}
	if len(n.Digits) <= internal && !strings.HasPrefix(s, "+") {
		return n, true
	}
	if strings.HasPrefix(s, "00") && country == "" {
		s = "+" + strings.TrimLeft(s, "0")
	}
	p, err := phonenumbers.Parse(s, strings.ToUpper(country))
	if err == nil && phonenumbers.IsValidNumber(p) {
		n.Whole = phonenumbers.Format(p, phonenumbers.E164)
	}
	return n, true
}

// Same tells whether two texts are one number, both of the country where they do not
// say another. Extensions behind a number tell apart only where both have one.
func Same(a, b, country string) bool {
	x, ok := Parse(a, country)
	y, ok2 := Parse(b, country)
	if !ok || !ok2 || x.Extension != "" && y.Extension != "" && x.Extension != y.Extension {
		return false
	}
	if x.Whole != "" && y.Whole != "" {
		return x.Whole == y.Whole
	}
	return ends(x.plain(), y.plain())
}

// Tail is what the same numbers have in common however they are written: their last
// digits. Different numbers may have it in common too: ask Same. "" for a text with no
// number, or with an internal one.
func Tail(text string) string {
	n, ok := Parse(text, "")
	if !ok || len(n.Digits) < tail {
		return ""
	}
	return n.Digits[len(n.Digits)-tail:]
}

// plain are the digits without what is dialled before the number itself.
func (n Number) plain() string {
	if n.Whole != "" {
		return n.Whole[1:]
	}
	if p := strings.TrimLeft(n.Digits, "0"); len(p) >= tail {
		return p
	}
	return n.Digits
}

// ends tells whether the shorter ends the longer, and is long enough to tell.
func ends(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len(a) >= tail && strings.HasSuffix(b, a)
}

// clean takes away what is around a number: the scheme and the host of an address.
func clean(s string) string {
	if len(s) > longest {
		s = s[:longest]
	}
	s = strings.TrimSpace(s)
	for _, scheme := range []string{"sips:", "sip:", "tel:"} {
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			s = s[len(scheme):]
		}
	}
	if i := strings.IndexByte(s, '@'); i >= 0 {
		s = s[:i]
	}
	if i := strings.IndexByte(s, ';'); i >= 0 {
		s = s[:i]
	}
	return s
}

// marks come before an extension, as people write them.
var marks = []string{"extension", "extensión", "ramal", "anexo", "interno", "ext.", "ext", "int.", "int", "x", "#"}

// extension parts an extension from the number before it.
func extension(s string) (number, ext string) {
	low := strings.ToLower(s)
	if len(low) != len(s) {
		return s, ""
	}
	for _, m := range marks {
		i := strings.Index(low, m)
		if i <= 0 || digits(s[:i]) == "" {
			continue
		}
		if e := digits(s[i+len(m):]); e != "" && len(e) <= internal+1 {
			return s[:i], e
		}
	}
	return s, ""
}

// digits are those of a text.
func digits(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
