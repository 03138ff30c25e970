package site

import (
	"time"

	"golang.org/x/sys/unix"
)

// sleepClock rises by the time that the machine was suspended.
func sleepClock() time.Duration {
	var boot, mono unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &boot) != nil || unix.ClockGettime(unix.CLOCK_MONOTONIC, &mono) != nil {
		return 0
	}
	return time.Duration(boot.Nano() - mono.Nano())
}
