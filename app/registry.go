package app

import (
	"maps"
	"reflect"
	"slices"
)

var (
	commands = byName[Command](CreateDesk{}, SignIn{}, SignOut{}, SetPassword{}, ReserveNumber{}, OpenCase{}, RegisterCase{}, RequireFields{}, EditCase{}, TakeCase{},
		AssignCase{}, HandOffCase{}, SuspendCase{}, ResumeCase{}, AddNote{}, AddContact{}, TryArticle{}, ResolveCase{}, ReopenCase{},
		CloseCase{}, CancelCase{}, MergeCase{}, SplitCase{}, LinkCase{}, ExcuseClock{}, SettleField{}, Undo{}, SaveDesk{}, SavePerson{},
		SaveArea{}, SaveSite{}, SaveAsset{}, SaveAgent{}, SaveGroup{}, SaveContract{}, SaveCalendar{}, SaveModel{}, SaveArticle{},
		SeeCall{}, ImportCalls{}, ImportCases{}, ImportRecords{},
		AddNode{}, TellNode{}, NameNode{}, RevokeNode{}, RotateKey{}, Invite{}, SettleConflict{}, AckAlarm{}, AttachFile{}, Backup{})
	queries = byName[Query](Status{}, Cases{}, OneCase{}, Explain{}, Who{}, OnePerson{}, Promise{}, Search{}, OneArticle{}, Records{}, TheModel{},
		Month{}, Calls{}, Site{}, Conflicts{}, Refused{}, Alarms{}, Digest{}, FileContent{})
	answers = byName[Answer](StatusAnswer{}, CasesAnswer{}, OneCaseAnswer{}, ExplainAnswer{}, WhoAnswer{}, OnePersonAnswer{},
		PromiseAnswer{}, SearchAnswer{}, OneArticleAnswer{}, RecordsAnswer{}, TheModelAnswer{}, MonthAnswer{}, CallsAnswer{}, SiteAnswer{},
		ConflictsAnswer{}, RefusedAnswer{}, AlarmsAnswer{}, DigestAnswer{}, FileContentAnswer{})
)

func byName[T any](vs ...T) map[string]reflect.Type {
	m := map[string]reflect.Type{}
	for _, v := range vs {
		t := reflect.TypeOf(v)
		m[t.Name()] = t
	}
	return m
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
func NewAnswer(query string) (any, bool) { return fresh(answers, query+"Answer") }

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
