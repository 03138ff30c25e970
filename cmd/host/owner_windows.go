package host

// AsOwner does nothing: whoever administers the machine may open what others write.
func AsOwner(string) error { return nil }

// NotAnothers refuses nothing.
func NotAnothers(string) error { return nil }
