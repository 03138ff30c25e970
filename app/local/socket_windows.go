package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"path/filepath"
	"strings"

	"github.com/Microsoft/go-winio"
	"golang.org/x/sys/windows"
)

// Address is the name of the pipe of a data folder: it follows from the folder's
// full path, without regard to case.
func Address(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	h := sha256.Sum256([]byte(strings.ToLower(filepath.Clean(dir))))
	return `\\.\pipe\punto-` + hex.EncodeToString(h[:12]), nil
}

// Listen opens the pipe of a data folder for this user alone. Only the process
// that holds the folder may call it.
func Listen(dir string) (net.Listener, error) {
	name, err := Address(dir)
	if err != nil {
		return nil, err
	}
	u, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, fmt.Errorf("ask who runs this process: %w", err)
	}
	only := "D:P(A;;GA;;;" + u.User.Sid.String() + ")"
	if _, serves := Serves(dir); serves { // whoever is signed in on this machine, and then signs in to the desk
		only += "(A;;GRGW;;;IU)"
	}
	return winio.ListenPipe(name, &winio.PipeConfig{SecurityDescriptor: only, InputBufferSize: 64 << 10, OutputBufferSize: 64 << 10})
}

func dial(ctx context.Context, dir string) (net.Conn, error) {
	name, err := Address(dir)
	if err != nil {
		return nil, err
	}
	c, err := winio.DialPipeContext(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNobody
	}
	return c, err
}
