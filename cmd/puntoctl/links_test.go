package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// The entry opens the window that lies beside the program, whatever its folder is called.
func TestLinksAreRegisteredForThisUser(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("SKIPPED: on Windows links are registered in the registry")
	}
	dir := t.TempDir()
	t.Setenv("XDG_DATA_HOME", dir)
	t.Setenv("PATH", "") // no desktop is told
	program := `/opt/mesa "de" ayuda/100% $HOME/punto`
	name, err := register(program)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil || filepath.Dir(name) != filepath.Join(dir, "applications") {
		t.Fatalf("%s: %v", name, err)
	}
	for _, want := range []string{`Exec="/opt/mesa \"de\" ayuda/100%% \$HOME/punto" %u`, "MimeType=x-scheme-handler/tel;x-scheme-handler/punto;", "Type=Application"} {
		if !strings.Contains(string(b), want+"\n") {
			t.Errorf("%q is not in\n%s", want, b)
		}
	}
}
