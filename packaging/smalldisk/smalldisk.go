// Package smalldisk gives tests a volume that is soon full.
package smalldisk

import "testing"

// Mount gives a folder on a volume of so many megabytes until the test ends; without
// the right to mount one the test is skipped.
func Mount(t testing.TB, mb string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	unmount, err := mount(dir, mb)
	if err != nil {
		t.Skip("a small volume cannot be mounted here, so a full one is not tested: run as root:", err)
	}
	t.Cleanup(unmount)
	return dir
}
