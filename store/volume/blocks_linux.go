package volume

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "unsafe" // for go:linkname

	"golang.org/x/sys/unix"
)

// mapper is how golang.org/x/sys maps files, for the whole program: its variable of
// the same name, and its type with the same fields in the same order
// (TestAFileThatIsMappedHasItsBlocks fails where a version has others).
//
//go:linkname mapper golang.org/x/sys/unix.mapper
var mapper *struct {
	sync.Mutex
	active map[*byte][]byte
	mmap   func(addr, length uintptr, prot, flags, fd int, offset int64) (uintptr, error)
	munmap func(addr uintptr, length uintptr) error
}

// MapBlocks has every file that is mapped to be written get its blocks first. Badger
// makes its tables and logs by stretching an empty file and mapping it: the volume
// then looks for blocks when the memory is written, and a full volume answers that
// with SIGBUS, which ends the process and cannot be handled. There is no option, hook
// or file name by which Badger could be asked for this: tables are made with O_EXCL
// in the background.
//
// A log that gets none is an error of the call. A table waits until there is room:
// where Badger merges tables it takes a table that could not be made for one with
// nothing in it (subcompact defers Done with an error that is nil by then), and
// drops what was merged into it. Nothing waits for a table but the end of the
// program, which has an end of its own; the logs hold what it would.
var MapBlocks = sync.OnceFunc(func() {
	mapper.Lock()
	defer mapper.Unlock()
	plain := mapper.mmap
	mapper.mmap = func(addr, length uintptr, prot, flags, fd int, offset int64) (uintptr, error) {
		if fd >= 0 && prot&unix.PROT_WRITE != 0 && flags&unix.MAP_SHARED != 0 {
			for {
				err := blocks(fd, offset, int64(length)) // no map is that long
				if err == nil {
					break
				}
				if !NoRoom(err) || !isTable(fd) {
					return 0, err
				}
				time.Sleep(roomAgain)
			}
		}
		return plain(addr, length, prot, flags, fd, offset)
	}
})

// roomAgain is how often a table asks again for its blocks.
const roomAgain = 100 * time.Millisecond

func isTable(fd int) bool {
	name, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(fd))
	return err == nil && strings.HasSuffix(name, ".sst")
}

// blocks gives a part of a file its blocks and leaves its length; a volume that
// cannot is left as it is.
func blocks(fd int, offset, n int64) error {
	for {
		err := unix.Fallocate(fd, unix.FALLOC_FL_KEEP_SIZE, offset, n)
		switch {
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.ENOSYS), errors.Is(err, unix.ENODEV), errors.Is(err, unix.ESPIPE):
			return nil
		default:
			return err
		}
	}
}
