package app

import "punto/app/desk"

// SignIn starts a session; SignOut ends the one in the context.
type (
	SignIn  struct{ Login, Password string }
	SignOut struct{}
)

// SetPassword changes the password of an agent: one's own with the old one, or
// anybody's by an administrator. With no New an administrator gets one that is made,
// in Secret.
type SetPassword struct {
	Agent    desk.ID
	Old, New string
}

var _ = crosses(SignIn{}, SignOut{}, SetPassword{})

func (SignIn) command()      {}
func (SignOut) command()     {}
func (SetPassword) command() {}
