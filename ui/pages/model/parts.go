package model

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"punto/app/desk"
	"punto/app/draft"
	"punto/ui/page"
)

// part is one section of a draft as the page shows it: rows, and the fields of one.
type part struct {
	id     string // of the section in the file, and of its name in words
	cols   [3]string
	keys   func(f *draft.File) []string
	cells  func(k *page.Kit, f *draft.File, key string) [3]string
	fields func(k *page.Kit, f *draft.File, key string) []page.Input
	add    func(f *draft.File, code string) error // nil = nothing is added here
	drop   func(f *draft.File, key string)
}

var (
	errTaken  = errors.New("model.taken")  // ids of words
	errNoCode = errors.New("model.noCode") //
)

// parts are the sections in the order of the page.
func parts() []part {
	return []part{categoriesPart(), matrixPart(), calendarsPart(), contractsPart(), groupsPart(), reasonsPart(), requiresPart(), textsPart()}
}

func code(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 60 || strings.ContainsAny(s, " \t›") {
		return "", errNoCode
	}
	return s, nil
}

func yes(k *page.Kit) []string { return []string{k.T("word.yes"), k.T("word.no")} }

// flag is a field of a yes and a no.
func flag(k *page.Kit, word string, at *bool, save func()) page.Input {
	return page.Input{Word: word, Options: yes(k), Get: func() string { return map[bool]string{true: "1", false: "2"}[*at] }, Set: func(s string) error {
		*at = s == "1"
		save()
		return nil
	}}
}

// line is a field of one line.
func line(word string, at *string, save func()) page.Input {
	return page.Input{Word: word, Get: func() string { return *at }, Set: func(s string) error {
		*at = strings.TrimSpace(s)
		save()
		return nil
	}}
}

// grade is a field of the four grades of impact or urgency, or none.
func grade(word string, names []string, at *int, save func()) page.Input {
	return page.Input{Word: word, Options: names, Get: func() string { return strconv.Itoa(*at) }, Set: func(s string) error {
		n, err := strconv.Atoi(s)
		if err == nil {
			*at = n
			save()
		}
		return err
	}}
}

// names are the fields of a name by language.
func names(k *page.Kit, n draft.Names, put func(draft.Names)) (fs []page.Input) {
	for _, lang := range []string{"es", "en", "pt"} {
		fs = append(fs, page.Input{Word: k.T("lang." + lang), Get: func() string { return n[lang] }, Set: func(s string) error {
			m := maps.Clone(n)
			if m == nil {
				m = draft.Names{}
			}
			if m[lang] = strings.TrimSpace(s); m[lang] == "" {
				delete(m, lang)
			}
			n = m
			put(m)
			return nil
		}})
	}
	return fs
}

// lacks tells the languages that a name is written in.
func lacks(n draft.Names) string {
	var in []string
	for _, lang := range []string{"es", "en", "pt"} {
		if n[lang] != "" {
			in = append(in, lang)
		}
	}
	return strings.Join(in, " ")
}

func categoriesPart() part {
	at := func(f *draft.File, key string) int {
		return slices.IndexFunc(f.Categories, func(c draft.Category) bool { return c.Code == key })
	}
	return part{id: "categories", cols: [3]string{"model.name", "model.group", "model.langs"},
		keys: func(f *draft.File) (ks []string) {
			for _, c := range f.Categories {
				ks = append(ks, c.Code)
			}
			return ks
		},
		cells: func(k *page.Kit, f *draft.File, key string) [3]string {
			c := f.Categories[at(f, key)]
			return [3]string{c.Name[k.Words.Lang], c.Group, lacks(c.Name)}
		},
		fields: func(k *page.Kit, f *draft.File, key string) []page.Input {
			i := at(f, key)
			c := f.Categories[i]
			save := func() { f.Categories[i] = c }
			fs := names(k, c.Name, func(n draft.Names) { c.Name = n; save() })
			group := page.Input{Word: k.T("model.group"), Hint: strings.Join(slices.Sorted(maps.Keys(f.Groups)), ", "), Get: func() string { return c.Group }, Set: func(s string) error {
				if s = strings.TrimSpace(s); s != "" {
					if _, ok := f.Groups[s]; !ok {
						return errors.New("model.noGroup")
					}
				}
				c.Group = s
				save()
				return nil
			}}
			kinds := []string{desk.Incident.String(), desk.Request.String(), desk.Question.String()}
			kind := page.Input{Word: k.T("model.kind"), Options: []string{k.T("kind.incident"), k.T("kind.request"), k.T("kind.question")},
				Get: func() string { return strconv.Itoa(slices.Index(kinds, c.Kind) + 1) }, Set: func(s string) error {
					n, err := strconv.Atoi(s)
					if err != nil || n < 1 || n > 3 {
						return err
					}
					c.Kind = kinds[n-1]
					save()
					return nil
				}}
			return append(fs, group, flag(k, k.T("model.level1"), &c.Level1, save), kind, grade(k.T("field.impact"), k.Levels(k.Model.Impacts), &c.Impact, save),
				grade(k.T("field.urgency"), k.Levels(k.Model.Urgencies), &c.Urgency, save))
		},
		add: func(f *draft.File, key string) error {
			if at(f, key) >= 0 {
				return errTaken
			}
			f.Categories = append(f.Categories, draft.Category{Code: key, Name: draft.Names{"es": key}, Kind: desk.Incident.String(), Group: "n1"})
			return nil
		},
		drop: func(f *draft.File, key string) { f.Categories = slices.Delete(f.Categories, at(f, key), at(f, key)+1) },
	}
}

