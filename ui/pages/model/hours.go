package model

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"punto/app/draft"
	"punto/ui/page"
)

// weekdays begin on Monday, as people read them.
var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

func calendarsPart() part {
	return part{id: "calendars", cols: [3]string{"model.name", "model.zone", "model.week"},
		keys: func(f *draft.File) []string { return slices.Sorted(maps.Keys(f.Calendars)) },
		cells: func(k *page.Kit, f *draft.File, key string) [3]string {
			c := f.Calendars[key]
			open := 0
			for _, ss := range c.Weekly {
				open += min(1, len(ss))
			}
			return [3]string{key, c.Zone, k.T("model.days", "N", open, "Special", len(c.Special))}
		},
		fields: func(k *page.Kit, f *draft.File, key string) []page.Input {
			c := f.Calendars[key]
			save := func() { f.Calendars[key] = c }
			fs := []page.Input{line(k.T("model.zone"), &c.Zone, save)}
			for _, d := range weekdays {
				fs = append(fs, page.Input{Word: k.T("weekday." + d), Hint: "08:00-13:00 14:00-18:00", Get: func() string { return shiftsText(c.Weekly[d]) }, Set: func(s string) error {
					ss, err := readShifts(s)
					if err != nil {
						return err
					}
					week := maps.Clone(c.Weekly)
					if week == nil {
						week = map[string][]draft.Shift{}
					}
					if week[d] = ss; len(ss) == 0 {
						delete(week, d)
					}
					c.Weekly = week
					save()
					return nil
				}})
			}
			return append(fs, page.Input{Word: k.T("model.special"), Hint: "09-18 Fiestas; 2026-12-31 08:00-12:00 Inventario", Get: func() string { return specialText(c.Special) }, Set: func(s string) error {
				ss, err := readSpecial(s)
				if err == nil {
					c.Special = ss
					save()
				}
				return err
			}})
		},
		add: func(f *draft.File, key string) error {
			if _, ok := f.Calendars[key]; ok {
				return errTaken
			}
			c := draft.Calendar{Zone: "UTC", Weekly: map[string][]draft.Shift{}}
			for _, x := range f.Calendars {
				c.Zone = x.Zone
			}
			for _, d := range weekdays[:5] {
				c.Weekly[d] = []draft.Shift{{From: 8 * 3600, To: 18 * 3600}}
			}
			f.Calendars[key] = c
			return nil
		},
		drop: func(f *draft.File, key string) { delete(f.Calendars, key) },
	}
}

func shiftsText(ss []draft.Shift) string {
	var parts []string
	for _, s := range ss {
		parts = append(parts, s.String())
	}
	return strings.Join(parts, " ")
}

var errHours = errors.New("model.noHours")

func readShifts(text string) (ss []draft.Shift, err error) {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		s, err := draft.ParseShift(w)
		if err != nil || s.To <= s.From {
			return nil, errHours
		}
		ss = append(ss, s)
	}
	return ss, nil
}

// specialText tells special days in one line: when, the hours if it opens, its name.
func specialText(ss []draft.Special) string {
	var parts []string
	for _, s := range ss {
		words := []string{s.On}
		if len(s.Open) > 0 {
			words = append(words, shiftsText(s.Open))
		}
		if len(s.Closed) > 0 {
			words = append(words, "−", shiftsText(s.Closed))
		}
		parts = append(parts, strings.Join(append(words, s.Name), " "))
	}
	return strings.Join(parts, "; ")
}

// readSpecial reads what specialText tells. Dates are looked at when the draft is.
func readSpecial(text string) (ss []draft.Special, err error) {
	for _, one := range strings.Split(text, ";") {
		words := strings.Fields(one)
		if len(words) == 0 {
			continue
		}
		s := draft.Special{On: words[0]}
		if n := strings.Count(words[0], "-"); n == 0 {
			return nil, errors.New("model.noDate")
		}
		closed := false
		for i, w := range words[1:] {
			x, err := draft.ParseShift(w)
			switch {
			case w == "−" || w == "-":
				closed = true
				continue
			case err != nil:
				s.Name = strings.Join(words[i+1:], " ")
			case closed:
				s.Closed = append(s.Closed, x)
				continue
			default:
				s.Open = append(s.Open, x)
				continue
			}
			break
		}
		ss = append(ss, s)
	}
	return ss, nil
}

