package vectors_test

import (
	"strings"
	"testing"

	"punto/app/vectors"
	"punto/packaging/outside"
)

// week opens Monday from 9 to 17 and Tuesday from 22 to 6.
const week = `"zone":"Europe/Madrid","week":{"mon":[["09:00","17:00"]],"tue":[["22:00","06:00"]]}`

func TestVectorsPassFailOrAreListed(t *testing.T) {
	for _, c := range []struct{ name, vector, verdict, says string }{
		{"right", `{"op":"add",` + week + `,"start":"2026-11-23T08:00:00Z","amount_s":3600,"expected":"2026-11-23T09:00:00Z"}`, "passed", ""},
		{"right in another zone", `{"op":"add",` + week + `,"start":"2026-11-23T08:00:00Z","amount_s":3600,"expected":"2026-11-23T10:00:00+01:00"}`, "passed", ""},
		{"over midnight", `{"op":"within",` + week + `,"start":"2026-11-24T21:00:00Z","end":"2026-11-25T21:00:00Z","expected":28800}`, "passed", ""},
		{"less its pauses", `{"op":"within",` + week + `,"start":"2026-11-23T08:00:00Z","end":"2026-11-23T10:00:00Z","pauses":[["2026-11-23T08:30:00Z","2026-11-23T09:00:00Z"]],"expected":5400}`, "passed", ""},
		{"counted backwards", `{"op":"workdays_between_inclusive",` + week + `,"start":"2026-11-30","end":"2026-11-23","expected":-3}`, "passed", ""},
		{"until 24:00", `{"op":"within","zone":"UTC","week":{"mon":[["20:00","24:00"]]},"start":"2026-11-23T00:00:00Z","end":"2026-11-23T24:00:00Z","expected":14400}`, "passed", ""},
		{"from 24:00 on", `{"op":"within","zone":"UTC","week":{"mon":[["24:00","02:00"]]},"start":"2026-11-23T24:00:00Z","end":"2026-11-24T12:00:00Z","expected":7200}`, "passed", ""},
		{"24:00 of the week's last day", `{"op":"next_open","zone":"UTC","week":{"sat":[["24:00","01:00:00"]]},"at":"2026-11-22T12:00:00Z","expected":"2026-11-28T24:00:00Z"}`, "passed", ""},
		{"24:00 of a local day", `{"op":"local_to_instant","zone":"America/Lima","local":"2026-11-30T24:00:00","expected":"2026-12-01T05:00:00Z"}`, "passed", ""},
		{"later than 24:00", `{"op":"add","zone":"UTC","week":{"mon":[["20:00","24:30"]]},"start":"2026-11-22T08:00:00Z","expected":1}`, "failed", "24:30"},
		{"never open", `{"op":"is_open","zone":"UTC","week":{},"at":"2026-11-23T08:00:00Z","expected":false}`, "passed", ""},
		{"wrong", `{"id":"w","op":"add",` + week + `,"start":"2026-11-23T08:00:00Z","amount_s":3600,"expected":"2026-11-23T09:00:01Z"}`, "failed", "expected"},
		{"another convention", `{"op":"add",` + week + `,"start":"2026-11-22T08:00:00Z","amount_s":0,"expected":"2026-11-23T08:00:00Z","convention":"zero-snaps"}`, "listed", "zero-snaps"},
		{"a reference that disagrees", `{"op":"add",` + week + `,"start":"2026-11-22T08:00:00Z","amount_s":0,"expected":"x","reference_agrees":false}`, "listed", "reference"},
		{"unknown operation", `{"op":"multiply",` + week + `,"start":"2026-11-22T08:00:00Z","expected":1,"convention":"any"}`, "failed", "multiply"},
		{"unknown zone", `{"op":"add","zone":"Mars/Olympus","week":{},"expected":1}`, "failed", "Mars/Olympus"},
		{"no hours to wait for", `{"op":"add","zone":"UTC","week":{},"start":"2026-11-22T08:00:00Z","amount_s":1,"expected":1}`, "failed", "no open hours"},
		{"no time of day", `{"op":"add","zone":"UTC","week":{"mon":[["25:00","x"]]},"expected":1}`, "failed", "25:00"},
		{"no vector", `{"op":5}`, "failed", "vector 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rep, err := vectors.BusinessTime(strings.NewReader("[" + c.vector + "]"))
			if err != nil {
				t.Fatal(err)
			}
			got, said := "passed", ""
			switch {
			case rep.Failed == 1 && len(rep.Failures) == 1:
				got, said = "failed", rep.Failures[0]
			case len(rep.Listed) == 1:
				got, said = "listed", rep.Listed[0]
			case rep.Passed != 1:
				got = "lost"
			}
			if got != c.verdict || !strings.Contains(said, c.says) {
				t.Errorf("%s: %q", got, said)
			}
		})
	}
	if _, err := vectors.BusinessTime(strings.NewReader(`{"op":"add"}`)); err == nil {
		t.Error("an object was taken for an array")
	}
}

func TestVectorsOfOtherProjects(t *testing.T) {
	rep, err := vectors.BusinessTime(outside.Open(t, "business-time/vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range rep.Failures {
		t.Error(s)
	}
	for _, s := range rep.Listed {
		t.Log(s)
	}
	t.Logf("%d passed, %d failed, %d follow another convention", rep.Passed, rep.Failed, len(rep.Listed))
	if rep.Passed < 100 {
		t.Errorf("only %d vectors passed", rep.Passed)
	}
}