func matrixPart() part {
	return part{id: "matrix", cols: [3]string{"field.impact", "field.urgency", ""},
		keys: func(*draft.File) []string { return []string{"1", "2", "3", "4"} },
		cells: func(k *page.Kit, f *draft.File, key string) [3]string {
			i, _ := strconv.Atoi(key)
			name := key
			if l := k.Levels(k.Model.Impacts); i <= len(l) {
				name = l[i-1]
			}
			return [3]string{name, strings.Trim(fmt.Sprint(f.Matrix[i-1]), "[]"), ""}
		},
		fields: func(k *page.Kit, f *draft.File, key string) (fs []page.Input) {
			i, _ := strconv.Atoi(key)
			row := f.Matrix[i-1]
			for u, name := range k.Levels(k.Model.Urgencies) {
				fs = append(fs, grade(name, []string{k.Priority(1), k.Priority(2), k.Priority(3), k.Priority(4)}, &row[u], func() {}))
			}
			return fs
		}}
}

func groupsPart() part {
	return part{id: "groups", cols: [3]string{"model.name", "model.level", "model.outside"},
		keys: func(f *draft.File) []string { return slices.Sorted(maps.Keys(f.Groups)) },
		cells: func(k *page.Kit, f *draft.File, key string) [3]string {
			g := f.Groups[key]
			outside := ""
			if g.Outside {
				outside = k.T("model.outside")
			}
			return [3]string{g.Name, strconv.Itoa(g.Level), outside}
		},
		fields: func(k *page.Kit, f *draft.File, key string) []page.Input {
			g := f.Groups[key]
			save := func() { f.Groups[key] = g }
			return []page.Input{line(k.T("model.name"), &g.Name, save), grade(k.T("model.level"), []string{"1", "2", "3"}, &g.Level, save), flag(k, k.T("model.outside"), &g.Outside, save)}
		},
		add: func(f *draft.File, key string) error {
			if _, ok := f.Groups[key]; ok {
				return errTaken
			}
			f.Groups[key] = draft.Group{Name: key, Level: 2}
			return nil
		},
		drop: func(f *draft.File, key string) { delete(f.Groups, key) },
	}
}

func reasonsPart() part {
	at := func(f *draft.File, key string) int {
		return slices.IndexFunc(f.Reasons, func(r draft.Reason) bool { return r.Code == key })
	}
	return part{id: "reasons", cols: [3]string{"model.name", "model.stops", "model.langs"},
		keys: func(f *draft.File) (ks []string) {
			for _, r := range f.Reasons {
				ks = append(ks, r.Code)
			}
			return ks
		},
		cells: func(k *page.Kit, f *draft.File, key string) [3]string {
			r := f.Reasons[at(f, key)]
			return [3]string{r.Name[k.Words.Lang], yes(k)[map[bool]int{true: 0, false: 1}[r.Stops]], lacks(r.Name)}
		},
		fields: func(k *page.Kit, f *draft.File, key string) []page.Input {
			i := at(f, key)
			r := f.Reasons[i]
			save := func() { f.Reasons[i] = r }
			return append(names(k, r.Name, func(n draft.Names) { r.Name = n; save() }), flag(k, k.T("model.stops"), &r.Stops, save))
		},
		add: func(f *draft.File, key string) error {
			if at(f, key) >= 0 {
				return errTaken
			}
			f.Reasons = append(f.Reasons, draft.Reason{Code: key, Name: draft.Names{"es": key}})
			return nil
		},
		drop: func(f *draft.File, key string) { f.Reasons = slices.Delete(f.Reasons, at(f, key), at(f, key)+1) },
	}
}

func textsPart() part {
	at := func(f *draft.File, key string) int {
		return slices.IndexFunc(f.Canned, func(t draft.Text) bool { return t.Code == key })
	}
	return part{id: "canned", cols: [3]string{"model.code", "model.text", "model.langs"},
		keys: func(f *draft.File) (ks []string) {
			for _, t := range f.Canned {
				ks = append(ks, t.Code)
			}
			return ks
		},
		cells: func(k *page.Kit, f *draft.File, key string) [3]string {
			t := f.Canned[at(f, key)]
			return [3]string{t.Code, t.Text[k.Words.Lang], lacks(t.Text)}
		},
		fields: func(k *page.Kit, f *draft.File, key string) []page.Input {
			i := at(f, key)
			return names(k, f.Canned[i].Text, func(n draft.Names) { f.Canned[i].Text = n })
		},
		add: func(f *draft.File, key string) error {
			if at(f, key) >= 0 {
				return errTaken
			}
			f.Canned = append(f.Canned, draft.Text{Code: key, Text: draft.Names{"es": key}})
			return nil
		},
		drop: func(f *draft.File, key string) { f.Canned = slices.Delete(f.Canned, at(f, key), at(f, key)+1) },
	}
}

func requiresPart() part {
	need := func(f *draft.File) []string {
		if len(f.Requires) == 0 {
			return desk.Requirable[:2]
		}
		return f.Requires
	}
	return part{id: "requires", cols: [3]string{"model.field", "model.needed", ""},
		keys: func(*draft.File) []string { return desk.Requirable },
		cells: func(k *page.Kit, f *draft.File, key string) [3]string {
			return [3]string{k.T("requires." + key), yes(k)[map[bool]int{true: 0, false: 1}[slices.Contains(need(f), key)]], ""}
		},
		fields: func(k *page.Kit, f *draft.File, key string) []page.Input {
			on := slices.Contains(need(f), key)
			return []page.Input{flag(k, k.T("model.needed"), &on, func() {
				var list []string
				for _, x := range desk.Requirable {
					if x == key && on || x != key && slices.Contains(need(f), x) {
						list = append(list, x)
					}
				}
				if f.Requires = list; len(list) == 0 {
					f.Requires = []string{desk.RequiresNothing}
				}
			})}
		}}
}
