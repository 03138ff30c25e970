//go:build !linux

package volume

// MapBlocks does nothing: on Windows a file that is stretched has its blocks.
func MapBlocks() {}
