package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const aKey = "AGE-SECRET-KEY-1QQPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQ"

func TestRecoveryKeyComesFromAFileOrStandardInput(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, c := range []struct{ name, from, stdin, want string }{
		{"a file", file("key", "# of the desk\n\n  "+aKey+" \n"), "", aKey},
		{"standard input", "-", aKey + "\n", aKey},
		{"an empty file", file("empty", "\n# nothing\n"), "", ""},
		{"no file", filepath.Join(dir, "none"), "", ""},
		{"nothing said", "", aKey, ""},
		{"nothing given", "-", "", ""},
		{"the key itself where its file is asked for", aKey, "", ""},
	} {
		got, err := readKey(strings.NewReader(c.stdin), c.from)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
		if err != nil && strings.Contains(err.Error(), aKey) {
			t.Errorf("%s: the error tells the key: %v", c.name, err)
		}
	}
}

func TestRecoveryKeyIsRefusedOnTheCommandLine(t *testing.T) {
	t.Setenv("PUNTO_RECOVERY", aKey)
	for _, args := range [][]string{{"--key", aKey}, {"--key=" + aKey}, {"--key", "-"}, {"--key-file", aKey}} {
		c := root()
		c.SetArgs(append([]string{"restore", "backup.age", "--data", t.TempDir()}, args...))
		if err := c.Execute(); !errors.Is(err, errKeyShown) {
			t.Errorf("%v: %v", args, err)
		}
	}
	c := root()
	c.SetArgs([]string{"restore", "backup.age", "--data", t.TempDir()})
	if err := c.Execute(); err == nil || !strings.Contains(err.Error(), "--key-file") {
		t.Errorf("without a key: %v", err)
	}
	var help bytes.Buffer
	c = root()
	c.SetOut(&help)
	c.SetArgs([]string{"restore", "--help"})
	if err := c.Execute(); err != nil || !strings.Contains(help.String(), "--key-file FILE|-") || strings.Contains(help.String(), "--key ") {
		t.Errorf("%v; the usage says\n%s", err, help.String())
	}
}

// What people read names the flags that there are.
func TestReadmeNamesTheFlagOfTheKey(t *testing.T) {
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if s := string(b); !strings.Contains(s, "puntod restore RESPALDO --key-file ARCHIVO") || strings.Contains(s, "--key LLAVE") {
		t.Error("the README restores in another way")
	}
}
