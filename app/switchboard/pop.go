package switchboard

import (
	"context"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
)

// byLink is the exchange of callers that come by a link.
const byLink = "link"

// popCaller has it ring, by name, at the agents who are signed in here.
func popCaller(ctx context.Context, e *engine.Engine, _ engine.Session, c app.PopCaller) (app.Receipt, error) {
	caller, name, err := phone.ParseURL(c.URL)
	if err != nil {
		return app.Receipt{}, app.Fail(app.Invalid, "the link tells of no caller: tel:+56225550101 and punto:call?number=4471&name=Rosa are known")
	}
	var events []phone.CallEvent
	err = e.Look(ctx, engine.AsDesk(), func(l *engine.Look) error {
		for _, id := range e.Agents() {
			a, err := engine.Noun[desk.Agent](l.Names, desk.AgentType, id)
			if err != nil {
				return err
			}
			events = append(events, phone.CallEvent{Key: phone.Key{PBX: byLink, UniqueID: caller + "@" + e.Now().Format("150405"), Kind: phone.Ringing}, At: e.Now(), Agent: a.Name, Caller: caller, Name: name})
		}
		return nil
	})
	if err != nil {
		return app.Receipt{}, err
	}
	if len(events) == 0 {
		return app.Receipt{}, app.Fail(app.Conflict, "nobody is signed in on this workstation: sign in first")
	}
	engine.StateOf[ringing](e).hear(e.Now(), events)
	e.Tell(desk.Entity{Type: desk.CallType, ID: app.CallID(byLink, events[0].Key.UniqueID)})
	return app.Receipt{}, nil
}
