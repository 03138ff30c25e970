//go:build !linux

package smalldisk

import "errors"

func mount(string, string) (func(), error) { return nil, errors.ErrUnsupported }
