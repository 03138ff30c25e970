// Package mail is the room of the desk's mail: by which server it is sent, the letters
// that wait, were sent or could not be, and the one workstation that sends them. What a
// letter says is the room's that writes it; how a server is spoken with, app/mail/post's.
//
// A letter is sent by the workstation that the account names and by no other, however
// many think that they lead: two that cannot hear each other would tell everybody twice.
// Where that one is gone for good, an administrator names another.
package mail

import (
	"punto/app/desk"
	"punto/app/engine"
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "mail",
		Handles: []engine.Handler{engine.Does(saveAccount), engine.Does(sendAgain), engine.Does(dropLetter),
			engine.Asks(askAccount), engine.AsksBeside(askTry), engine.Asks(askLetters)},
		Views:  map[desk.Type]engine.ViewKind{desk.LetterType: {New: func() engine.View { return engine.NewRecordView(letterKeys) }}},
		Duties: []engine.Duty{{Do: renew, Next: engine.EachTurn}}}
}
