//go:build !linux

package site

import "time"

// sleepClock is not known here: a suspension shows as a jump of the clock.
func sleepClock() time.Duration { return 0 }
