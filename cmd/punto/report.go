package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/cmd/print"
	"punto/reports"
)

// reporter prints a month into the reports folder beside the data.
// slipper prints the sheets of surveys into the same folder.
func slipper(k app.Desk, data string) func(context.Context, desk.ID, desk.ID) (string, error) {
	return func(ctx context.Context, survey, kase desk.ID) (string, error) {
		return print.Slip(ctx, k, survey, kase, filepath.Join(data, "informes"), time.Now())
	}
}

func reporter(k app.Desk, data string) func(context.Context, app.Month) (string, error) {
	return func(ctx context.Context, q app.Month) (string, error) {
		r, err := print.Month(ctx, k, q, time.Now())
		if err != nil {
			return "", err
		}
		dir := filepath.Join(data, "informes")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", err
		}
		file := print.Base(dir, q, r) + ".pdf"
		return file, print.Write(file, r, reports.WritePDF)
	}
}

// modeller makes a report as it would be issued now.
func modeller(k app.Desk) func(context.Context, desk.Definition, desk.ID, string, []app.ReportComment) (reports.Month, error) {
	return func(ctx context.Context, d desk.Definition, contract desk.ID, period string, said []app.ReportComment) (reports.Month, error) {
		return print.Model(ctx, k, d, contract, period, time.Now(), said)
	}
}
