package print

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/reports/slip"
)

// Slip invites the user of a case with a link and prints it as a sheet into a folder, whose
// file only its owner reads: it holds the token, which nothing else keeps.
func Slip(ctx context.Context, k app.Desk, survey, kase desk.ID, folder string, now time.Time) (name string, err error) {
	address, err := addressOf(ctx, k, survey)
	if err != nil {
		return "", err
	}
	r, err := k.Do(ctx, app.InviteSurvey{Survey: survey, Case: kase, Way: desk.SlipWay})
	if err != nil {
		return "", err
	}
	x, err := k.Ask(ctx, app.SurveyForm{Token: r.Secret})
	if err != nil {
		return "", err
	}
	a, ok := x.(app.SurveyFormAnswer)
	if !ok {
		return "", fmt.Errorf("a form is answered as %T", x)
	}
	zone, err := time.LoadLocation(a.Zone)
	if err != nil {
		return "", err
	}
	s := slip.Slip{Lang: a.Lang, Client: cmp.Or(a.Client, a.Desk), Number: string(a.Number), Subject: a.Subject, URL: strings.TrimRight(address, "/") + "/e/" + r.Secret,
		Until: time.UnixMilli(a.ExpiresAt).In(zone), Made: now.UTC()}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	name = filepath.Join(folder, "encuesta-"+s.Number+".pdf")
	file, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	return name, errors.Join(slip.Write(file, s), file.Close())
}

// addressOf is where a survey says that its page is.
func addressOf(ctx context.Context, k app.Desk, survey desk.ID) (string, error) {
	x, err := k.Ask(ctx, app.Surveys{})
	if err != nil {
		return "", err
	}
	a, _ := x.(app.SurveysAnswer)
	for _, s := range a.Rows {
		if s.ID == survey && s.Of.Address != "" {
			return s.Of.Address, nil
		}
	}
	return "", app.Fail(app.Conflict, "the survey does not say where its page is: write its address in the sample, such as http://10.7.0.1:7480")
}
