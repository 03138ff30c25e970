// Package records is the room of what the desk knows: users, areas, sites, assets,
// groups, contracts, calendars, the service model, articles. A record is saved as what
// differs from the one before.
package records

import (
	"punto/app/desk"
	"punto/app/engine"
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	r := engine.Room{Name: "records",
		Handles: []engine.Handler{engine.Does(saveDesk), engine.Does(savePerson), engine.Does(saveArea), engine.Does(saveSite), engine.Does(saveAsset), engine.Does(SaveGroup), engine.Does(SaveContract),
			engine.Does(SaveCalendar), engine.Does(SaveModel), engine.Does(saveArticle), engine.Does(requireFields), engine.Does(importRecords).ByRow(), engine.Asks(askOneArticle), engine.Asks(askRecords), engine.Asks(askTheModel)},
		Views: map[desk.Type]engine.ViewKind{},
		Docs: map[desk.Type]engine.DocKind{desk.PersonType: {Walk: engine.Prefix(IxRecord, desk.PersonType), Make: personDoc},
			desk.ArticleType: {Walk: engine.Prefix(IxRecord, desk.ArticleType), Make: articleDoc}}}
	for _, t := range []desk.Type{desk.OrganisationType, desk.PersonType, desk.AreaType, desk.SiteType, desk.AssetType, desk.AgentType, desk.GroupType, desk.ContractType,
		desk.CalendarType, desk.ModelType, desk.ArticleType} {
		r.Views[t] = engine.ViewKind{New: func() engine.View { return engine.NewRecordView(recordKeys) }}
	}
	return r
}
