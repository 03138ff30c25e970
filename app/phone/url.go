package phone

import (
	"errors"
	"net/url"
	"strings"
	"unicode"
)

// ErrURL says that a link is not one that tells of a caller.
var ErrURL = errors.New("the link tells of no caller: tel:+56225550101 and punto:call?number=4471&name=Rosa are known")

// Longest that a link may be, and its parts.
const (
	maxURL    = 512
	maxDigits = 32
	maxName   = 80
)

// ParseURL reads the caller out of a link that a softphone opens: tel: as in RFC 3966,
// or punto:call with number and name. Nothing else of it counts.
func ParseURL(s string) (caller, name string, err error) {
	if len(s) > maxURL || strings.ContainsFunc(s, unicode.IsControl) {
		return "", "", ErrURL
	}
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok {
		return "", "", ErrURL
	}
	switch strings.ToLower(scheme) {
	case "tel":
		caller, _, _ = strings.Cut(rest, ";") // parameters tell nothing of the caller
		if caller, err = url.PathUnescape(strings.TrimPrefix(caller, "//")); err != nil {
			return "", "", ErrURL
		}
	case "punto":
		what, query, _ := strings.Cut(strings.TrimPrefix(rest, "//"), "?")
		if strings.Trim(what, "/") != "call" {
			return "", "", ErrURL
		}
		q, err := url.ParseQuery(query)
		if err != nil {
			return "", "", ErrURL
		}
		caller, name = q.Get("number"), strings.TrimSpace(q.Get("name"))
	default:
		return "", "", ErrURL
	}
	var b strings.Builder
	for i, r := range strings.TrimSpace(caller) {
		switch {
		case r >= '0' && r <= '9' || r == '*' || r == '#' || r == '+' && i == 0:
			b.WriteRune(r)
		case strings.ContainsRune("-.() ", r): // separators for the eye
		default:
			return "", "", ErrURL
		}
	}
	caller = b.String()
	if strings.Trim(caller, "+") == "" || len(caller) > maxDigits || strings.ContainsFunc(name, unicode.IsControl) {
		return "", "", ErrURL
	}
	if r := []rune(name); len(r) > maxName {
		name = string(r[:maxName])
	}
	return caller, name, nil
}
