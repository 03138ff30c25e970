package look

// OnScreen is called in the place of what draws the canvas again.
func OnScreen(s *Sheet, f func()) { s.screen = f }
