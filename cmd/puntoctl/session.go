package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/cmd/host"
)

// identity says as whom the command line works. The zero identity is the owner
// of the data folder, who may do all that an administrator may: whoever can read
// and replace the files of a desk owns it already, so no password is asked.
type identity struct {
	login, passwordFile string
	owner               bool // always the owner: nobody can sign in yet
}

func (i *identity) flags(c *cobra.Command) {
	c.PersistentFlags().StringVar(&i.login, "login", "", "work as this agent (PUNTO_LOGIN); none = the owner of the folder")
	c.PersistentFlags().StringVar(&i.passwordFile, "password-file", "", "file with the agent's password; none = PUNTO_PASSWORD")
}

// session attaches the identity to a context; end ends what it began.
func (i *identity) session(ctx context.Context, d *host.Access) (in context.Context, end func() error, err error) {
	login := cmp.Or(i.login, os.Getenv("PUNTO_LOGIN"))
	if login == "" || i.owner {
		return d.Owner(ctx), func() error { return nil }, nil
	}
	password, err := i.password()
	if err != nil {
		return nil, nil, err
	}
	r, err := d.Do(ctx, app.SignIn{Login: login, Password: password})
	if err != nil {
		return nil, nil, err
	}
	in = app.WithSession(ctx, r.Token)
	return in, func() error {
		_, err := d.Do(context.WithoutCancel(in), app.SignOut{})
		if app.CodeOf(err) == app.NotSignedIn { // the host has changed meanwhile, and sessions with it
			return nil
		}
		return err
	}, nil
}

func (i *identity) password() (string, error) {
	if i.passwordFile != "" {
		b, err := os.ReadFile(i.passwordFile)
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		return strings.TrimRight(string(b), "\r\n"), nil
	}
	if p, ok := os.LookupEnv("PUNTO_PASSWORD"); ok {
		return p, nil
	}
	return "", errors.New("an agent needs a password: give --password-file or set PUNTO_PASSWORD")
}
