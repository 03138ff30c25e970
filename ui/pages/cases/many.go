package cases

import (
	"fmt"
	"slices"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
)

// What is done from a queue, with the marked cases or with the one on which its mark
// stands, is done with each by itself: the one that is refused stays marked, is told by
// its number, and stops none of the others.

// targets are the cases that are acted on, by their numbers.
func (q *queue) targets() map[desk.ID]desk.Number {
	if r := q.selected(); len(q.marked) == 0 && r != nil {
		return map[desk.ID]desk.Number{r.ID: r.Number}
	}
	return q.marked
}

// many are the acts on them.
func (w *workspace) many() []page.Action {
	k, q := w.k, w.q
	of := func(word string) string {
		if len(q.marked) == 0 {
			return word
		}
		return word + fmt.Sprintf(" (%d)", len(q.marked))
	}
	return []page.Action{
		{Key: "F4", Word: of(k.T("do.take")), Primary: len(q.marked) > 0, Do: func() { w.each(func(id desk.ID) app.Command { return app.TakeCase{Case: id} }) }},
		{Key: "F6", Word: of(k.T("do.assign")), Do: func() {
			askAgent(k, desk.ID{}, func(agent desk.ID) {
				w.each(func(id desk.ID) app.Command { return app.AssignCase{Case: id, Agent: agent} })
			})
		}},
		{Key: "F10", Word: of(k.T("do.derive")), Do: func() {
			k.AskGroup(desk.ID{}, desk.ID{}, "", func(g desk.ID, reason string) {
				w.each(func(id desk.ID) app.Command { return app.HandOffCase{Case: id, Group: g, Reason: reason} })
			})
		}},
		{Key: "F7", Word: of(k.T("list.priority")), Do: func() {
			askPriority(k, func(p int, why string) {
				w.each(func(id desk.ID) app.Command {
					return app.EditCase{Case: id, Edit: desk.Edited{Priority: &p, Why: &why}}
				})
			})
		}},
		{Key: "Ctrl I", Word: of(k.T("do.note")), Hidden: len(q.marked) == 0, Do: func() {
			q := k.Question(k.T("ask.note"), nil, 0, k.T("case.noteHint"), "", func(_ int, text string) {
				w.each(func(id desk.ID) app.Command { return app.AddNote{Case: id, Text: text} })
			})
			q.Check = func(_ int, text string) string {
				if strings.TrimSpace(text) == "" {
					return k.T("ask.emptyNote")
				}
				return ""
			}
		}},
		{Key: "F12", Word: of(k.T("do.follow")), Hidden: len(q.marked) == 0, Do: func() { w.each(func(id desk.ID) app.Command { return app.FollowCase{Case: id} }) }},
	}
}

// each does something with each marked case, and then tells of how many it was done and
// which were refused.
func (w *workspace) each(of func(desk.ID) app.Command) {
	k, q := w.k, w.q
	var ids []desk.ID
	numbers := map[desk.ID]string{}
	for id, n := range q.targets() {
		ids, numbers[id] = append(ids, id), string(n)
	}
	slices.SortFunc(ids, func(a, b desk.ID) int { return strings.Compare(numbers[a], numbers[b]) })
	done := 0
	var refused []string
	end := func() {
		if done+len(refused) < len(ids) {
			return
		}
		q.reload()
		w.kase.load()
		k.Post(func() { // after what the last one says of itself
			said := k.Words.N("many.done", done)
			if len(refused) > 0 {
				said += " " + strings.Join(refused[:min(2, len(refused))], " ")
			}
			if n := len(refused) - 2; n > 0 {
				said += " " + k.Words.N("many.more", n)
			}
			k.Tell(said, len(refused) > 0)
		})
	}
	for _, id := range ids {
		k.Do(of(id), func(app.Receipt) {
			done++
			delete(q.marked, id)
			end()
		}, func(err error) {
			refused = append(refused, numbers[id]+": "+strings.TrimSuffix(page.Sentence(k.Words, err), ".")+".")
			end()
		})
	}
}
