package draft_test

import (
	"strings"
	"testing"

	"punto/app/draft"
)

func TestThresholdsOfRulesAreReadAsTheyAreWritten(t *testing.T) {
	text := withLadders(t, "    thresholds: {ola_unit: 0.85, repeat_user: 7}\n")
	f, problems := draft.Read(strings.NewReader(text))
	for _, p := range problems {
		t.Error(p.Error())
	}
	for code := range f.Contracts {
		if k := f.Contract(code); len(k.Thresholds) != 2 || k.Thresholds["ola_unit"] != 0.85 || k.Thresholds["repeat_user"] != 7 {
			t.Errorf("read are %v", k.Thresholds)
		}
	}
	if again, _ := draft.Read(strings.NewReader(written(t, f))); len(draft.Diff(f, again)) > 0 {
		t.Error("it differs from itself")
	}
	without, _ := draft.Read(strings.NewReader(withLadders(t, "")))
	if len(draft.Diff(without, f)) == 0 {
		t.Error("thresholds are no difference")
	}
	for _, bad := range []string{"{ola_unidad: 0.85}", "{ola_unit: -1}"} {
		_, problems := draft.Read(strings.NewReader(withLadders(t, "    thresholds: "+bad+"\n")))
		found := false
		for _, p := range problems {
			found = found || strings.Contains(p.Error(), "of no rule that proposes") && p.Line > 0
		}
		if !found {
			t.Errorf("%s: %v", bad, problems)
		}
	}
}
