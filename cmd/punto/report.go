package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"punto/app"
	"punto/cmd/print"
	"punto/reports"
)

// reporter prints a month into the reports folder beside the data.
func reporter(desk app.Desk, data string) func(context.Context, app.Month) (string, error) {
	return func(ctx context.Context, q app.Month) (string, error) {
		r, err := print.Month(ctx, desk, q, time.Now())
		if err != nil {
			return "", err
		}
		dir := filepath.Join(data, "informes")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", err
		}
		file := filepath.Join(dir, "informe-"+q.Month+".pdf")
		return file, print.Write(file, r, reports.WritePDF)
	}
}
