package model

import (
	"strconv"

	"fyne.io/fyne/v2"

	"punto/ui/look"
)

// edit is a field of the page with the widget that changes it.
type edit struct {
	field
	text   *look.Field
	choice *look.Choice
	wrong  *string // id of what is wrong with what stands there; "" = nothing
}

func newEdit(m *model, f field) edit {
	wrong := ""
	e := edit{field: f, wrong: &wrong}
	set := func(s string) {
		wrong = ""
		if err := f.set(s); err != nil {
			wrong = err.Error()
		}
		m.touched()
	}
	if f.options != nil {
		e.choice = m.k.Choice(f.options...)
		e.choice.Chosen, _ = strconv.Atoi(f.get())
		e.choice.OnChosen = func(i int) { set(strconv.Itoa(i)) }
		e.choice.OnFocus = func(bool) { m.k.Refresh() }
		return e
	}
	e.text = m.k.Field()
	e.text.SetText(f.get())
	e.text.SetCaret(0)
	e.text.SetPlaceHolder(f.hint)
	e.text.OnChanged = set
	return e
}

func (e edit) focus() fyne.Focusable {
	if e.choice != nil {
		return e.choice
	}
	return e.text
}

func (e edit) focused() bool {
	if e.choice != nil {
		return e.choice.Focused
	}
	return e.text.Focused
}

func (e edit) object() fyne.CanvasObject {
	if e.choice != nil {
		return e.choice
	}
	return e.text
}
