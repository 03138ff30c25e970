package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"punto/app/spc"
	"punto/app/table"
	"punto/app/vectors"
)

func analysisCommand(f *flags) *cobra.Command {
	c := &cobra.Command{Use: "analysis", Short: "statistics of the analysis unit, over files"}
	c.AddCommand(vectorsCommand(f, "runs vectors of control charts and run rules", vectors.Charts), forecastCommand(f))
	return c
}

// forecast is what the command prints as JSON. Shares lie between 0 and 1; what is
// not known is null.
type forecast struct {
	Days     int           `json:"days"`
	From     string        `json:"from"`
	To       string        `json:"to"`
	Missing  int           `json:"missing"`
	Rejected []rejectedRow `json:"rejected"`
	Level    float64       `json:"level"`
	Backtest []backtest    `json:"backtest"`
	Forecast []forecastDay `json:"forecast"`
}

type rejectedRow struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

type backtest struct {
	Ahead    int      `json:"days_ahead"`
	Days     int      `json:"days"`
	Naive    *float64 `json:"seasonal_naive_wape"`
	Forecast *float64 `json:"forecast_wape"`
	Saved    *float64 `json:"saved"`
	Within   *float64 `json:"within"`
}

type forecastDay struct {
	Date  string   `json:"date"`
	Kind  string   `json:"kind,omitempty"`
	Calls *float64 `json:"calls"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
}

// aheads are the distances of the backtest, in days.
var aheads = []int{1, 7, 14, 28}

func forecastCommand(f *flags) *cobra.Command {
	var t dailyTable
	var days int
	var level float64
	var holidays string
	c := &cobra.Command{Use: "forecast FILE.csv", Args: cobra.ExactArgs(1), Short: "forecasts calls from a table of days",
		Long: "Reads a table with a row for each day, forecasts the past as it would have been forecast then, beside the last same weekday known, and forecasts the days to come.",
		RunE: func(c *cobra.Command, args []string) error {
			series, rejected, err := t.open(args[0])
			if err != nil {
				return err
			}
			if holidays != "" {
				dates, bad, err := dailyTable{dates: true}.open(holidays)
				if err == nil && len(bad) > 0 {
					err = bad[0]
				}
				if err != nil {
					return fmt.Errorf("read the holidays: %w", err)
				}
				series = withHolidays(series, dates)
			}
			x, err := foretell(series, days, level)
			if err != nil {
				return err
			}
			for _, r := range rejected {
				x.Rejected = append(x.Rejected, rejectedRow{r.Line, r.Reason})
			}
			if f.json {
				return f.print(c.OutOrStdout(), x, "")
			}
			x.print(c.OutOrStdout())
			return nil
		}}
	c.Flags().StringVar(&t.date, "date", "", "title of the column of days; none = one called date, fecha, data or day")
	c.Flags().StringVar(&t.calls, "calls", "", "title of the column of calls; none = incoming calls, calls, llamadas, ...")
	c.Flags().IntVar(&days, "days", 14, "days to come")
	c.Flags().Float64Var(&level, "level", 0.8, "share of the days that the interval should hold")
	c.Flags().StringVar(&holidays, "holidays", "", "CSV file with a column called date, fecha, data or day: holidays of the past and to come")
	return c
}

// foretell makes the backtest and the forecast of a series.
func foretell(series []spc.Day, days int, level float64) (x forecast, err error) {
	scores, err := spc.Backtest(series, aheads, level)
	if err != nil {
		return x, err
	}
	to, err := spc.Forecast(series, days, level)
	if err != nil {
		return x, err
	}
	var first, last time.Time
	for _, d := range series {
		if !math.IsNaN(d.X) {
			if x.Days++; first.IsZero() {
				first = d.Date
			}
			last = d.Date
		}
	}
	x.Rejected, x.Level, x.From, x.To = []rejectedRow{}, level, first.Format(time.DateOnly), last.Format(time.DateOnly)
	x.Missing = int(last.Sub(first).Hours()/24+0.5) + 1 - x.Days
	for _, s := range scores {
		x.Backtest = append(x.Backtest, backtest{s.Ahead, s.Days, known(s.Naive), known(s.Ours), known(s.Gain()), known(s.Covered)})
	}
	for _, p := range to {
		d := forecastDay{Date: p.Date.Format(time.DateOnly), Calls: known(p.Value), Low: known(p.Low), High: known(p.High)}
		if p.Kind == spc.Holiday {
			d.Kind = "holiday"
		}
		x.Forecast = append(x.Forecast, d)
	}
	return x, nil
}

// known is a figure as JSON has it; nil when it is not known.
func known(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func (x forecast) print(w io.Writer) {
	fmt.Fprintf(w, "%d days from %s to %s, %d missing\n", x.Days, x.From, x.To, x.Missing)
	for _, r := range x.Rejected {
		fmt.Fprintf(w, "not read: line %d: %s\n", r.Line, r.Reason)
	}
	share := func(v *float64) string {
		if v == nil {
			return "-"
		}
		return fmt.Sprintf("%.1f %%", 100**v)
	}
	fmt.Fprintf(w, "\nBacktest: errors as a share of the calls (WAPE); seasonal naive is the last same weekday known\n%10s %6s %15s %10s %8s %26s\n",
		"days ahead", "days", "seasonal naive", "forecast", "saved", fmt.Sprintf("within the %.0f %% interval", 100*x.Level))
	for _, b := range x.Backtest {
		fmt.Fprintf(w, "%10d %6d %15s %10s %8s %26s\n", b.Ahead, b.Days, share(b.Naive), share(b.Forecast), share(b.Saved), share(b.Within))
	}
	whole := func(v *float64) string {
		if v == nil {
			return "-"
		}
		return fmt.Sprintf("%.0f", *v)
	}
	fmt.Fprintf(w, "\nForecast\n%-14s %8s %8s %8s\n", "day", "calls", "from", "to")
	for _, d := range x.Forecast {
		day, _ := time.Parse(time.DateOnly, d.Date) // it was made by Format
		line := fmt.Sprintf("%-14s %8s %8s %8s %s", day.Format("Mon 2006-01-02"), whole(d.Calls), whole(d.Low), whole(d.High), d.Kind)
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// withHolidays makes the days of a list holidays; those that the series does not
// have come in without a value.
func withHolidays(series, holidays []spc.Day) (out []spc.Day) {
	for i, j := 0, 0; i < len(series) || j < len(holidays); {
		switch {
		case j == len(holidays) || i < len(series) && series[i].Date.Before(holidays[j].Date):
			out = append(out, series[i])
			i++
		case i < len(series) && series[i].Date.Equal(holidays[j].Date):
			series[i].Kind = spc.Holiday
			j++
		default:
			out = append(out, spc.Day{Date: holidays[j].Date, Kind: spc.Holiday, X: math.NaN()})
			j++
		}
	}
	return out
}

// open reads a file.
func (d dailyTable) open(name string) (days []spc.Day, bad []*table.RowError, err error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return d.read(file)
}
