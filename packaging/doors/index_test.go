package doors

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// No two rooms name an index by the same byte: each would find the other's keys among its
// own.
func TestNoTwoIndexesHaveOneName(t *testing.T) {
	named := map[string]string{}
	files := token.NewFileSet()
	err := filepath.WalkDir("../../app", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			g, ok := decl.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec)
				for i, name := range v.Names {
					if !strings.HasPrefix(strings.ToLower(name.Name), "ix") || i >= len(v.Values) {
						continue
					}
					if x, ok := v.Values[i].(*ast.BasicLit); ok && x.Kind == token.CHAR {
						if other := named[x.Value]; other != "" {
							t.Errorf("%s is the name of %s and of %s in %s", x.Value, other, name.Name, path)
						}
						named[x.Value] = name.Name + " in " + path
					}
				}
			}
		}
		return nil
	})
	if err != nil || len(named) < 30 {
		t.Errorf("%d indexes were found, %v", len(named), err)
	}
}
