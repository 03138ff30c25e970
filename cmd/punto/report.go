package main

import (
	"context"
	"path/filepath"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/cmd/print"
	"punto/reports"
	"punto/ui/pages/month"
)

// slipper prints the sheets of surveys into the same folder.
func slipper(k app.Desk, data string) func(context.Context, desk.ID, desk.ID) (string, error) {
	return func(ctx context.Context, survey, kase desk.ID) (string, error) {
		return print.Slip(ctx, k, survey, kase, filepath.Join(data, "informes"), time.Now())
	}
}

// reporter writes a month into the reports folder beside the data.
func reporter(k app.Desk, data string) month.Exporter {
	return func(ctx context.Context, q app.Month, formats []string, progress func(done, all int)) ([]string, error) {
		return print.Export(ctx, k, q, time.Now(), filepath.Join(data, "informes"), formats, progress)
	}
}

// modeller makes a report as it would be issued now.
func modeller(k app.Desk) func(context.Context, desk.Definition, desk.ID, string, []app.ReportComment) (reports.Month, error) {
	return func(ctx context.Context, d desk.Definition, contract desk.ID, period string, said []app.ReportComment) (reports.Month, error) {
		return print.Model(ctx, k, d, contract, period, time.Now(), said)
	}
}
