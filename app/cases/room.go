// Package cases is the room of the life of a case: opened, worked on, handed off,
// waiting, solved, reopened, merged; its page, its lists, its files.
package cases

import (
	"punto/app/desk"
	"punto/app/engine"
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "cases",
		Handles: []engine.Handler{engine.Does(reserveNumber), engine.Does(Open), engine.Does(registerCase), engine.Does(editCase), engine.Does(takeCase), engine.Does(assignCase),
			engine.Does(handOffCase), engine.Does(suspendCase), engine.Does(resumeCase), engine.Does(addNote), engine.Does(addContact), engine.Does(tryArticle), engine.Does(Resolve), engine.Does(reopenCase),
			engine.Does(closeCase), engine.Does(cancelCase), engine.Does(mergeCase), engine.Does(splitCase), engine.Does(linkCase), engine.Does(excuseClock), engine.Does(undo), engine.DoesAlone(attachFile), engine.Does(followCase),
			engine.Asks(askCases), engine.Asks(askQueue), engine.Asks(askLoad), engine.Asks(askBeside), engine.Asks(askWhyAssigned), engine.Asks(askOneCase), engine.Asks(askExplain), engine.Asks(askFileContent)},
		Views: map[desk.Type]engine.ViewKind{desk.CaseType: {New: func() engine.View { return &View{} }, Late: true, Depends: []desk.Type{desk.ContractType, desk.CalendarType}},
			desk.FollowType: {New: func() engine.View { return engine.NewRecordView(followKeys) }}},
		Committed: bookChanges,
		Docs:      map[desk.Type]engine.DocKind{desk.CaseType: {Walk: engine.Prefix(IxOpened), Make: caseDoc}},
		Duties:    []engine.Duty{{Do: wake, Next: nextWake}, {Do: ahead, Next: nextAhead}}}
}
