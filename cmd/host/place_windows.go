package host

import "os"

// systemState is where the system keeps what belongs to no user.
var systemState = os.Getenv("ProgramData")
