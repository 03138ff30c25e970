package reports

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"

	"punto/reports/scene"
)

// WritePDF writes the month as a PDF of A4 pages. The same Month gives the same
// bytes on every machine. A Month that Check refuses is not written.
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
	if err := scene.WritePDF(w, layout(m), d); err != nil {
		return fmt.Errorf("the report of %s was not written whole: %w", m.Client, err)
	}
	return nil
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
