package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"slices"

	"punto/reports/scene"
)

// WritePDF writes the month as a PDF of A4 pages. The same Month gives the same
// bytes on every machine. Its outline names the parts and sections, and the tables of the
// figures are attached as files of rows. A Month that Check refuses is not written.
func WritePDF(w io.Writer, m Month) error {
	if err := m.Check(); err != nil {
		return fmt.Errorf("the report of %s cannot be printed: %w", m.Client, err)
	}
	l := m.language()
	d := scene.Document{
		Title:    l.named(m) + " · " + l.when(m) + " · " + m.Client,
		Author:   m.Organisation,
		Subject:  named(l, "contract", m.Contract),
		Keywords: m.InputHash,
		Lang:     l.tag(),
		Made:     m.IssuedAt,
	}
	var err error
	if d.Files, err = attached(m); err != nil {
		return fmt.Errorf("the report of %s was not written whole: %w", m.Client, err)
	}
	if err := scene.WritePDF(w, layout(m), d); err != nil {
		return fmt.Errorf("the report of %s was not written whole: %w", m.Client, err)
	}
	return nil
}

// inside are the tables whose rows go with the pages, in one file.
var inside = []string{"compliance", "calls", "calls-by-day", "calls-by-hour", "origins", "types", "modalities", "frequent", "definitions"}

// attached are the files of rows that stand inside the PDF: whoever has the pages has the
// figures too.
func attached(m Month) (files []scene.File, err error) {
	tables, err := Tables(m)
	for _, t := range tables {
		if slices.Contains(inside, t.ID) {
			var b bytes.Buffer
			if err := WriteCSV(&b, t, m.Lang); err != nil {
				return nil, err
			}
			files = append(files, scene.File{Name: t.ID + ".csv", About: t.Title, Content: b.Bytes()})
		}
	}
	return files, err
}

// WriteJSON writes the month's model as indented JSON, with a last newline.
// Headline, lead, states and revision are those that the pages print.
func WriteJSON(w io.Writer, m Month) error {
	if err := m.Check(); err != nil {
		return fmt.Errorf("the report of %s cannot be written: %w", m.Client, err)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(m.settled()); err != nil {
		return fmt.Errorf("the report of %s was not written whole: %w", m.Client, err)
	}
	return nil
}

// Pages tells how many pages the month has.
func Pages(m Month) (int, error) {
	if err := m.Check(); err != nil {
		return 0, err
	}
	return len(layout(m)), nil
}

// errPage is wrapped by Page for a page that does not exist.
var errPage = errors.New("no such page")

// Page draws page i (0 is the first) for the screen, width pixels wide.
func Page(m Month, i, width int) (image.Image, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	pages := layout(m)
	if i < 0 || i >= len(pages) {
		return nil, fmt.Errorf("%w: page %d of %d; ask for 0 to %d", errPage, i, len(pages), len(pages)-1)
	}
	return pages[i].Image(width), nil
}
