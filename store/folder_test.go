package store

import (
	"os"
	"path/filepath"
	"testing"
)

func copyFolder(t testing.TB, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

func replaceContents(t testing.TB, from, to string) {
	t.Helper()
	es, err := os.ReadDir(to)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		if err := os.RemoveAll(filepath.Join(to, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	copyFolder(t, from, to)
}
