package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"punto/app"
	"punto/app/desk"
	"punto/app/table"
)

// columnMap says which column of a CSV file holds what; a field that it does
// not name is looked for under its own name.
type columnMap struct {
	Separator string            `yaml:"separator"` // "" = comma
	Columns   map[string]string `yaml:"columns"`   // field -> title of its column
}

// fields that a file may give, by what it holds.
var recordFields = map[string][]string{
	"people": {"id", "name", "title", "area", "site", "document", "extension", "phones", "email", "langs", "vip"},
	"assets": {"id", "tag", "name", "model", "serial", "site"},
}

func recordsCommand(f *flags, what string) *cobra.Command {
	var mapFile string
	c := &cobra.Command{Use: what + " [--map FILE] FILE", Args: cobra.ExactArgs(1),
		Short: "imports " + what + " from CSV, plain or gz",
		Long: fmt.Sprintf("Imports %s from CSV, plain or gz, in UTF-8, UTF-16 or Windows-1252. The columns %s are found by their titles; a map (YAML)\nnames others:\n\n  separator: \";\"\n  columns:\n    name: Nombre completo\n\nA row known by its id is changed where it differs; without an id the first other column stands for it.",
			what, strings.Join(recordFields[what], ", ")),
		RunE: func(c *cobra.Command, args []string) error {
			m, err := readMap(mapFile, recordFields[what])
			if err != nil {
				return err
			}
			return f.importFile(c, args[0], func(ctx context.Context, k app.Desk, r io.Reader, _ string, a *account) error {
				return importRecords(ctx, k, r, what, m, a)
			})
		}}
	c.Flags().StringVar(&mapFile, "map", "", "YAML file that names the columns")
	return c
}

func readMap(name string, fields []string) (m columnMap, err error) {
	if name != "" {
		b, err := os.ReadFile(name)
		if err != nil {
			return m, err
		}
		d := yaml.NewDecoder(bytes.NewReader(b))
		d.KnownFields(true)
		if err := d.Decode(&m); err != nil {
			return m, fmt.Errorf("read the map %s: %w", name, err)
		}
	}
	for field := range m.Columns {
		if !slices.Contains(fields, field) {
			return m, fmt.Errorf("the map names the field %q; there are %s", field, strings.Join(fields, ", "))
		}
	}
	if m.Separator = cmp.Or(m.Separator, ","); utf8.RuneCountInString(m.Separator) != 1 {
		return m, fmt.Errorf("the separator %q is not one character", m.Separator)
	}
	return m, nil
}

// titled is a CSV file with a row of titles.
type titled struct {
	in     *table.Reader
	column map[string]int // field -> column
	width  int
}

func newTitled(r io.Reader, m columnMap, fields []string, required string) (*titled, error) {
	comma, _ := utf8.DecodeRuneInString(m.Separator)
	t := &titled{in: table.NewReader(r, comma), column: map[string]int{}}
	row, err := t.in.Next()
	if err != nil {
		return nil, fmt.Errorf("read the row of titles: %w", err)
	}
	titles := row.Cells
	for i := range titles {
		titles[i] = table.Text(titles[i])
	}
	t.width = len(titles)
	for _, field := range fields {
		title := cmp.Or(m.Columns[field], field)
		i := slices.IndexFunc(titles, func(s string) bool { return strings.EqualFold(s, title) })
		if i >= 0 {
			t.column[field] = i
		} else if m.Columns[field] != "" {
			return nil, fmt.Errorf("the file has no column %q; it has %q", title, titles)
		}
	}
	if _, ok := t.column[required]; !ok {
		return nil, fmt.Errorf("no column gives the %s: the file has %q; name it with --map", required, titles)
	}
	return t, nil
}

// record is one row of a table.
type record struct {
	t     *titled
	cells []string
	line  int
}

// of is a field of the row, "" when the file does not give it.
func (r record) of(field string) string {
	i, ok := r.t.column[field]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return table.Text(r.cells[i])
}

// list is a field that holds several.
func (r record) list(field string) []string {
	return strings.FieldsFunc(r.of(field), func(c rune) bool { return strings.ContainsRune(";,/| ", c) })
}

// next reads a row; io.EOF at the end. A *table.RowError is about this row alone.
func (t *titled) next() (record, error) {
	row, err := t.in.Next()
	r := record{t, row.Cells, row.Line}
	if err == nil && len(row.Cells) != t.width {
		err = &table.RowError{Line: row.Line, Reason: fmt.Sprintf("%d cells where the titles are %d", len(row.Cells), t.width)}
	}
	return r, err
}

func importRecords(ctx context.Context, k app.Desk, r io.Reader, what string, m columnMap, a *account) error {
	required := map[string]string{"people": "name", "assets": "tag"}[what]
	t, err := newTitled(r, m, recordFields[what], required)
	if err != nil {
		return err
	}
	var c app.ImportRecords
	send := func() error {
		if len(c.Lines) == 0 {
			return nil
		}
		receipt, err := k.Do(ctx, c)
		c = app.ImportRecords{}
		if err != nil {
			return err
		}
		progress("%d rows read", a.Rows)
		return a.add(receipt)
	}
	held := 0
	for {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("stopped after %d rows; import the file again to go on: %w", a.Rows, err)
		}
		x, err := t.next()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *table.RowError
		if err != nil && !errors.As(err, &bad) {
			return err
		}
		a.Rows++
		if bad != nil {
			if err := a.bad(app.Rejected{Line: bad.Line, Reason: bad.Reason}); err != nil {
				return err
			}
			continue
		}
		addRecord(&c, what, x)
		for _, cell := range x.cells {
			held += len(cell)
		}
		if full(len(c.Lines), held) {
			held = 0
			if err := send(); err != nil {
				return err
			}
		}
	}
	defer progress("\n")
	return send()
}

func addRecord(c *app.ImportRecords, what string, x record) {
	c.Lines = append(c.Lines, x.line)
	c.Sites = append(c.Sites, x.of("site"))
	if what == "assets" {
		c.Assets = append(c.Assets, desk.Asset{Ref: x.of("id"), Tag: x.of("tag"), Name: x.of("name"), Model: x.of("model"), Serial: x.of("serial")})
		return
	}
	c.Areas = append(c.Areas, x.of("area"))
	c.People = append(c.People, desk.Person{Ref: x.of("id"), Name: x.of("name"), Title: x.of("title"), Document: x.of("document"),
		Extension: x.of("extension"), Phones: x.phones(), Email: x.of("email"), Langs: x.list("langs"), VIP: yes(x.of("vip"))})
}

// phones keeps the spaces within a number.
func (r record) phones() (out []string) {
	for _, p := range strings.FieldsFunc(r.of("phones"), func(c rune) bool { return strings.ContainsRune(";,/|", c) }) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func yes(s string) bool {
	return slices.Contains([]string{"1", "s", "si", "sí", "sim", "y", "yes", "true", "verdadero", "x", "vip"}, strings.ToLower(s))
}
