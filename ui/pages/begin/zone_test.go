package begin

import (
	"testing"
	"time"
)

func TestEveryZoneOfTheListIsOne(t *testing.T) {
	if n := len(zones()); n < 400 {
		t.Fatalf("only %d zones", n)
	}
	for _, z := range zones() {
		if _, err := time.LoadLocation(z.name); err != nil {
			t.Errorf("%s: %v", z.name, err)
		}
		if z.name != "UTC" && z.place("es") == "" {
			t.Errorf("%s lies in no country", z.name)
		}
	}
	for text, want := range map[string]string{"lima": "America/Lima", "buenos": "America/Argentina/Buenos_Aires", "sao paulo": "America/Sao_Paulo", "Chile punta": "America/Punta_Arenas", "": "Africa/Abidjan"} {
		if found, exact := findZones(text, "es"); exact || len(found) == 0 || found[0].name != want {
			t.Errorf("%q found %+v first, not %s", text, found[:min(1, len(found))], want)
		}
	}
	for text, want := range map[string]bool{"America/Lima": true, "america/lima": true, "America/Buenos_Aires": true, "Marte/Olimpo": false, "Local": false, "": false} {
		if _, exact := findZones(text, "es"); exact != want {
			t.Errorf("%q is a zone: %v", text, exact)
		}
	}
	if _, err := time.LoadLocation(localZone()); err != nil {
		t.Error(err)
	}
}
