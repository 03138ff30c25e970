package intake

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/keep"
	"punto/ui/page"
)

// opened is a draft as the case that it will be.
func opened(d *keep.Draft, me desk.ID) desk.Opened {
	modality := desk.InPerson
	if !d.Call.Came.IsZero() {
		modality = desk.ByPhone
	}
	return desk.Opened{Number: d.Number, Person: d.Person, Subject: strings.TrimSpace(d.What), Text: d.Text, Category: d.Category, Impact: d.Impact, Urgency: d.Urgency,
		Modality: modality, Call: callID(d), Agent: me}
}

// ready tells whether a draft may become a case, and a whole one what the service
// model requires before it is solved or handed on. Where something is missing it
// says so and goes there: nothing is asked before. A caller who is still looked up
// counts as told.
func (in *intake) ready(whole bool) bool {
	d, k := in.d, in.k
	o := opened(d, k.State.Me)
	if o.Subject == "" {
		return in.lacks("subject", k.T("err.subject"))
	}
	if in.run(d).seeking != 0 {
		o.Person = k.State.Me
	}
	if f := k.Model.Lacks(&o); whole && f != "" {
		return in.lacks(f, k.Words.T("need."+f))
	}
	return true
}

// lacks says what is missing and goes there; it is false.
func (in *intake) lacks(field, said string) bool {
	in.k.Tell(said, true)
	if f := in.input(field); f != nil {
		in.focus(f)
	}
	return false
}

// input is where a field of a case is told; nil = nowhere here.
func (in *intake) input(field string) fyne.Focusable {
	switch field {
	case "caller":
		return in.who
	case "subject":
		return in.what
	case "category":
		return in.category
	case "impact":
		return in.impact
	case "urgency":
		return in.urgency
	case "text":
		return in.text
	}
	return nil
}

// register opens the case and does what was chosen, in one go, once it is known who
// calls and which number it has. Where it is refused the question stands again with
// its answer. A second time it is the same case, so nothing is doubled by a retry.
func (in *intake) register(d *keep.Draft, q *page.Question, c app.RegisterCase) {
	k := in.k
	in.known(d, func() {
		if in.d == d && !in.ready(c.Suspend == nil) {
			return
		}
		in.numbered(d, func() {
			c.OpenCase = app.OpenCase{ID: d.ID, Opened: opened(d, k.State.Me)}
			if c.Resolve != nil {
				c.Resolve.Call = callID(d)
			}
			k.Do(c, func(app.Receipt) { in.done(d) }, func(err error) {
				known := (*app.Error)(nil)
				if in.d != d || !k.Up(in) {
					return // somebody else stands there now
				}
				if errors.As(err, &known) && in.input(known.Field) != nil {
					in.focus(in.input(known.Field))
					return
				}
				k.Put(q)
			})
		})
	})
}
