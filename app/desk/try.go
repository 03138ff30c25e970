package desk

// TryStep is one step of a try of what lies outside: an exchange, a mail server.
type TryStep struct {
	Name string // a word of ui/words: linkstep.*
	OK   bool
	Why  string // when not
}

// TrySteps are those of a try, in their order.
type TrySteps []TryStep

// Did notes how a step went, and tells whether well.
func (s *TrySteps) Did(name string, err error) bool {
	x := TryStep{Name: name, OK: err == nil}
	if err != nil {
		x.Why = err.Error()
	}
	*s = append(*s, x)
	return x.OK
}
