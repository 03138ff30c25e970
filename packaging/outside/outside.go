// Package outside finds the real inputs that lie beside the project, in
// ../shared/data from its root, for the tests that use them. They are not part of
// the project: where they are absent, the test skips out loud.
package outside

import (
	"os"
	"path/filepath"
	"testing"
)

// Path is the path of a file or folder of the outside data, given from
// shared/data with slashes; the test is skipped where there is none.
//
// Go's test cache looks again only at files whose names begin with the module's
// root, and would go on serving "skipped" after the data has come. So the path
// that Path gives begins there and climbs out with "..": open it as it is, and
// join to it with a slash, not with filepath.Join, which would shorten it.
func Path(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test: where is the project's root?")
		}
		dir = filepath.Dir(dir)
	}
	path := dir + "/../shared/data/" + name
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED: ../shared/data/%s is not beside this project: real inputs were not tried", name)
	}
	return path
}

// Open opens a file of the outside data until the test ends.
func Open(t testing.TB, name string) *os.File {
	t.Helper()
	f, err := os.Open(Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}
