package month

import "testing"

func TestNumbersAreWrittenAsTheLanguageDoes(t *testing.T) {
	for lang, want := range map[string][2]string{"es": {"88,7 %", "12\u00a0345"}, "en": {"88.7%", "12,345"}, "pt": {"88,7%", "12.345"}} {
		if got := [2]string{value(lang, 0.887, "share"), value(lang, 12345, "count")}; got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
}