func contractsPart() part {
	return part{id: "contracts", cols: [3]string{"model.client", "model.calendar", "model.targets"},
		keys: func(f *draft.File) []string { return slices.Sorted(maps.Keys(f.Contracts)) },
		cells: func(_ *page.Kit, f *draft.File, key string) [3]string {
			c := f.Contracts[key]
			return [3]string{key + "  " + c.Client, c.Calendar, targetText(c.Targets[1])}
		},
		fields: func(k *page.Kit, f *draft.File, key string) []page.Input {
			c := f.Contracts[key]
			save := func() { f.Contracts[key] = c }
			calendar := page.Input{Word: k.T("model.calendar"), Hint: strings.Join(slices.Sorted(maps.Keys(f.Calendars)), ", "), Get: func() string { return c.Calendar }, Set: func(s string) error {
				if s = strings.TrimSpace(s); s != "" {
					if _, ok := f.Calendars[s]; !ok {
						return errors.New("model.noCalendar")
					}
				}
				c.Calendar = s
				save()
				return nil
			}}
			fs := []page.Input{line(k.T("model.client"), &c.Client, save), calendar}
			for p := 1; p <= 4; p++ {
				fs = append(fs, page.Input{Word: k.Priority(p), Hint: k.T("model.targetHint"), Get: func() string { return targetText(c.Targets[p]) }, Set: func(s string) error {
					t, err := readTarget(s)
					if err != nil {
						return err
					}
					targets := maps.Clone(c.Targets)
					if targets == nil {
						targets = map[int]draft.Target{}
					}
					if targets[p] = t; t == (draft.Target{}) {
						delete(targets, p)
					}
					c.Targets = targets
					save()
					return nil
				}})
			}
			fs = append(fs, list(k.T("model.pauses"), &c.Pauses, save), list(k.T("model.queues"), &c.Queues, save), list(k.T("model.numbers"), &c.Numbers, save))
			return append(fs, page.Input{Word: k.T("model.reopenDays"), Get: func() string { return strconv.Itoa(c.ReopenDays) }, Set: func(s string) error {
				n, err := strconv.Atoi(strings.TrimSpace(s))
				if err != nil || n < 0 || n > 365 {
					return errors.New("model.noNumber")
				}
				c.ReopenDays = n
				save()
				return nil
			}})
		},
		add: func(f *draft.File, key string) error {
			if _, ok := f.Contracts[key]; ok {
				return errTaken
			}
			c := draft.Contract{Client: key}
			for _, x := range f.Contracts {
				c.Calendar, c.Zone, c.Targets, c.Pauses, c.Goals, c.Langs, c.ReopenDays = x.Calendar, x.Zone, maps.Clone(x.Targets), x.Pauses, x.Goals, x.Langs, x.ReopenDays
			}
			f.Contracts[key] = c
			return nil
		},
		drop: func(f *draft.File, key string) { delete(f.Contracts, key) },
	}
}

// list is a field of words with commas between.
func list(word string, at *[]string, save func()) page.Input {
	return page.Input{Word: word, Get: func() string { return strings.Join(*at, ", ") }, Set: func(s string) error {
		var out []string
		for _, x := range strings.Split(s, ",") {
			if x = strings.TrimSpace(x); x != "" {
				out = append(out, x)
			}
		}
		*at = out
		save()
		return nil
	}}
}

// targetText tells take-up, resolve and OLA in that order.
func targetText(t draft.Target) string {
	if t == (draft.Target{}) {
		return ""
	}
	return fmt.Sprintf("%s %s %s", t.TakeUp, t.Resolve, t.OLA)
}

func readTarget(s string) (t draft.Target, err error) {
	words := strings.Fields(s)
	if len(words) == 0 {
		return t, nil
	}
	if len(words) != 3 {
		return t, errors.New("model.noTarget")
	}
	for i, at := range []*draft.Span{&t.TakeUp, &t.Resolve, &t.OLA} {
		if *at, err = draft.ParseSpan(words[i]); err != nil {
			return draft.Target{}, errors.New("model.noTarget")
		}
	}
	return t, nil
}
