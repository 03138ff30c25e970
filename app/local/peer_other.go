//go:build !linux

package local

import "net"

// peer is not asked here: the mode of the data folder, or the pipe's list of
// who may open it, lets only this user in.
func peer(net.Conn) (uid uint32, known bool, err error) { return 0, false, nil }
