package ui

import (
	"os"
	"path/filepath"
	"strings"
)

// localZone is the name of the machine's time zone where it can be told, else
// one to be corrected.
func localZone() string {
	if tz := os.Getenv("TZ"); tz != "" {
		return tz
	}
	if to, err := filepath.EvalSymlinks("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(to, "zoneinfo/"); ok {
			return name
		}
	}
	return "America/Santiago"
}
