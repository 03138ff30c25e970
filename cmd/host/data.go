package host

import (
	"os"
	"path/filepath"

	"punto/app/local"
)

// DefaultData is the folder of the desk where nothing is said: PUNTO_DATA, that of
// the installed service, that of this machine when there is one, else this user's.
func DefaultData(machine string) string {
	if d := os.Getenv("PUNTO_DATA"); d != "" {
		return d
	}
	if s, err := local.Installed(); err == nil && s != nil {
		return s.Data
	}
	if machine != "" {
		return machine
	}
	if home, err := os.UserHomeDir(); err == nil {
		return filepath.Join(home, ".local", "share", "punto")
	}
	return "punto-data"
}
