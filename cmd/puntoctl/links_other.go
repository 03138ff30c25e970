//go:build !windows

package main

func register(program string) (string, error) { return registerXDG(program) }
