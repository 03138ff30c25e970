package main

import (
	"bytes"
	"context"

	"punto/app/draft"
	"punto/app/trial"
	"punto/cmd/host"
	"punto/ui/pages/model"
)

// tested runs the scenarios that come with the desk against a service model, each on a
// desk of its own in memory.
func tested(ctx context.Context, file []byte) (rs []model.Result, err error) {
	f, problems := draft.Read(bytes.NewReader(file))
	for _, p := range draft.Grave(problems) {
		return nil, p
	}
	for _, s := range trial.Standard().Scenarios {
		r := model.Result{Name: s.Name}
		got, err := host.Try(ctx, f, file, s)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			r.Failed = append(r.Failed, model.Failure{Is: err.Error()})
		}
		for _, x := range got.Failed {
			r.Failed = append(r.Failed, model.Failure{Step: x.Step, Case: x.Case, What: x.What, Is: x.Is, Want: x.Want})
		}
		rs = append(rs, r)
	}
	return rs, nil
}
