package ui

// Down tells that nobody answers.
func (w *Window) Down() bool { return w.down }

// Due is how many answers the page still waits for.
func (w *Window) Due() int { return w.due }

// Asking tells that the window asks how the site stands.
func (w *Window) Asking() bool { return w.asking }

// Trying tells that the window asks whether anybody answers.
func (w *Window) Trying() bool { return w.trying }

// Strip tells that there is a strip.
func (w *Window) Strip() bool { _, ok := w.strip(); return ok }

// Proposed is the login that the sign-in page proposes.
func (w *Window) Proposed() string { return w.present().(*signIn).login.Text }
