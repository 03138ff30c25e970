package local

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"time"

	"punto/app"
)

// Programs built before this protocol spoke frames of their own: four bytes of
// length, whose first is 0, and a JSON object. They still meet a newer one while
// an installation is being updated, and both must then be told what to do.

// tellOlder answers the greeting of such a program.
func tellOlder(c net.Conn) {
	const told = "the program that holds the desk is of a newer version: update both programs to one version and open this one again"
	b, _ := json.Marshal(map[string]any{"id": 1, "verb": "failed", "body": app.Error{Code: app.Unavailable, Msg: told}}) // strings always encode
	_ = c.SetWriteDeadline(time.Now().Add(usual.end))
	_, _ = c.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...))
}

// older tells whether such a program holds a folder.
func older(ctx context.Context, dir string) bool {
	c, err := dial(ctx, dir)
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(usual.end))
	const hello = `{"id":1,"verb":"hello","body":1}`
	var size [4]byte
	if _, err := c.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(hello))), hello...)); err != nil {
		return false
	}
	_, err = io.ReadFull(c, size[:])
	return err == nil && size[0] == 0
}
