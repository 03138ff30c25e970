package local

import (
	"os/user"
	"runtime"
	"slices"
	"strconv"
)

// Allow tells whether a user of this machine is one of the users, or in one of
// the groups, that a service lets in.
func (s *Service) Allow(uid uint32) bool {
	if runtime.GOOS == "windows" {
		return true // the list of the pipe has let it in
	}
	u, err := user.LookupId(strconv.FormatUint(uint64(uid), 10))
	if err != nil {
		return false
	}
	if slices.Contains(s.Users, u.Username) {
		return true
	}
	ids, err := u.GroupIds()
	if err != nil {
		return false
	}
	for _, id := range ids {
		if g, err := user.LookupGroupId(id); err == nil && slices.Contains(s.Users, g.Name) {
			return true
		}
	}
	return false
}
