package page

import "strings"

// CodeLetters is the length of a code with which a workstation joins.
const CodeLetters = 20

const letterGroup = 5 // how many stand together

// Code is a code as it was meant: the letters of Crockford alone, with O and
// I and L read as the digits that they look like.
func Code(s string) string {
	var b strings.Builder
	for _, c := range strings.ToUpper(s) {
		switch c {
		case 'O':
			c = '0'
		case 'I', 'L':
			c = '1'
		}
		if b.Len() < CodeLetters && strings.ContainsRune("0123456789ABCDEFGHJKMNPQRSTVWXYZ", c) {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// Grouped is a code as it is read aloud.
func Grouped(s string) string {
	s = Code(s)
	var parts []string
	for len(s) > letterGroup {
		parts, s = append(parts, s[:letterGroup]), s[letterGroup:]
	}
	return strings.Join(append(parts, s), " ")
}
