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

// id is how the texts of the window are named; other keys are sentences of the engine,
// or words in them.
var id = regexp.MustCompile(`^[a-z]+(\.[A-Za-z_-]+[0-9]?)+$`)

// forms are the plural forms of each text of all files, by key and language.
func forms(t *testing.T) map[string]map[string]map[string]string {
	t.Helper()
	names, err := filepath.Glob("*.json")
	if err != nil || len(names) < 10 {
		t.Fatalf("%d files of words, %v", len(names), err)
	}
	all := map[string]map[string]map[string]string{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		of := map[string]map[string]any{}
		if err := json.Unmarshal(b, &of); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for key, langs := range of {
			if all[key] != nil {
				t.Errorf("%s: %q is in another file too", name, key)
			}
			all[key] = map[string]map[string]string{}
			for lang, v := range langs {
				all[key][lang] = map[string]string{}
				if one, ok := v.(string); ok {
					all[key][lang]["other"] = one
					continue
				}
				for form, text := range v.(map[string]any) {
					all[key][lang][form] = text.(string)
				}
			}
		}
	}
	return all
}

var place = regexp.MustCompile(`{{\.\w+}}`)

func TestEveryLanguageHasEveryTextWithItsPlaces(t *testing.T) {
	for key, langs := range forms(t) {
		want := []string{"es", "en", "pt"}
		if !id.MatchString(key) {
			want = []string{"es", "pt"} // the key is the English
		}
		if got := slices.Sorted(maps.Keys(langs)); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%q is said in %v, not in %v", key, got, want)
		}
		for lang, forms := range langs {
			for form, s := range forms {
				a, b := place.FindAllString(s, -1), place.FindAllString(langs["es"]["other"], -1)
				slices.Sort(a)
				slices.Sort(b)
				if s == "" || form == "other" && !slices.Equal(a, b) {
					t.Errorf("%s: %q is %q with the places %v, es has %v", lang, key, s, a, b)
				}
			}
			if (len(forms) > 1) != (len(langs["es"]) > 1) || forms["other"] == "" || len(forms) > 1 && forms["one"] == "" {
				t.Errorf("%s: %q has the plural forms %v", lang, key, slices.Sorted(maps.Keys(forms)))
			}
		}
	}
}

// sources are the files of a folder and those below it, without tests.
func sources(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		all[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// An id stands in the sources in one piece, or its end is built of a value: "status."+s.
var (
	asked = regexp.MustCompile(`\b[TN]\("([a-z]+\.[A-Za-z_.-]+[0-9]?)"`)
	named = regexp.MustCompile(`"([a-z]+\.[A-Za-z_.-]*[0-9]?)"`)
)

func TestEveryTextThatTheWindowAsksForIsThereAndNoOther(t *testing.T) {
	all, n := forms(t), 0
	whole, begins := map[string]bool{}, []string{}
	for path, s := range sources(t, "..") {
		for _, m := range asked.FindAllStringSubmatch(s, -1) {
			n++
			if all[m[1]] == nil {
				t.Errorf("%s asks for %q, which is nowhere", path, m[1])
			}
		}
		for _, m := range named.FindAllStringSubmatch(s, -1) {
			whole[m[1]] = true
			if strings.HasSuffix(m[1], ".") {
				begins = append(begins, m[1])
			}
		}
	}
	if n < 300 {
		t.Errorf("only %d texts are asked for: the search of this test is broken", n)
	}
	for key := range all {
		built := func(b string) bool { return strings.HasPrefix(key, b) }
		if id.MatchString(key) && !whole[key] && !whole[strings.TrimSuffix(key, "Do")] && !slices.ContainsFunc(begins, built) {
			t.Errorf("nothing asks for %q", key)
		}
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

var failing = regexp.MustCompile("(?:Fail\\([\\w.]+|Later\\([\\w.]+, [^\"]+), (\"[^\"]*\")")

func TestEverySentenceOfTheEngineIsSaidInEveryLanguage(t *testing.T) {
	n := 0
	for path, s := range sources(t, "../../app") {
		for _, m := range failing.FindAllStringSubmatch(s, -1) {
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
					t.Errorf("%s: %q is said as %q in %s", path, form, said, lang)
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
	for x := desk.NoType; x <= desk.InvitationType; x++ {
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

// What keeps a desk shut is said by those who open it, in English, with what they were
// at before it; the window says it in the language of whoever reads.
func TestWhatKeepsADeskShutIsSaidInEveryLanguage(t *testing.T) {
	for raw, want := range map[string]string{
		"open the desk in /srv/mesa: open /srv/mesa: the data folder is in use: puntoctl (process 4711) holds /srv/mesa, or is closing it; try again when it has ended":                  "puntoctl (proceso 4711) tiene la carpeta /srv/mesa, o la está cerrando.",
		"the data folder is in use: a process (process 4711) holds /srv/mesa, or is closing it; try again when it has ended":                                                             "un programa (proceso 4711) tiene la carpeta /srv/mesa, o la está cerrando.",
		"the data folder is in use: another process holds /srv/mesa, or is closing it; try again when it has ended":                                                                      "Otro programa tiene la carpeta /srv/mesa, o la está cerrando.",
		"open /srv/mesa: the data folder needs a newer version: it has format 3, this program knows 2; update the program":                                                               "La carpeta tiene el formato 3 y este programa conoce hasta el 2.",
		"open /srv/mesa: the data folder is damaged: origin 00ff holds events up to 7 and 9 were acknowledged; set the folder aside and restore it from a backup or another workstation": "Los archivos de la carpeta se contradicen; para informática, en inglés: origin 00ff holds events up to 7 and 9 were acknowledged",
		"the disk is full: 12 MB are free where /srv/mesa is; free some until there are 272 MB: nothing is lost, and writing goes on by itself":                                          "Quedan 12 MB libres donde está /srv/mesa; hacen falta 272 MB.",
		"permission denied: the folder /srv/mesa belongs to ana, and what root writes there ana cannot open: run it as ana, or give the folder to root (chown -R root /srv/mesa)":        "La carpeta /srv/mesa es de ana, y lo que escriba root allí, ana no puede abrirlo: ejecute Punto como ana, o dé la carpeta a root (chown -R root /srv/mesa).",
		"open /srv/mesa: something nobody foresaw": "",
	} {
		for _, lang := range words.Languages() {
			w, err := words.New(lang)
			if err != nil {
				t.Fatal(err)
			}
			said, ok := w.Said(raw)
			switch {
			case lang == "en" && said != raw, lang == "es" && said != want, ok != (want != "" || lang == "en"), strings.Contains(said, "%!"):
				t.Errorf("%s: %q is said as %q", lang, raw, said)
			}
		}
	}
	of := map[string]map[string]any{}
	b, err := os.ReadFile("start.json")
	if err == nil {
		err = json.Unmarshal(b, &of)
	}
	if err != nil {
		t.Fatal(err)
	}
	code := ""
	for _, folder := range []string{"../../app/desk", "../../store", "../../store/kv", "../../cmd/host"} {
		for _, s := range sources(t, folder) {
			code += s
		}
	}
	for key := range of {
		for part := range strings.SplitSeq(key, ": ") { // an error wraps another
			if !id.MatchString(key) && !strings.Contains(code, part) {
				t.Errorf("nobody says %q any more", part)
			}
		}
	}
}
