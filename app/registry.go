package app

import (
	"maps"
	"reflect"
	"slices"
)

// What crosses the socket, by name. The files of this package list what they define.
var (
	commands = map[string]reflect.Type{}
	queries  = map[string]reflect.Type{}
)

// crosses lists commands and queries among what can be sent by name.
func crosses(vs ...any) struct{} {
	for _, v := range vs {
		t := reflect.TypeOf(v)
		if _, is := v.(Query); is {
			queries[t.Name()] = t
		} else {
			commands[t.Name()] = t
		}
	}
	return struct{}{}
}

// NameOf is the name under which a command, query or answer travels: that of
// its type.
func NameOf(v any) string {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}

// CommandNames lists all commands in alphabetical order.
func CommandNames() []string { return slices.Sorted(maps.Keys(commands)) }

// QueryNames lists all queries in alphabetical order.
func QueryNames() []string { return slices.Sorted(maps.Keys(queries)) }

// NewCommand makes a pointer to a zero command to decode JSON into; false when
// there is none of that name. Pass the decoded pointer to AsCommand.
func NewCommand(name string) (any, bool) { return fresh(commands, name) }

// NewQuery is NewCommand for queries; see AsQuery.
func NewQuery(name string) (any, bool) { return fresh(queries, name) }

// NewAnswer makes a pointer to the zero answer of the query of that name.
func NewAnswer(query string) (any, bool) {
	q, ok := fresh(queries, query)
	if !ok {
		return nil, false
	}
	return reflect.New(reflect.TypeOf(AsQuery(q).answer())).Interface(), true
}

// AsCommand is the command that a pointer from NewCommand points to.
func AsCommand(p any) Command { c, _ := reflect.ValueOf(p).Elem().Interface().(Command); return c }

// AsQuery is the query that a pointer from NewQuery points to.
func AsQuery(p any) Query { q, _ := reflect.ValueOf(p).Elem().Interface().(Query); return q }

// AsAnswer is the answer that a pointer from NewAnswer points to.
func AsAnswer(p any) Answer { return reflect.ValueOf(p).Elem().Interface() }

func fresh(m map[string]reflect.Type, name string) (any, bool) {
	t, ok := m[name]
	if !ok {
		return nil, false
	}
	return reflect.New(t).Interface(), true
}
