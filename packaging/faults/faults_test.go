package main

import (
	"bytes"
	"strings"
	"testing"
)

// The code moves on; a fault that can no longer be planted tells nothing about
// the tests, so the list is mended with the code.
func TestEveryFaultCanBePlanted(t *testing.T) {
	fs, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if len(fs) < 120 {
		t.Errorf("%d faults are listed, and at least 120 are promised", len(fs))
	}
	for _, f := range fs {
		switch _, differs, err := f.plant("../.."); {
		case err != nil:
			t.Errorf("%s: %v: find the line again, or choose another fault", f.name, err)
		case !differs:
			t.Errorf("%s: the new text is the same code as the old", f.name)
		}
	}
}

func TestOnlyATestThatFailsCatches(t *testing.T) {
	for _, x := range []struct {
		name, out string
		ok        bool
		want      verdict
		by        string
	}{
		{"all pass", `{"Action":"pass","Test":"TestA"}`, true, lived, ""},
		{"a test fails", `{"Action":"fail","Test":"TestA/one"}` + "\n" + `{"Action":"fail"}`, false, caught, "TestA"},
		{"a panic outside of tests", `{"Action":"output","Output":"panic: index out of range\n"}` + "\n" + `{"Action":"fail"}`, false, caught, ""},
		{"no build", `{"Action":"build-output","Output":"undefined: x\n"}` + "\n" + `{"Action":"build-fail"}` + "\n" + `{"Action":"fail"}`, false, broken, ""},
		{"a loop", `{"Action":"output","Test":"TestB","Output":"panic: test timed out after 3m0s\n"}` + "\n" + `{"Action":"fail","Test":"TestB"}`, false, hung, "TestB"},
		{"nothing at all", "", false, "", ""},
	} {
		if v, by := judge(bytes.NewBufferString(x.out), x.ok); v != x.want || by != x.by {
			t.Errorf("%s: %q by %q, and not %q by %q", x.name, v, by, x.want, x.by)
		}
	}
}

func TestACommentIsNoFault(t *testing.T) {
	a, err := code([]byte("package x\n\n// one\nfunc f() int { return 1 }\n"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := code([]byte("package x\nfunc f() int {\n\treturn 1 // two\n}\n"))
	if err != nil || a != b {
		t.Errorf("%q and %q are the same code: %v", a, b, err)
	}
}

func TestShardsPartTheList(t *testing.T) {
	all, err := chosen("", "")
	if err != nil {
		t.Fatal(err)
	}
	n, names := 0, map[string]bool{}
	for _, s := range []string{"1/3", "2/3", "3/3"} {
		fs, err := chosen("", s)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fs {
			n, names[f.name] = n+1, true
		}
	}
	if n != len(all) || len(names) != len(all) {
		t.Errorf("three shards hold %d faults of %d names, and not %d", n, len(names), len(all))
	}
	for _, bad := range []string{"0/3", "4/3", "x"} {
		if _, err := chosen("", bad); err == nil || !strings.Contains(err.Error(), "shard") {
			t.Errorf("the shard %q gave %v", bad, err)
		}
	}
}
