package look

import "unicode"

// text is what a field holds: letters, the caret, a selection, and what can be
// undone. Positions count letters from 0 to len(r). It knows nothing of a screen.
type text struct {
	r      []rune
	caret  int
	anchor int // the other end of the selection; at the caret there is none
	past   []state
	future []state
	doing  edit // edits of one kind in a row are undone as one
}

type state struct {
	s     string
	caret int
}

type edit byte

const (
	setting edit = iota
	typing
	erasing
	pasting
)

const remembered = 100 // states that can be undone

func (t *text) set(s string) {
	*t = text{r: []rune(s)}
	t.caret, t.anchor = len(t.r), len(t.r)
}

func (t *text) selection() (from, to int) { return min(t.caret, t.anchor), max(t.caret, t.anchor) }

// remember keeps the present state unless it is one edit with the last.
func (t *text) remember(e edit) {
	if e == t.doing && e != pasting && len(t.past) > 0 {
		return
	}
	t.doing, t.future = e, nil
	if len(t.past) == remembered {
		t.past = t.past[1:]
	}
	t.past = append(t.past, state{string(t.r), t.caret})
}

// insert puts letters in the place of the selection, as many as the limit lets
// in, and tells whether some were left out.
func (t *text) insert(in []rune, limit int, e edit) (cut bool) {
	from, to := t.selection()
	if room := max(0, limit-(len(t.r)-(to-from))); len(in) > room {
		in, cut = in[:room], true
	}
	if len(in) == 0 && from == to {
		return cut
	}
	t.remember(e)
	out := make([]rune, 0, len(t.r)-(to-from)+len(in))
	t.r = append(append(append(out, t.r[:from]...), in...), t.r[to:]...)
	t.caret = from + len(in)
	t.anchor = t.caret
	if len(in) == 1 && unicode.IsSpace(in[0]) {
		t.doing = setting // the next word is undone by itself
	}
	return cut
}

// erase takes out what is selected, else what stands between the caret and to.
func (t *text) erase(to int) bool {
	if t.caret == t.anchor {
		t.anchor = min(max(0, to), len(t.r))
	}
	from, end := t.selection()
	if from == end {
		return false
	}
	t.remember(erasing)
	t.r = append(t.r[:from:from], t.r[end:]...)
	t.caret, t.anchor = from, from
	return true
}

// move sets the caret; extend keeps the other end of the selection.
func (t *text) move(to int, extend bool) {
	t.caret, t.doing = min(max(0, to), len(t.r)), setting
	if !extend {
		t.anchor = t.caret
	}
}

// step is where an arrow leads: out of a selection first.
func (t *text) step(d int, extend bool) int {
	if from, to := t.selection(); from != to && !extend {
		if d < 0 {
			return from
		}
		return to
	}
	return t.caret + d
}

// word is the edge of the word beside i, to the left (-1) or to the right (1).
func (t *text) word(i, d int) int {
	at := func() rune {
		j := i
		if d < 0 {
			j--
		}
		if j < 0 || j >= len(t.r) {
			return -1
		}
		return t.r[j]
	}
	for at() != -1 && !wordRune(at()) {
		i += d
	}
	for at() != -1 && wordRune(at()) {
		i += d
	}
	return i
}

// around is the word under i.
func (t *text) around(i int) (from, to int) {
	from, to = i, i
	for from > 0 && wordRune(t.r[from-1]) {
		from--
	}
	for to < len(t.r) && wordRune(t.r[to]) {
		to++
	}
	return from, to
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

func (t *text) undo() bool { return t.swap(&t.past, &t.future) }
func (t *text) redo() bool { return t.swap(&t.future, &t.past) }

func (t *text) swap(from, to *[]state) bool {
	n := len(*from)
	if n == 0 {
		return false
	}
	s := (*from)[n-1]
	*from, *to = (*from)[:n-1], append(*to, state{string(t.r), t.caret})
	t.r, t.doing = []rune(s.s), setting
	t.caret = min(s.caret, len(t.r))
	t.anchor = t.caret
	return true
}

// rows are where each line on the screen begins, and the end of the text: lines
// break at their ends, at spaces, and within a word that is wider than w. It
// takes one pass, however long a line is.
func (t *text) rows(w float32, width func(rune) float32) []int {
	starts := []int{0}
	begin, x := 0, float32(0)
	space, after := -1, float32(0) // behind the last space of this line, and where that is
	for i, r := range t.r {
		if r == '\n' {
			starts = append(starts, i+1)
			begin, x, space = i+1, 0, -1
			continue
		}
		x += width(r)
		if r == ' ' || r == '\t' { // may hang over the edge
			space, after = i+1, x
			continue
		}
		if x <= w || i == begin {
			continue
		}
		if space > begin {
			begin, x = space, x-after
		} else {
			begin, x = i, width(r)
		}
		starts, space = append(starts, begin), -1
	}
	return append(starts, len(t.r))
}
