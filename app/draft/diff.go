package draft

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Change is one value in which two models differ. Was is "" of what is new, Is of what
// is gone.
type Change struct {
	At      string // "contracts › C-001 › targets › 2 › resolve"
	Was, Is string
}

// Diff lists in what two models differ, in the order of the file. Entries of lists are
// known by their codes, so that one that only moved is no change.
func Diff(was, is File) (out []Change) {
	a, b := leaves(was), leaves(is)
	keys := map[string]bool{}
	for k := range a {
		keys[k] = true
	}
	for k := range b {
		keys[k] = true
	}
	for _, k := range slices.SortedFunc(maps.Keys(keys), comparePaths) {
		if a[k] != b[k] {
			out = append(out, Change{k, a[k], b[k]})
		}
	}
	return out
}

// comparePaths sorts paths by the order of the sections, then as words.
func comparePaths(a, b string) int {
	order := func(s string) int {
		first, _, _ := strings.Cut(s, " › ")
		return slices.Index([]string{"groups", "calendars", "contracts", "matrix", "requires", "reasons", "rules", "procedures", "categories", "canned", "impacts", "urgencies", "priorities"}, first)
	}
	if d := order(a) - order(b); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

// leaves are the values of a model by their paths.
func leaves(f File) map[string]string {
	out := map[string]string{}
	f.Punto = 0
	b, err := yaml.Marshal(f)
	var doc yaml.Node
	if err != nil || yaml.Unmarshal(b, &doc) != nil || len(doc.Content) == 0 {
		return out
	}
	gather(doc.Content[0], nil, out)
	delete(out, "punto")
	return out
}

func gather(n *yaml.Node, path []string, out map[string]string) {
	down := func(key string, to *yaml.Node) { gather(to, append(path[:len(path):len(path)], key), out) }
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			down(n.Content[i].Value, n.Content[i+1])
		}
	case yaml.SequenceNode:
		if short, ok := flat(n); ok {
			out[strings.Join(path, " › ")] = short
			return
		}
		for i, x := range n.Content {
			down(known(x, i), x)
		}
	default:
		out[strings.Join(path, " › ")] = n.Value
	}
}

// flat is a list of plain values in one line.
func flat(n *yaml.Node) (string, bool) {
	var parts []string
	for _, x := range n.Content {
		if x.Kind != yaml.ScalarNode {
			return "", false
		}
		parts = append(parts, x.Value)
	}
	return strings.Join(parts, ", "), true
}

// known is what an entry of a list is known by: its code, index or date; else its place.
func known(n *yaml.Node, place int) string {
	for _, key := range []string{"code", "index", "on"} {
		if v := child(n, key); v != nil {
			return v.Value
		}
	}
	return strconv.Itoa(place + 1)
}

// String is the change in one line.
func (c Change) String() string {
	switch {
	case c.Was == "":
		return fmt.Sprintf("+ %s: %s", c.At, c.Is)
	case c.Is == "":
		return fmt.Sprintf("- %s: %s", c.At, c.Was)
	}
	return fmt.Sprintf("~ %s: %s → %s", c.At, c.Was, c.Is)
}
