package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed *.yaml
var lists embed.FS

// group is the faults of one file, as the lists hold them.
type group struct {
	File   string   `yaml:"file"`  // from the root of the module
	Tests  []string `yaml:"tests"` // packages that should notice
	Run    string   `yaml:"run"`   // which of their tests, where all would take minutes; "" = all
	Skip   string   `yaml:"skip"`  // which of them not; "" = none
	Faults []struct {
		Name string   `yaml:"name"`
		Old  string   `yaml:"old"` // occurs exactly once in the file
		New  string   `yaml:"new"`
		In   []string `yaml:"tests"` // instead of the file's
		Run  string   `yaml:"run"`
	} `yaml:"faults"`
}

// fault is one small mistake that tests should catch.
type fault struct {
	name, file, old, new string
	tests                []string
	run, skip            string
}

// errStale says that the code has moved on under a fault: it plants nothing.
var errStale = errors.New("stale")

// load reads all faults, in the order of the lists. A name is told once.
func load() (out []fault, err error) {
	names, err := fs.Glob(lists, "*.yaml")
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, name := range names {
		b, err := lists.ReadFile(name)
		if err != nil {
			return nil, err
		}
		dec := yaml.NewDecoder(bytes.NewReader(b))
		dec.KnownFields(true)
		var gs []group
		if err := dec.Decode(&gs); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		for _, g := range gs {
			for _, f := range g.Faults {
				x := fault{name: f.Name, file: g.File, old: f.Old, new: f.New, tests: g.Tests, run: g.Run, skip: g.Skip}
				if len(f.In) > 0 {
					x.tests, x.run, x.skip = f.In, f.Run, ""
				}
				switch {
				case x.name == "" || x.file == "" || x.old == "" || len(x.tests) == 0:
					return nil, fmt.Errorf("%s: the fault %q of %q lacks its name, file, old text or tests", name, x.name, x.file)
				case seen[x.name]:
					return nil, fmt.Errorf("%s: two faults are called %q", name, x.name)
				}
				seen[x.name] = true
				out = append(out, x)
			}
		}
	}
	return out, nil
}

// plant gives the file with the fault in it, and whether that is other code:
// what differs in blanks and comments alone is not. errStale when the old text
// is not there exactly once.
func (f fault) plant(root string) (text []byte, differs bool, err error) {
	b, err := os.ReadFile(filepath.Join(root, f.file))
	if err != nil {
		return nil, false, errors.Join(errStale, err)
	}
	if n := bytes.Count(b, []byte(f.old)); n != 1 {
		return nil, false, fmt.Errorf("%w: its old text is %d times in %s", errStale, n, f.file)
	}
	text = bytes.Replace(b, []byte(f.old), []byte(f.new), 1)
	was, err := code(b)
	if err != nil {
		return nil, false, err
	}
	now, err := code(text)
	return text, err != nil || was != now, nil // what does not parse will not compile
}

// code is a Go file without its comments, formatted.
func code(b []byte) (string, error) {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, "", b, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	var s strings.Builder
	c := printer.Config{Mode: printer.RawFormat}
	if err := c.Fprint(&s, set, tree); err != nil {
		return "", err
	}
	return strings.Join(strings.Fields(s.String()), " "), nil
}

// rootOf is the folder of the module that holds dir.
func rootOf(dir string) (string, error) {
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			return d, nil
		}
		if d == filepath.Dir(d) {
			return "", fmt.Errorf("%s is in no module: run this in a clone of Punto", dir)
		}
	}
}
