package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Service is what IT has installed on this machine: the background service that
// holds a data folder. Programs of other users reach it and never open the folder.
type Service struct {
	Data   string   `json:"data"`
	Socket string   `json:"socket,omitempty"` // of Unix systems; "" = in the folder
	Users  []string `json:"users,omitempty"`  // names of users and groups that may connect and then sign in
}

// ServiceFile is where the installed service is written down: PUNTO_SERVICE, else
// the system's place.
func ServiceFile() string {
	if p := os.Getenv("PUNTO_SERVICE"); p != "" {
		return p
	}
	if runtime.GOOS == "windows" {
		return filepath.Join(os.Getenv("ProgramData"), "Punto", "service.json")
	}
	return "/etc/punto/service.json"
}

// Installed reads which service is installed; nil when none is.
func Installed() (*Service, error) {
	b, err := os.ReadFile(ServiceFile())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read which service is installed: %w", err)
	}
	s := &Service{}
	if err := json.Unmarshal(b, s); err != nil {
		return nil, fmt.Errorf("read which service is installed (%s): %w; install it again", ServiceFile(), err)
	}
	return s, nil
}

// Serves tells whether an installed service holds a folder.
func Serves(dir string) (*Service, bool) {
	s, err := Installed()
	if err != nil || s == nil {
		return nil, false
	}
	a, aerr := filepath.Abs(dir)
	b, berr := filepath.Abs(s.Data)
	return s, aerr == nil && berr == nil && same(a, b)
}

func same(a, b string) bool {
	if x, err := filepath.EvalSymlinks(a); err == nil {
		a = x
	}
	if x, err := filepath.EvalSymlinks(b); err == nil {
		b = x
	}
	return a == b
}

// Write keeps what is installed, readable by all.
func (s Service) Write() error {
	b, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(ServiceFile()), 0o755); err != nil { //nolint:gosec // every user's programs read it
		return err
	}
	return os.WriteFile(ServiceFile(), append(b, '\n'), 0o644) //nolint:gosec // every user's programs read it
}
