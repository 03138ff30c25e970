package records

import (
	"strings"

	"punto/app/desk"
)

// Means tells whether an exchange's name of an agent means one of the desk: by the name,
// the login, or the extension, which may stand in the name of a telephone such as
// PJSIP/101 or Local/101@agents/n.
func Means(agent string, a desk.Agent) bool {
	low := Folded(strings.TrimSpace(agent))
	if low == "" || a.Gone {
		return false
	}
	if low == Folded(a.Name) || a.Login != "" && low == Folded(a.Login) {
		return true
	}
	if _, device, ok := strings.Cut(low, "/"); ok {
		low, _, _ = strings.Cut(device, "/")
		low, _, _ = strings.Cut(low, "@")
		low, _, _ = strings.Cut(low, "-")
	}
	return a.Extension != "" && low == Folded(a.Extension)
}
