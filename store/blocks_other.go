//go:build !linux

package store

// mapBlocks does nothing: on Windows a file that is stretched has its blocks.
func mapBlocks() {}
