// Command counts reads the stream of `go test -json`, repeats what failed and
// what was skipped, and closes with the counts.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type line struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

func main() {
	out := map[string]*strings.Builder{}
	n := map[string]int{}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 16<<20)
	for in.Scan() {
		var l line
		if json.Unmarshal(in.Bytes(), &l) != nil {
			fmt.Println(in.Text())
			continue
		}
		key := l.Package + " " + l.Test
		switch l.Action {
		case "output", "build-output":
			if out[key] == nil {
				out[key] = &strings.Builder{}
			}
			out[key].WriteString(l.Output)
		case "build-fail":
			n["fail"]++
			fmt.Println(out[key])
		case "pass", "fail", "skip":
			if l.Test == "" {
				fmt.Printf("%-4s %-28s %6.1f s\n", l.Action, l.Package, l.Elapsed)
				if l.Action == "fail" && out[key] != nil {
					n["failedPackages"]++
					fmt.Print(out[key])
				}
				continue
			}
			n[l.Action]++
			if l.Action != "pass" && out[key] != nil {
				fmt.Print(out[key])
			}
			delete(out, key)
		}
	}
	if n["fail"] == 0 && n["failedPackages"] > 0 {
		n["fail"] = n["failedPackages"]
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", n["pass"], n["fail"], n["skip"])
	if n["fail"] > 0 || n["pass"] == 0 {
		os.Exit(1)
	}
}
