package issuing

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// The forms of a definition: its properties, and how it is delivered.

// fill makes the form of the properties anew.
func (b *builder) fill() {
	k, d := b.k, &b.of
	lang := k.Words.Lang
	inputs := []page.Input{
		{Word: k.T("reports.name"), Get: func() string { return d.Name(lang) }, Set: func(t string) error {
			if t = strings.TrimSpace(t); t == "" {
				return errors.New("reports.noName")
			}
			d.Names = maps.Clone(d.Names)
			if d.Names == nil {
				d.Names = map[string]string{}
			}
			d.Names[lang] = t
			return nil
		}},
		chosen(k.T("reports.cycle"), []string{k.T("cycle.month"), k.T("cycle.week"), k.T("cycle.day")}, func() int { return slices.Index(cycles, d.Cycle) }, func(i int) {
			d.Cycle = cycles[i]
			b.period = lastPeriod(d.Cycle, k.Local(k.Now()))
			b.look()
		}),
		chosen(k.T("reports.lang"), []string{k.T("reports.ofContract"), "es", "en", "pt"}, func() int { return slices.Index(tongues, d.Lang) }, func(i int) { d.Lang = tongues[i]; b.look() }),
		{Word: k.T("reports.unit"), Hint: k.T("reports.unitHint"), Get: func() string { return named(k.Groups, d.Unit) }, Set: func(t string) error {
			id, ok := group(k.Groups, t)
			if !ok {
				return errors.New("reports.badUnit")
			}
			d.Unit = id
			b.look()
			return nil
		}},
	}
	inputs = append(inputs, page.Input{Word: k.T("reports.indices"), Hint: k.T("reports.indicesHint"), Get: func() string { return indexNames(lang, d.Indices) }, Set: func(t string) error {
		ids, ok := indexIDs(lang, t)
		if !ok {
			return errors.New("reports.badIndex")
		}
		d.Indices = ids
		b.look()
		return nil
	}})
	if m := b.marked(); m != nil {
		i := b.blocks.Selected
		inputs = append(inputs, page.Input{Word: k.T("reports.text"), Hint: k.T("reports.textHint"), Get: func() string { return m.Text }, Set: func(t string) error {
			if i < len(d.Blocks) {
				d.Blocks[i].Text = t
			}
			return nil
		}})
	}
	old := b.form
	b.form = page.NewForm(k, inputs, func() { b.touched(); k.Refresh() })
	if old.Focused() {
		b.form.Follow(old)
	}
}

// chosen is an input with options.
func chosen(word string, options []string, get func() int, set func(int)) page.Input {
	return page.Input{Word: word, Options: options, Get: func() string { return strconv.Itoa(get() + 1) }, Set: func(t string) error {
		if n, err := strconv.Atoi(t); err == nil && n >= 1 && n <= len(options) {
			set(n - 1)
		}
		return nil
	}}
}

func named(all []app.Named[desk.Group], id desk.ID) string {
	for _, g := range all {
		if g.ID == id {
			return g.Of.Name
		}
	}
	return ""
}

// group is the one that is named so, or whose name alone begins so; none for an empty text.
func group(all []app.Named[desk.Group], text string) (id desk.ID, ok bool) {
	if text = look.Fold(strings.TrimSpace(text)); text == "" {
		return id, true
	}
	n := 0
	for _, g := range all {
		switch s := look.Fold(g.Of.Name); {
		case s == text:
			return g.ID, true
		case strings.HasPrefix(s, text):
			id = g.ID
			n++
		}
	}
	return id, n == 1
}

