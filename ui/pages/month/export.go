package month

import (
	"context"
	"path/filepath"

	"punto/app"
)

// Exporter writes the report of a month in some formats and gives the names of the files.
// progress may be called by any goroutine; once ctx has ended no further file is begun.
type Exporter func(ctx context.Context, q app.Month, formats []string, progress func(done, all int)) ([]string, error)

// formats are those that the page offers, the last being all of them.
var formats = []string{"pdf", "xlsx", "html", "csv"}

// export is a report that is being written.
type export struct {
	stop      context.CancelFunc
	done, all int
}

// export asks in which format, and has the report written of what stands there.
func (m *month) export() {
	k := m.k
	m.k.Question(k.T("month.formats"), []string{"PDF", "XLSX", "HTML", k.T("month.csv"), k.T("month.allFormats")}, 0, "", "", func(i int, _ string) {
		switch {
		case i < 1:
		case i <= len(formats):
			m.run(formats[i-1 : i])
		default:
			m.run(formats)
		}
	})
}

func (m *month) run(formats []string) {
	if m.out != nil {
		return
	}
	k, q := m.k, m.query()
	ctx, stop := context.WithCancel(k.Session())
	out := &export{stop: stop}
	m.out = out
	k.Refresh()
	go func() {
		files, err := m.write(ctx, q, formats, func(done, all int) {
			k.Post(func() { out.done, out.all = done, all; k.Refresh() })
		})
		stopped := ctx.Err() != nil
		stop()
		k.Post(func() {
			m.out = nil
			switch {
			case stopped:
				k.Tell(k.T("month.stopped"), false)
			case err != nil:
				k.Failed(err)
			case len(files) == 1:
				k.Tell(k.T("month.report", "File", files[0]), false)
			case len(files) > 1:
				k.Tell(k.T("month.report", "File", filepath.Dir(files[0])), false)
			}
			k.Refresh()
		})
	}()
}
