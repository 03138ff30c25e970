package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/desk"
	"punto/app/table"
)

func importCommand(f *flags) *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "imports calls, cases, users, assets and articles; importing twice is importing once"}
	var format string
	articles := &cobra.Command{Use: "articles [--format jsonl] FILE", Args: cobra.ExactArgs(1), Short: "imports solution articles from JSON lines {id, title, body, lang}, plain or gz",
		RunE: func(c *cobra.Command, args []string) error {
			if format != "jsonl" {
				return fmt.Errorf("articles cannot be read from the format %q: jsonl is the one there is, an object {id, title, body, lang} a line", format)
			}
			return f.importFile(c, args[0], importArticles)
		}}
	articles.Flags().StringVar(&format, "format", "jsonl", "format of the file")
	c.AddCommand(callsCommand(f), casesCommand(f), articles, recordsCommand(f, "people"), recordsCommand(f, "assets"))
	return c
}

// account sums an import up: every row of the file is in one of the counts.
type account struct {
	Rows     int    `json:"rows"`
	Cases    int    `json:"cases,omitempty"` // made of the imported rows
	Imported int    `json:"imported"`
	Known    int    `json:"known already"`
	Rejected int    `json:"rejected"`
	Odd      int    `json:"odd,omitempty"` // used all the same, and told in the file of the rejected
	File     string `json:"rejected_file,omitempty"`
	reject   func(app.Rejected) error
}

func (a *account) add(r app.Receipt) error {
	a.Imported += r.Import.Imported
	a.Known += r.Import.Known
	for _, x := range r.Import.Rejected {
		if err := a.bad(x); err != nil {
			return err
		}
	}
	return nil
}

func (a *account) bad(x app.Rejected) error {
	a.Rejected++
	return a.reject(x)
}

// odd tells what is strange about a row that is used.
func (a *account) odd(line int, what string) error {
	a.Odd++
	return a.reject(app.Rejected{Line: line, Reason: "used all the same: " + what})
}

type importer func(ctx context.Context, k app.Desk, r io.Reader, name string, a *account) error

// importFile reads a file, plain or gz, and puts what is rejected with line and
// reason into a file beside the desk.
func (f *flags) importFile(c *cobra.Command, name string, run importer) (err error) {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	r, err := table.Open(file)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	a := &account{}
	path := filepath.Join(f.data, "rejected-"+filepath.Base(name)+".tsv")
	var out *os.File
	var rows *table.Writer
	a.reject = func(x app.Rejected) error {
		if out == nil {
			if out, err = os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600); err != nil {
				return err
			}
			a.File, rows = path, table.NewWriter(out, '\t')
		}
		return rows.Write(strconv.Itoa(x.Line), x.Reason)
	}
	err = f.with(c.Context(), func(ctx context.Context, k app.Desk) error { return run(ctx, k, r, filepath.Base(name), a) })
	if out != nil {
		err = errors.Join(err, out.Close())
	}
	if err != nil {
		return err
	}
	where := ""
	if a.File != "" {
		where = ", see " + a.File
	}
	return f.print(c.OutOrStdout(), a, "rows %d\nimported %d\nknown already %d\nrejected %d%s", a.Rows, a.Imported, a.Known, a.Rejected, where)
}

// What one command takes at most: rows, and bytes of their texts.
const (
	perCommand   = 2000
	perCommandMB = 8
)

// full tells whether rows with so many bytes of text are to be sent.
func full(rows, bytes int) bool { return rows >= perCommand || bytes >= perCommandMB<<20 }

// progress writes over the last line of the terminal; nobody reads it elsewhere.
func progress(format string, args ...any) {
	if fi, err := os.Stderr.Stat(); err == nil && fi.Mode()&os.ModeCharDevice != 0 {
		fmt.Fprintf(os.Stderr, "\r"+format+"  ", args...)
	}
}

// longestArticle is how many bytes a line with an article may have: its letters may
// be written as escapes.
const longestArticle = 4 << 20

func importArticles(ctx context.Context, k app.Desk, r io.Reader, _ string, a *account) error {
	var c app.ImportRecords
	send := func() error {
		if len(c.Articles) == 0 {
			return nil
		}
		receipt, err := k.Do(ctx, c)
		c = app.ImportRecords{}
		if err != nil {
			return err
		}
		return a.add(receipt)
	}
	held := 0
	for l, err := range table.Lines(r, longestArticle) {
		var bad *table.RowError
		if err != nil && !errors.As(err, &bad) {
			return fmt.Errorf("read line %d: %w", l.Number, err)
		}
		a.Rows++
		if bad != nil {
			if err := a.bad(app.Rejected{Line: bad.Line, Reason: bad.Reason}); err != nil {
				return err
			}
			continue
		}
		var row struct {
			ID    string `json:"id"`
			Title string `json:"title"`
			Body  string `json:"body"`
			Lang  string `json:"lang"`
		}
		if err := json.Unmarshal([]byte(l.Text), &row); err != nil {
			if err := a.bad(app.Rejected{Line: l.Number, Reason: "the row is no JSON object: " + err.Error()}); err != nil {
				return err
			}
			continue
		}
		c.Articles = append(c.Articles, desk.Article{Ref: row.ID, Title: row.Title, Body: row.Body, Lang: row.Lang})
		c.Lines = append(c.Lines, l.Number)
		if held += len(l.Text); full(len(c.Lines), held) {
			if held = 0; ctx.Err() != nil {
				return fmt.Errorf("stopped after %d rows; import the file again to go on: %w", a.Rows, ctx.Err())
			}
			if err := send(); err != nil {
				return err
			}
		}
	}
	return send()
}
