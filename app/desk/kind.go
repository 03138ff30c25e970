package desk

import "fmt"

// Kind says what happened. The numbers are part of the format: one is never
// reused and never changes its meaning.
type Kind uint16

// Kinds of event. Each names the body that it carries.
const (
	NoKind Kind = iota

	// Any entity.
	RecordPatched // Patch: some fields of a person, area, agent, contract, model, ...
	EventUndone   // Undo: an earlier event of the same entity no longer counts
	ConflictSettled

	// Cases.
	CaseOpened
	CaseEdited
	CaseAssigned
	CaseTaken
	CaseHandedOff
	CaseSuspended
	CaseResumed
	CaseNoted
	CaseContacted
	CaseResolved
	CaseReopened
	CaseClosed
	CaseCancelled
	CaseMerged
	CaseAbsorbed
	CaseSplit
	CaseLinked
	CaseExcused
	ArticleTried

	// Calls: folded by app/phone.
	CallSeen     // one event of a switchboard or of the manual panel
	CallRecorded // a whole call out of a log

	// The clock of a node.
	ClockMeasured // Offset: how far its times were ahead of the desk's
	ClockStepped  // Step: its clock jumped, or it slept

	// Files of a case.
	FileAttached

	// Agents.
	AgentPresent // Presence: works on a workstation

	// Invitations to a survey.
	SurveyInvited  // Invited: somebody is asked; again = reminded, with another token
	SurveyAnswered // Answered: the first one counts

	// Callers whose call was lost.
	CallerTried // Tried: somebody called back

	// Agents at the telephone, day by day.
	AgentSeen // events of app/phone: signed in and out, on a break and back

	// Procedures of a case.
	CaseStepped // Stepped: a step was done, or skipped

	// What a call was about.
	CallTypified // Typified

	// Reports.
	ReportCommented // Commented: before it is issued
	ReportIssued    // Issued: a revision, for ever

	// The problem behind a case.
	CaseCaused // Caused
)

var kindNames = [...]string{"none", "record-patched", "event-undone", "conflict-settled",
	"case-opened", "case-edited", "case-assigned", "case-taken", "case-handed-off", "case-suspended", "case-resumed",
	"case-noted", "case-contacted", "case-resolved", "case-reopened", "case-closed", "case-cancelled", "case-merged",
	"case-absorbed", "case-split", "case-linked", "case-excused", "article-tried", "call-seen", "call-recorded", "clock-measured", "clock-stepped", "file-attached", "agent-present",
	"survey-invited", "survey-answered", "caller-tried", "agent-seen", "case-stepped", "call-typified", "report-commented", "report-issued", "case-caused"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind-%d", uint16(k))
}

// Known tells whether this version folds the kind. Unknown kinds are stored,
// chained and passed on, and mark their entity as needing a newer version.
func (k Kind) Known() bool { return k != NoKind && int(k) < len(kindNames) }
