package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// insideEnv marks a test process that runs in namespaces of its own.
const insideEnv = "PUNTO_TEST_NAMESPACES"

// inNamespaces runs the present test again in network and mount namespaces of its
// own, and tells whether this process is that one. It skips, out loud, where the
// system does not let it.
func inNamespaces(t *testing.T) bool {
	t.Helper()
	if os.Getenv(insideEnv) != "" {
		return true
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("SKIPPED: there is no ip command (Debian: iproute2), so no network namespaces can be made")
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), insideEnv+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if len(out) == 0 && err != nil {
		t.Skipf("SKIPPED: this system makes no network namespaces: %v", err)
	}
	if strings.Contains(string(out), "SKIPPED:") {
		t.Skip(string(out))
	}
	if err != nil {
		t.Fatalf("in the namespaces: %v\n%s", err, out)
	}
	t.Logf("%s", out)
	return false
}

// sh runs a command that must succeed.
func sh(t *testing.T, line string) {
	t.Helper()
	if out, err := exec.Command("sh", "-c", line).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
}

// lan is a bridge with hosts h1, h2, ... at 10.7.0.1, 10.7.0.2, ...
func lan(t *testing.T, hosts int) {
	t.Helper()
	probe := "mount --make-rprivate / && mount -t tmpfs none /run && ip netns add probe && ip netns exec probe true"
	if out, err := exec.Command("sh", "-c", probe).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: this system makes no named network namespaces: %v\n%s", err, out)
	}
	sh(t, "ip link add br0 type bridge && ip link set br0 up && ip link set lo up")
	for i := 1; i <= hosts; i++ {
		sh(t, fmt.Sprintf(`ip netns add h%[1]d && ip link add v%[1]d type veth peer name e0 netns h%[1]d &&
			ip link set v%[1]d master br0 up && ip netns exec h%[1]d sh -c 'ip link set lo up && ip addr add 10.7.0.%[1]d/24 dev e0 && ip link set e0 up'`, i))
	}
}

// cut pulls the cable of a host; heal puts it back.
func cut(t *testing.T, host int)  { t.Helper(); sh(t, fmt.Sprintf("ip link set v%d down", host)) }
func heal(t *testing.T, host int) { t.Helper(); sh(t, fmt.Sprintf("ip link set v%d up", host)) }
