package main

import (
	"fmt"

	"golang.org/x/sys/windows/registry"
)

// register writes the keys by which Windows opens links, for this user alone.
func register(program string) (string, error) {
	for _, scheme := range []string{"tel", "punto"} {
		base := `Software\Classes\` + scheme
		for key, values := range map[string]map[string]string{
			base:                         {"": "URL:" + scheme, "URL Protocol": ""},
			base + `\shell\open\command`: {"": fmt.Sprintf(`"%s" "%%1"`, program)},
		} {
			k, _, err := registry.CreateKey(registry.CURRENT_USER, key, registry.SET_VALUE)
			if err != nil {
				return "", fmt.Errorf("register %s: links: %w", scheme, err)
			}
			for name, value := range values {
				if err := k.SetStringValue(name, value); err != nil {
					_ = k.Close() // the write has failed
					return "", fmt.Errorf("register %s: links: %w", scheme, err)
				}
			}
			if err := k.Close(); err != nil {
				return "", err
			}
		}
	}
	return `HKEY_CURRENT_USER\Software\Classes`, nil
}
