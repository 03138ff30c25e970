package rights

import (
	"punto/app/desk"
	"punto/app/sla"
)

// noun is what replicas have to know of a type of records: the capability that it
// belongs to adds its line.
type noun struct {
	as         func(desk.Record) (any, error)         // for the bounds of its values
	may        []desk.Role                            // who may write it besides an administrator
	stands     bool                                   // what was written of it is not taken back
	unattended bool                                   // a workstation writes it with nobody signed in
	own        func(desk.Role, *desk.Event, any) bool // what is a writer's own to write, of what the body says; nil = it is everybody's
}

// Who writes what, besides administrators, who write all.
var (
	atCases    = []desk.Role{desk.AgentRole, desk.TechnicianRole, desk.SupervisorRole}
	atArticles = []desk.Role{desk.TechnicianRole, desk.SupervisorRole, desk.AnalystRole}
	atPlaces   = []desk.Role{desk.SupervisorRole}
	atAnalysis = []desk.Role{desk.SupervisorRole, desk.AnalystRole}
	everybody  = []desk.Role{desk.AgentRole, desk.TechnicianRole, desk.SupervisorRole, desk.AnalystRole, desk.ViewerRole}
	atDesk     = []desk.Role{desk.AgentRole, desk.TechnicianRole, desk.SupervisorRole, desk.AnalystRole}
)

var nouns = map[desk.Type]noun{
	desk.PersonType:       {as: asAny[desk.Person], may: atCases},
	desk.AssetType:        {as: asAny[desk.Asset], may: atCases},
	desk.ArticleType:      {as: asAny[desk.Article], may: atArticles},
	desk.AreaType:         {as: asAny[desk.Area], may: atPlaces},
	desk.SiteType:         {as: asAny[desk.Site], may: atPlaces},
	desk.GroupType:        {as: asAny[desk.Group], may: atPlaces},
	desk.AlarmType:        {as: asAny[desk.Alarm], may: atCases, stands: true, unattended: true},
	desk.AgentType:        {as: asAny[desk.Agent]},
	desk.ContractType:     {as: asAny[desk.Contract]},
	desk.CalendarType:     {as: asAny[sla.Calendar]},
	desk.ModelType:        {as: asAny[desk.Model]},
	desk.OrganisationType: {as: asAny[desk.Organisation]},
	desk.NodeType:         {as: asAny[desk.Node]},
	desk.SurveyType:       {as: asAny[desk.Survey], may: atAnalysis},
	desk.SwitchboardType:  {as: asAny[desk.Switchboard]},
	desk.GapType:          {as: asAny[desk.Gap], stands: true, unattended: true},
	desk.ProposalType:     {as: asAny[desk.Proposal], may: atAnalysis},
	desk.ReadingType:      {as: asAny[desk.Reading], may: everybody, own: ownReading},
	desk.MailAccountType:  {as: asAny[desk.MailAccount]},
	desk.LetterType:       {as: asAny[desk.Letter], may: atAnalysis, stands: true, unattended: true},
	desk.FollowType:       {as: asAny[desk.Follow], may: atDesk, own: ownFollow},
	desk.ShiftType:        {own: ownShift},
	desk.ProblemType:      {as: asAny[desk.Problem], may: atArticles},
	desk.DefinitionType:   {as: asAny[desk.Definition], may: atAnalysis},
}
