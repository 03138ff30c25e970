package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"punto/app"
	"punto/app/web"
)

// surveyPage is where the page of surveys is served; an empty Listen is nowhere.
type surveyPage struct {
	Listen string `json:"listen"` // host:port
}

func surveyFile(data string) string { return filepath.Join(data, "surveys.json") }

func loadSurveyPage(data string) (s surveyPage, err error) {
	b, err := os.ReadFile(surveyFile(data))
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	return s, err
}

func surveysCommand(f *flags) *cobra.Command {
	var listen string
	var off bool
	c := &cobra.Command{Use: "surveys [--listen HOST:PORT | --off]", Args: cobra.NoArgs,
		Short: "serves the page on which users answer surveys on the local network: off unless turned on, on the coordinator",
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := loadSurveyPage(f.data)
			if err != nil {
				return err
			}
			if listen == "" && !off {
				return f.print(c.OutOrStdout(), s, "%s", told(s))
			}
			if s = (surveyPage{}); !off {
				if _, _, err := net.SplitHostPort(listen); err != nil {
					return fmt.Errorf("%q is no address to listen on: write one such as :7480 or 10.7.0.1:7480", listen)
				}
				if err := f.with(c.Context(), coordinates); err != nil {
					return err
				}
				s.Listen = listen
			}
			b, err := json.Marshal(s)
			if err == nil {
				err = os.WriteFile(surveyFile(f.data), b, 0o600)
			}
			if err != nil {
				return err
			}
			return f.print(c.OutOrStdout(), s, "%s The service follows within half a minute.", told(s))
		}}
	c.Flags().StringVar(&listen, "listen", "", "address of the page, such as :7480")
	c.Flags().BoolVar(&off, "off", false, "serve it no more")
	return c
}

func told(s surveyPage) string {
	if s.Listen == "" {
		return "The page of surveys is off."
	}
	return "The page of surveys is served on " + s.Listen + "."
}

// coordinates refuses a workstation that may not write answers with nobody signed in.
func coordinates(ctx context.Context, d app.Desk) error {
	x, err := d.Ask(ctx, app.Nodes{})
	if err != nil {
		return err
	}
	a, ok := x.(app.NodesAnswer)
	for _, n := range a.Nodes {
		if ok && a.Joined && n.Me && !n.Coordinator {
			return errors.New("this workstation does not coordinate the site, and only the coordinator takes answers with nobody signed in: turn the page on there")
		}
	}
	return nil
}

// surveys serves the page while it is on, and follows when it is turned on, off or
// elsewhere.
func surveys(ctx context.Context, d app.Desk, data string, log *slog.Logger, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var on surveyPage
	end := func() {}
	defer func() { end() }()
	failed := ""
	for {
		s, err := loadSurveyPage(data)
		if err == nil && s != on {
			end()
			end, on = func() {}, surveyPage{}
			if s.Listen != "" {
				if end, err = servePage(ctx, d, s.Listen, log); err != nil {
					end = func() {}
				}
			}
			if err == nil {
				on = s
				log.Info("the page of surveys", "listen", s.Listen)
			}
		}
		if err == nil {
			failed = ""
		} else if err.Error() != failed { // told once
			failed = err.Error()
			log.Error("the page of surveys is not served: it is tried again", "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// servePage serves until it is ended, which waits for what is being answered.
func servePage(ctx context.Context, d app.Desk, listen string, log *slog.Logger) (end func(), err error) {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := (&web.Page{Desk: d, Logger: log}).Serve(ctx, l); err != nil {
			log.Error("the page of surveys has ended", "err", err)
		}
	}()
	return func() { stop(); <-done }, nil
}
