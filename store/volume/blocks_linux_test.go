package volume

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"punto/packaging/smalldisk"
)

// A file that is stretched and mapped to be written has all its blocks, and on a
// volume that has no more the mapping fails; nothing faults later.
func TestAFileThatIsMappedHasItsBlocks(t *testing.T) {
	MapBlocks()
	dir := smalldisk.Mount(t, "16")
	one := func(name string, n int) ([]byte, int64, error) {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := f.Truncate(int64(n)); err != nil {
			t.Fatal(err)
		}
		b, err := unix.Mmap(int(f.Fd()), 0, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		var s unix.Stat_t
		if err := unix.Fstat(int(f.Fd()), &s); err != nil {
			t.Fatal(err)
		}
		return b, s.Blocks * 512, err
	}
	b, held, err := one("fits", 8<<20)
	if err != nil || held < 8<<20 {
		t.Fatalf("8 MB mapped hold %d bytes: %v", held, err)
	}
	for i := range b {
		b[i] = 1
	}
	if err := unix.Munmap(b); err != nil {
		t.Fatal(err)
	}
	if _, _, err := one("does not", 12<<20); !errors.Is(err, unix.ENOSPC) {
		t.Fatalf("12 MB mapped where 8 are free: %v", err)
	}
	made := make(chan error)
	go func() {
		_, _, err := one("waits.sst", 12<<20)
		made <- err
	}()
	select {
	case err := <-made:
		t.Fatalf("a table did not wait for its room: %v", err)
	case <-time.After(5 * roomAgain):
	}
	if err := os.Remove(filepath.Join(dir, "fits")); err != nil {
		t.Fatal(err)
	}
	if err := <-made; err != nil {
		t.Fatal("a table that has room at last:", err)
	}
}
