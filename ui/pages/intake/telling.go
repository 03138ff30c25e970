package intake

import (
	"punto/app"
	"punto/ui/keep"
)

// telling is what runs for a draft while it is told; none of it outlives the window.
type telling struct {
	taking  bool     // its number is on its way
	waiting []func() // for the number
	seeking int      // the look for the caller named in Who that runs; 0 = none
	settled []func() // after that
	doubt   string   // the Who that nobody is called: a second Enter registers it
}

// run is what runs for a draft.
func (in *intake) run(d *keep.Draft) *telling {
	t := in.telling[d]
	if t == nil {
		t = &telling{}
		in.telling[d] = t
	}
	return t
}

// told notes that something was told: now the draft takes its number.
func (in *intake) told() {
	in.touched()
	if in.d != nil && !in.d.Empty() {
		in.numbered(in.d, nil)
	}
}

// numbered does what needs the number of a draft, once it has one: at once, or
// when the desk has given it.
func (in *intake) numbered(d *keep.Draft, then func()) {
	if !d.ID.IsZero() {
		if then != nil {
			then()
		}
		return
	}
	if then != nil {
		in.run(d).waiting = append(in.run(d).waiting, then)
	}
	if in.run(d).taking {
		return
	}
	in.run(d).taking = true
	in.k.Do(app.ReserveNumber{}, func(r app.Receipt) {
		d.ID, d.Number, in.run(d).taking = r.ID, r.Number, false
		in.touched()
		for _, f := range flush(&in.run(d).waiting) {
			f()
		}
	}, func(error) { in.run(d).taking, in.run(d).waiting = false, nil })
}

// flush takes the functions that wait.
func flush(fs *[]func()) []func() {
	all := *fs
	*fs = nil
	return all
}
