//go:build !windows

package host

// systemState is where the system keeps what belongs to no user.
const systemState = "/var/lib"
