package desk

import (
	"fmt"
	"strconv"
	"strings"
)

// Number is a case number as it is told to the user, such as "B-4217-6": the
// workstation's prefix, its own counter and a check digit. It needs no
// coordination between workstations and is never renumbered.
type Number string

// NewNumber makes the n-th number (n >= 1) of a workstation.
func NewNumber(prefix string, n uint64) Number {
	body := fmt.Sprintf("%s-%04d", strings.ToUpper(prefix), n)
	return Number(body + "-" + string(checkDigit(body)))
}

// ParseNumber reads a number as people type it: lower case, without dashes or
// with spaces. It answers an error when the check digit does not fit.
func ParseNumber(s string) (Number, error) {
	t := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '.' {
			return -1
		}
		return r
	}, strings.ToUpper(s))
	i := strings.IndexFunc(t, func(r rune) bool { return r >= '0' && r <= '9' })
	if i < 1 || len(t) < i+2 {
		return "", &NumberError{Typed: s}
	}
	n, err := strconv.ParseUint(t[i:len(t)-1], 10, 64)
	if err != nil {
		return "", &NumberError{Typed: s}
	}
	want := NewNumber(t[:i], n)
	if want[len(want)-1] != t[len(t)-1] {
		return "", &NumberError{Typed: s, Misheard: true}
	}
	return want, nil
}

// NumberError is what ParseNumber says of a text that is no case number, or of
// one that was misheard: its check digit does not fit.
type NumberError struct {
	Typed    string
	Misheard bool
}

// Form is the sentence with a place for what was typed.
func (e *NumberError) Form() string {
	if e.Misheard {
		return "%q was misheard: its last digit does not fit the rest"
	}
	return "%q is not a case number: something like B-4217-6 is expected"
}

func (e *NumberError) Error() string { return fmt.Sprintf(e.Form(), e.Typed) }

// checkDigit is ISO 7064 MOD 11-10 over the digits, letters counted as their
// place in the alphabet: it catches every single wrong digit and nearly every
// exchange of two neighbours.
func checkDigit(body string) byte {
	p := 10
	add := func(d int) {
		s := (p + d) % 10
		if s == 0 {
			s = 10
		}
		p = s * 2 % 11
	}
	for _, r := range body {
		switch {
		case r >= '0' && r <= '9':
			add(int(r - '0'))
		case r >= 'A' && r <= 'Z':
			add(int(r-'A'+1) / 10)
			add(int(r-'A'+1) % 10)
		}
	}
	return byte('0' + (11-p)%10)
}
