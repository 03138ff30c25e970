package rights

import (
	"punto/app/desk"
	"punto/app/phone"
)

// fits tells whether an event of another workstation is within bounds: its times,
// and what its body holds. It is a function of the event alone, so that all
// workstations keep the same ones aside. A kind or a body that this version does
// not know is not looked at.
func fits(e *desk.Event) bool {
	if !desk.ValidAt(e.At) || e.Stamp > desk.LatestStamp {
		return false
	}
	body := bodyOf(e)
	if body == nil || e.Kind != desk.RecordPatched && desk.Decode(e.Body, body) != nil {
		return true
	}
	return desk.Wire.Fit(body) == nil
}

// bodyOf is what the body of an event is decoded into; a patch comes decoded as
// the record that it patches. Nil for kinds without one.
func bodyOf(e *desk.Event) any {
	switch e.Kind {
	case desk.RecordPatched:
		return patched(e)
	case desk.CaseOpened:
		return &desk.Opened{}
	case desk.CaseEdited:
		return &desk.Edited{}
	case desk.CaseAssigned, desk.CaseTaken, desk.CaseHandedOff:
		return &desk.Moved{}
	case desk.CaseSuspended, desk.CaseResumed, desk.CaseNoted, desk.CaseContacted, desk.CaseReopened, desk.CaseClosed, desk.CaseCancelled,
		desk.CaseExcused, desk.ArticleTried:
		return &desk.Said{}
	case desk.CaseResolved:
		return &desk.Solved{}
	case desk.CaseCaused:
		return &desk.Caused{}
	case desk.CaseStepped:
		return &desk.Stepped{}
	case desk.FileAttached:
		return &desk.File{}
	case desk.CallSeen:
		return &struct {
			Event phone.CallEvent   `cbor:"1,keyasint"`
			More  []phone.CallEvent `cbor:"3,keyasint"`
		}{}
	case desk.CallTypified:
		return &desk.Typified{}
	case desk.AgentSeen:
		return &shift{}
	case desk.CallRecorded:
		return &phone.Call{}
	case desk.SurveyInvited:
		return &desk.Invited{}
	case desk.SurveyAnswered:
		return &desk.Answered{}
	case desk.CallerTried:
		return &desk.Tried{}
	case desk.ReportCommented:
		return &desk.Commented{}
	case desk.ReportIssued:
		return &desk.Issued{}
	case desk.EventUndone:
		return &desk.Undo{}
	case desk.ConflictSettled:
		return &desk.Settled{}
	case desk.ClockMeasured:
		return &desk.Offset{}
	case desk.ClockStepped:
		return &desk.Step{}
	}
	return nil
}

func asAny[T any](r desk.Record) (any, error) { return desk.As[T](r) }

func patched(e *desk.Event) any {
	var p desk.Patch
	as := nouns[e.Entity.Type].as
	if as == nil || desk.Decode(e.Body, &p) != nil {
		return nil
	}
	v, err := as(desk.Record{Fields: p})
	if err != nil {
		return nil
	}
	return v
}
