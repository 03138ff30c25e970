package main

import "golang.org/x/sys/windows"

// diskSpace is the free bytes for this user and all of the volume of a folder.
func diskSpace(dir string) (free, all uint64, err error) {
	p, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, 0, err
	}
	return free, all, windows.GetDiskFreeSpaceEx(p, &free, &all, nil)
}
