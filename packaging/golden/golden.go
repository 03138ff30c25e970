// Package golden reads the vectors of what is kept on disk or sent to others:
// bytes in hexadecimal, each with its name and its meaning.
//
// A vector never changes and is never taken away: some folder, somewhere, holds
// such bytes. A format that grows gets more vectors.
package golden

import (
	"bufio"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

// Read gives the vectors of a file by their names. Lines that begin with # tell
// what follows; a name stands at the beginning of a line, its bytes in the
// indented lines below it.
func Read(t testing.TB, path string) map[string][]byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string][]byte{}
	name := ""
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		line := in.Text()
		switch {
		case strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "":
		case strings.TrimLeft(line, " \t") == line:
			if name = strings.TrimSpace(line); out[name] != nil {
				t.Fatalf("%s: two vectors are called %q", path, name)
			}
			out[name] = []byte{}
		default:
			b, err := hex.DecodeString(strings.TrimSpace(line))
			if err != nil {
				t.Fatalf("%s: %s: %v", path, name, err)
			}
			out[name] = append(out[name], b...)
		}
	}
	if err := in.Err(); err != nil || len(out) == 0 {
		t.Fatalf("%s holds no vectors: %v", path, err)
	}
	return out
}
