// Package rooms lists the capabilities of the desk: one line each.
package rooms

import (
	"context"

	"punto/app/access"
	"punto/app/alarms"
	"punto/app/analysis"
	"punto/app/callbacks"
	"punto/app/calls"
	"punto/app/cases"
	"punto/app/conflicts"
	"punto/app/dossier"
	"punto/app/engine"
	"punto/app/floor"
	"punto/app/imports"
	"punto/app/issuing"
	"punto/app/mail"
	"punto/app/month"
	"punto/app/nodes"
	"punto/app/people"
	"punto/app/problems"
	"punto/app/procedures"
	"punto/app/promises"
	"punto/app/publish"
	"punto/app/records"
	"punto/app/setup"
	"punto/app/shifts"
	"punto/app/surveys"
	"punto/app/switchboard"
)

// All are the capabilities of the desk. Their duties go in this order.
func All() []engine.Room {
	return []engine.Room{
		cases.Room(),
		records.Room(),
		access.Room(),
		people.Room(),
		promises.Room(),
		procedures.Room(),
		conflicts.Room(),
		alarms.Room(),
		calls.Room(),
		callbacks.Room(),
		shifts.Room(),
		floor.Room(),
		imports.Room(),
		month.Room(),
		publish.Room(),
		surveys.Room(),
		switchboard.Room(),
		mail.Room(),
		analysis.Room(),
		problems.Room(),
		dossier.Room(),
		issuing.Room(),
		nodes.Room(),
		setup.Room(),
	}
}

// Open makes an engine with all capabilities.
func Open(ctx context.Context, c engine.Config) (*engine.Engine, error) {
	var err error
	if c.Table, err = engine.NewTable(All()...); err != nil {
		return nil, err
	}
	return engine.Open(ctx, c)
}