// deliver changes to whom, in which formats and when the report goes.
func (b *builder) deliver() {
	k, d := b.k, &b.of
	clock := fmt.Sprintf("%02d:%02d", d.Hour, d.Minute)
	list := func(word, hint string, at *[]string) page.Input {
		return page.Input{Word: k.T(word), Hint: k.T(hint), Get: func() string { return strings.Join(*at, ", ") }, Set: func(t string) error {
			*at = nil
			for _, s := range strings.Split(t, ",") {
				if s = strings.TrimSpace(s); s != "" {
					*at = append(*at, s)
				}
			}
			return nil
		}}
	}
	inputs := []page.Input{list("reports.to", "reports.sendHint", &d.To), list("reports.formats", "reports.formatsHint", &d.Formats),
		chosen(k.T("reports.scheduled"), []string{k.T("word.no"), k.T("word.yes")}, func() int {
			if d.Scheduled {
				return 1
			}
			return 0
		}, func(i int) { d.Scheduled = i == 1 }),
		{Word: k.T("reports.at"), Hint: "07:00", Get: func() string { return clock }, Set: func(t string) error {
			at, err := time.Parse("15:04", strings.TrimSpace(t))
			if err != nil {
				return errors.New("reports.badHour")
			}
			d.Hour, d.Minute = at.Hour(), at.Minute()
			return nil
		}}}
	if d.Cycle != desk.Daily {
		most := 28
		word := "reports.dayOfMonth"
		if d.Cycle == desk.Weekly {
			most, word = 7, "reports.dayOfWeek"
		}
		inputs = append(inputs, page.Input{Word: k.T(word), Get: func() string { return strconv.Itoa(d.Day) }, Set: func(t string) error {
			n, err := strconv.Atoi(strings.TrimSpace(t))
			if err != nil || n < 1 || n > most {
				return errors.New("reports.badDay")
			}
			d.Day = n
			return nil
		}})
	}
	if all := b.x.contracts; len(all) > 1 {
		inputs = append(inputs, page.Input{Word: k.T("reports.contracts"), Hint: all[0].Of.Code, Get: func() string { return codes(all, d.Contracts) }, Set: func(t string) error {
			ids, ok := coded(all, t)
			if !ok {
				return errors.New("reports.badContract")
			}
			d.Contracts = ids
			return nil
		}})
	}
	b.undone = append(b.undone, copied(b.of))
	b.delivery = page.NewForm(k, inputs, func() { b.touched(); k.Refresh() })
	b.delivery.Focus()
	b.x.card = 1
	k.Refresh()
}

// indexNames are indices as they are written in a line; ; stands between them, for a name
// may have a comma.
func indexNames(lang string, ids []string) string {
	names, out := reports.IndexNames(lang), []string{}
	for _, id := range ids {
		out = append(out, cmp.Or(names[id], id))
	}
	return strings.Join(out, "; ")
}

// indexIDs reads such a line: each by its name, how its name alone begins, or its id.
func indexIDs(lang, text string) (ids []string, ok bool) {
	names := reports.IndexNames(lang)
	for _, s := range strings.Split(text, ";") {
		if s = look.Fold(strings.TrimSpace(s)); s == "" {
			continue
		}
		id, n := "", 0
		for _, x := range slices.Sorted(maps.Keys(names)) {
			name := look.Fold(names[x])
			if name == s || x == s {
				id, n = x, 1
				break
			}
			if strings.HasPrefix(name, s) {
				id = x
				n++
			}
		}
		if n != 1 || slices.Contains(ids, id) {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

func codes(all []app.Named[desk.Contract], ids []desk.ID) string {
	var out []string
	for _, c := range all {
		if slices.Contains(ids, c.ID) {
			out = append(out, c.Of.Code)
		}
	}
	return strings.Join(out, ", ")
}

// coded reads contracts by their codes.
func coded(all []app.Named[desk.Contract], text string) (ids []desk.ID, ok bool) {
	for _, s := range strings.Split(text, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		i := slices.IndexFunc(all, func(c app.Named[desk.Contract]) bool { return strings.EqualFold(c.Of.Code, s) })
		if i < 0 || slices.Contains(ids, all[i].ID) {
			return nil, false
		}
		ids = append(ids, all[i].ID)
	}
	return ids, true
}
