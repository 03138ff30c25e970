package search

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func open(t *testing.T, dir string) *Index {
	t.Helper()
	x, err := Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func shut(t *testing.T, x *Index) {
	t.Helper()
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
}

// fed makes an index on disk with the small desk, marked and closed.
func fed(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "search")
	x := open(t, dir)
	if m, err := x.Mark(); err != nil || m != nil {
		t.Errorf("a new index has the mark %q, %v", m, err)
	}
	if err := x.Put(t.Context(), small...); err != nil {
		t.Fatal(err)
	}
	if err := x.SetMark([]byte("log 42")); err != nil {
		t.Fatal(err)
	}
	shut(t, x)
	return dir
}

func TestAnIndexIsThereAgainAfterClosing(t *testing.T) {
	x := open(t, fed(t))
	defer shut(t, x)
	if n, err := x.Count(); err != nil || n != uint64(len(small)) {
		t.Errorf("count %d, %v", n, err)
	}
	if m, err := x.Mark(); err != nil || string(m) != "log 42" {
		t.Errorf("mark %q, %v", m, err)
	}
	if got := ask(t, x, Query{Text: "contrasena"}); len(got) == 0 || got[0] != "c2" {
		t.Errorf("found %v", got)
	}
	if x.lengths.means("case/es"); x.lengths["case/es"].Docs != 3 {
		t.Errorf("lengths %+v", x.lengths["case/es"])
	}
}

func TestADamagedIndexIsSetAsideAndBegunAnew(t *testing.T) {
	for story, harm := range map[string]func(dir string) error{
		"older format": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, formatFile), []byte("punto-search 0\n"), 0o600)
		},
		"no format": func(dir string) error { return os.Remove(filepath.Join(dir, formatFile)) },
		"data gone": func(dir string) error { return os.RemoveAll(filepath.Join(dir, dataDir)) },
		"root overwritten": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, dataDir, "root.bolt"), bytes.Repeat([]byte("x"), 70000), 0o600)
		},
		"segments cut short": func(dir string) error {
			files, err := filepath.Glob(filepath.Join(dir, dataDir, "*.zap"))
			if len(files) == 0 {
				return errors.Join(err, errors.New("no segment files"))
			}
			for _, f := range files {
				err = errors.Join(err, os.Truncate(f, 10))
			}
			return err
		},
		"segments gone": func(dir string) error {
			files, err := filepath.Glob(filepath.Join(dir, dataDir, "*.zap"))
			if len(files) == 0 {
				return errors.Join(err, errors.New("no segment files"))
			}
			for _, f := range files {
				err = errors.Join(err, os.Remove(f))
			}
			return err
		},
	} {
		t.Run(story, func(t *testing.T) {
			dir := fed(t)
			if err := harm(dir); err != nil {
				t.Fatal(err)
			}
			x := open(t, dir)
			defer shut(t, x)
			if n, err := x.Count(); err != nil || n != 0 {
				t.Errorf("%d documents, %v", n, err)
			}
			if m, err := x.Mark(); err != nil || m != nil {
				t.Errorf("mark %q, %v", m, err)
			}
			if _, err := os.Stat(dir + ".aside"); err != nil {
				t.Error(err)
			}
			if err := x.Put(t.Context(), small...); err != nil {
				t.Fatal(err)
			}
			if got := ask(t, x, Query{Text: "b42176"}); len(got) == 0 || got[0] != "c1" {
				t.Errorf("fed anew it finds %v", got)
			}
		})
	}
}

func TestAnIndexHeldOpenIsLeftAlone(t *testing.T) {
	dir := fed(t)
	x := open(t, dir)
	defer shut(t, x)
	if y, err := Open(dir, nil); err == nil {
		shut(t, y)
		t.Fatal("opened twice")
	}
	if _, err := os.Stat(dir + ".aside"); !os.IsNotExist(err) {
		t.Error("set aside while in use")
	}
	if got := ask(t, x, Query{Text: "contrasena"}); len(got) == 0 {
		t.Error("the first holder finds nothing any more")
	}
}

func TestADocumentIsReplaced(t *testing.T) {
	x := smallIndex(t)
	if err := x.Put(t.Context(), Doc{Ref: "c1", Kind: KindCase, Lang: "es", Title: "Pantalla rota"}, Doc{Ref: "n", Kind: KindCase, Lang: "es", Title: "uno"}, Doc{Ref: "n", Kind: KindCase, Lang: "es", Title: "pantalla azul"}); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, x, Query{Text: "B-4217-6"}); slices.Contains(got, "c1") {
		t.Errorf("still found by the number it had: %v", got)
	}
	got := ask(t, x, Query{Text: "pantallas"})
	slices.Sort(got)
	if !slices.Equal(got, []string{"c1", "n"}) {
		t.Errorf("found %v", got)
	}
	if n, err := x.Count(); err != nil || n != uint64(len(small))+1 {
		t.Errorf("count %d, %v", n, err)
	}
}

func TestDocumentsWithoutRefOrKindAreRefused(t *testing.T) {
	x := smallIndex(t)
	for _, d := range []Doc{{Kind: KindCase, Title: "x"}, {Ref: "r", Title: "x"}} {
		if err := x.Put(t.Context(), d); err == nil {
			t.Errorf("%+v was taken", d)
		}
	}
}

func TestACancelledQuestionEndsWithItsReason(t *testing.T) {
	x := smallIndex(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Query(ctx, Query{Text: "impresora contraseña"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if err := x.Put(ctx, small...); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestManyAskWhileOneFeeds(t *testing.T) {
	x := smallIndex(t)
	done := make(chan error, 4)
	for range 4 {
		go func() {
			var err error
			for range 50 {
				hits, e := x.Query(t.Context(), Query{Text: "contraseña correo", Kinds: []string{KindCase}})
				if err = e; err == nil && (len(hits) == 0 || hits[0].Ref != "c2") {
					err = errors.New("c2 was not first")
				}
				if err != nil {
					break
				}
			}
			done <- err
		}()
	}
	for range 20 {
		if err := x.Put(t.Context(), small...); err != nil {
			t.Error(err)
		}
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
