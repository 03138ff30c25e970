package begin

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/thlib/go-timezone-local/tzlocal"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"punto/ui/look"
)

// localZone is the name of the machine's time zone, UTC where it cannot be told.
func localZone() string {
	if name, err := tzlocal.RuntimeTZ(); err == nil {
		if _, err := time.LoadLocation(name); err == nil {
			return name
		}
	}
	return "UTC"
}

// zoneNames are the zones of the tz database with the country of each, as in its
// zone.tab.
//
//go:embed zones.txt
var zoneNames string

// zone is a time zone that a desk can be in.
type zone struct{ name, country string }

var zones = sync.OnceValue(func() (all []zone) {
	for _, line := range strings.Split(strings.TrimSpace(zoneNames), "\n") {
		name, country, _ := strings.Cut(line, " ")
		all = append(all, zone{name, country})
	}
	return all
})

// place is the country of a zone in a language; "" for none.
func (z zone) place(lang string) string {
	r, err := language.ParseRegion(z.country)
	if err != nil {
		return ""
	}
	return display.Regions(language.Make(lang)).Name(r)
}

// offset is how far the zone is from UTC at an instant: "UTC−3".
func (z zone) offset(at time.Time) string {
	loc, err := time.LoadLocation(z.name)
	if err != nil {
		return ""
	}
	_, s := at.In(loc).Zone()
	sign := "+"
	if s < 0 {
		sign, s = "−", -s
	}
	if s%3600 != 0 {
		return fmt.Sprintf("UTC%s%d:%02d", sign, s/3600, s/60%60)
	}
	return fmt.Sprintf("UTC%s%d", sign, s/3600)
}

// findZones are the zones in whose name or country each typed word begins a word,
// in the order of their names; exact tells that the text is the name of one, an old
// name too.
func findZones(text, lang string) (found []zone, exact bool) {
	words := strings.Fields(look.Fold(text))
	for _, z := range zones() {
		if strings.EqualFold(z.name, strings.TrimSpace(text)) {
			return []zone{z}, true
		}
		has := strings.Fields(look.Fold(z.name + " " + z.place(lang)))
		all := true
		for _, word := range words {
			one := false
			for _, h := range has {
				one = one || strings.HasPrefix(h, word)
			}
			all = all && one
		}
		if all {
			found = append(found, z)
		}
	}
	name := strings.TrimSpace(text)
	if _, err := time.LoadLocation(name); err == nil && strings.Contains(name, "/") {
		return []zone{{name: name}}, true
	}
	return found, false
}
