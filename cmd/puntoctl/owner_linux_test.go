package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// Root looks at and writes into the desk of another user: afterwards all of it still
// belongs to that user, who goes on with it.
func TestRootLeavesNothingThatTheOwnerCannotOpen(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can try what root leaves in the folder of another user: run as root")
	}
	const nobody = 65534
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for d := dir; d != filepath.Dir(d); d = filepath.Dir(d) {
		if fi, err := os.Stat(d); err != nil || fi.Mode()&0o001 == 0 {
			t.Skip("another user cannot reach the folder of tests:", d)
		}
	}
	bin := filepath.Join(dir, "puntoctl")
	build := exec.Command("go", "build", "-o", bin, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, state := filepath.Join(dir, "data"), filepath.Join(dir, "state")
	for _, d := range []string{data, state} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(d, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	run := func(uid uint32, args ...string) {
		t.Helper()
		c := exec.Command(bin, append([]string{"--data", data}, args...)...)
		c.Dir = "/"
		c.Env = append(os.Environ(), "PUNTO_STATE="+state, "PUNTO_SERVICE="+filepath.Join(dir, "none"))
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("user %d: puntoctl %v: %v\n%s", uid, args, err, out)
		}
	}
	run(nobody, "init", "--name", "Obra", "--zone", "America/Lima")
	for _, args := range [][]string{{"ask", "Status"}, {"doctor", "--rebuild"}} {
		run(0, args...)
	}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == dir || p == bin {
			return err
		}
		fi, err := d.Info()
		if err == nil && fi.Sys().(*syscall.Stat_t).Uid != nobody {
			t.Errorf("%s belongs to the user %d", p, fi.Sys().(*syscall.Stat_t).Uid)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	run(nobody, "ask", "Status")
}
