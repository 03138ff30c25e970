package records_test

import (
	"testing"

	"punto/app/desk"
	"punto/app/records"
)

func TestWhomTheExchangeMeans(t *testing.T) {
	ana := desk.Agent{Name: "Ana Pérez", Login: "ana.perez", Extension: "101"}
	for name, want := range map[string]bool{"Ana Perez": true, "ANA PÉREZ": true, "ana.perez": true, "101": true, "PJSIP/101": true, "SIP/101-0000001b": true, "Local/101@agents/n": true,
		"PJSIP/1011": false, "102": false, "": false, "Ana": false, "Local/102@101/n": false} {
		if records.Means(name, ana) != want {
			t.Errorf("%q means her: %v", name, !want)
		}
	}
	ana.Gone = true
	if records.Means("101", ana) {
		t.Error("who is gone is meant")
	}
}
