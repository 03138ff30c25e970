//go:build !linux && !windows

package local

import "net"

// peer is not asked here: the mode of the data folder lets only this user in.
func peer(net.Conn, bool) (uid uint32, known bool, err error) { return 0, false, nil }
