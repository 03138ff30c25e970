package print

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"punto/app"
)

// watched tells of each month that the desk has answered.
type watched struct {
	app.Desk
	answered func()
}

func (w watched) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	a, err := w.Desk.Ask(ctx, q)
	if _, ok := q.(app.Month); ok && err == nil {
		w.answered()
	}
	return a, err
}

// Export asks for a month, writes it into a folder in some formats and gives the names of
// the files, in the order of the formats. progress is told what is done of all: months asked
// and files written; nil is none. Once ctx has ended no further file is begun. What was
// written before stays.
func Export(ctx context.Context, k app.Desk, q app.Month, issued time.Time, dir string, formats []string, progress func(done, all int)) (names []string, err error) {
	if len(formats) == 0 {
		return nil, fmt.Errorf("no format of the report is named: there are %s", strings.Join(Formats, ", "))
	}
	done, all := 0, historyMonths+len(formats)
	step := func() {
		done++
		if progress != nil {
			progress(min(done, all), all)
		}
	}
	r, err := Month(ctx, watched{k, step}, q, issued)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	done = historyMonths
	for _, f := range formats {
		if err := ctx.Err(); err != nil {
			return names, err
		}
		files, err := Report(Base(dir, q, r), r, []string{f})
		if err != nil {
			return names, err
		}
		for _, name := range files {
			names = append(names, name)
		}
		step()
	}
	return names, nil
}
