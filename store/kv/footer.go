package kv

import (
	"encoding/binary"
	"os"

	"github.com/dgraph-io/badger/v4/pb"
	"github.com/dgraph-io/badger/v4/y"
	"google.golang.org/protobuf/proto"

	"punto/app/desk"
)

// checkFooter proves the index of a table file: Badger panics in a goroutine of
// its own, where nobody can recover, when it is damaged. The file ends in
// index, length 4, checksum, length 4.
func checkFooter(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	bad := desk.Damaged("table %s has no sound index", path)
	cut := func() ([]byte, bool) {
		if len(b) < 4 {
			return nil, false
		}
		end := len(b) - 4
		n := int(binary.BigEndian.Uint32(b[end:]))
		if n > end {
			return nil, false
		}
		part := b[end-n : end]
		b = b[:end-n]
		return part, true
	}
	sum, ok := cut()
	if !ok {
		return bad
	}
	var c pb.Checksum
	if err := proto.Unmarshal(sum, &c); err != nil || len(sum) == 0 {
		return bad
	}
	index, ok := cut()
	if !ok || len(index) == 0 || y.VerifyChecksum(index, &c) != nil {
		return bad
	}
	return nil
}
