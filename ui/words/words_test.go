package words_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"punto/app/desk"
	"punto/ui/words"
)

func catalogue(t *testing.T, lang string) map[string]string {
	t.Helper()
	b, err := os.ReadFile(lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	raw := map[string]any{}
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for id, v := range raw {
		switch v := v.(type) {
		case string:
			m[id] = v
		case map[string]any: // plural forms: the last stands for all
			m[id], _ = v["other"].(string)
		}
	}
	return m
}

var place = regexp.MustCompile(`{{\.\w+}}`)

func TestEveryLanguageHasEveryTextWithItsPlaces(t *testing.T) {
	es := catalogue(t, "es")
	for _, lang := range words.Languages() {
		m := catalogue(t, lang)
		if !slices.Equal(slices.Sorted(maps.Keys(m)), slices.Sorted(maps.Keys(es))) {
			t.Errorf("%s has not the same texts as es", lang)
		}
		for id, s := range m {
			if s == "" {
				t.Errorf("%s: %s is empty", lang, id)
			}
			a, b := place.FindAllString(s, -1), place.FindAllString(es[id], -1)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Errorf("%s: %s has the places %v, es has %v", lang, id, a, b)
			}
		}
	}
}

var used = regexp.MustCompile(`\b[TN]\("([a-z]+\.[A-Za-z_.-]+)"`)

func TestEveryTextThatTheWindowAsksForIsThere(t *testing.T) {
	es := catalogue(t, "es")
	files, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range used.FindAllStringSubmatch(string(b), -1) {
			n++
			if es[m[1]] == "" {
				t.Errorf("%s asks for %q, which is nowhere", filepath.Base(f), m[1])
			}
		}
	}
	if n < 50 {
		t.Errorf("only %d texts are asked for: the search of this test is broken", n)
	}
}

func TestTheLanguageOfASystemIsFound(t *testing.T) {
	for lang, want := range map[string]string{"pt-BR": "Atender", "en_GB": "Attend", "de": "Atender", "": "Atender"} {
		w, err := words.New(lang)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.T("area.attend"); got != want {
			t.Errorf("%q says %q, not %q", lang, got, want)
		}
	}
}

var failing = regexp.MustCompile("(?:fail\\(\\w+|later\\(\\w+, [^\"]+), (\"[^\"]*\")")

func TestEverySentenceOfTheEngineIsSaidInEveryLanguage(t *testing.T) {
	files, err := filepath.Glob("../../app/*.go")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range failing.FindAllStringSubmatch(string(b), -1) {
			form, err := strconv.Unquote(m[1])
			if err != nil {
				t.Fatal(err)
			}
			n++
			for _, lang := range []string{"es", "pt"} {
				w, err := words.New(lang)
				if err != nil {
					t.Fatal(err)
				}
				args := make([]string, strings.Count(form, "%"))
				if said := w.Failure(form, args); said == "" || strings.Contains(said, "%!") && !strings.Contains(said, "EXTRA") {
					t.Errorf("%s: %q is said as %q in %s", filepath.Base(f), form, said, lang)
				}
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d sentences were found: the search of this test is broken", n)
	}
}

func TestWhatIsOutOfBoundsIsSaidInEveryLanguage(t *testing.T) {
	for _, form := range []string{desk.MisfitLong, desk.MisfitUTF8, desk.MisfitControl, desk.MisfitTime, desk.MisfitNumber, desk.MisfitList} {
		for _, lang := range []string{"es", "pt"} {
			w, err := words.New(lang)
			if err != nil {
				t.Fatal(err)
			}
			if said := w.Failure(form, []string{"Subject", "500"}[:strings.Count(form, "%")]); !strings.Contains(said, "assunto") && !strings.Contains(said, "asunto") || strings.Contains(said, "%!") {
				t.Errorf("%q is said as %q in %s", form, said, lang)
			}
		}
	}
}

func TestEveryThingThatMayBeListedHasAName(t *testing.T) {
	ids := []string{"refused.revoked", "refused.role", "refused.node", "refused.absent", "refused.values"}
	for k := desk.NoKind; k.Known() || k == desk.NoKind; k++ {
		ids = append(ids, "event."+k.String())
	}
	for x := desk.NoType; x <= desk.AlarmType; x++ {
		ids = append(ids, "type."+x.String())
	}
	for _, f := range []string{"subject", "text", "why", "category", "impact", "urgency", "priority", "person", "asset", "contract", "area", "site", "agent", "group", "parent", "status"} {
		ids = append(ids, "field."+f)
	}
	if len(ids) < 60 {
		t.Errorf("only %d names are looked up", len(ids))
	}
	w, err := words.New("es")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if w.T(id) == id {
			t.Errorf("%s has no words", id)
		}
	}
}
