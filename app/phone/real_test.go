package phone_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"punto/app/phone"
	"punto/packaging/outside"
)

func unpack(t *testing.T, name string) io.Reader {
	t.Helper()
	z, err := gzip.NewReader(outside.Open(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// A real exchange with a full queue, an overflow, a withdrawal, transfers: each
// way of ending is told apart.
func TestALiveExchangesLogTellsEveryEnd(t *testing.T) {
	for _, file := range []string{"asterisk-live/ast22-puntofin.queue_log.gz", "asterisk-live/ast20.queue_log.gz"} {
		text, err := io.ReadAll(unpack(t, file))
		if err != nil {
			t.Fatal(err)
		}
		events, _, bad := read(t, string(text))
		got := map[phone.Outcome]int{}
		for id, c := range calls(events) {
			got[c.Outcome]++
			if c.Outcome == phone.NoOutcome || c.UniqueID != id {
				t.Errorf("%s: call %s has no end: %+v", file, id, c)
			}
		}
		want := map[phone.Outcome]int{} // every row that ends a call, counted in the text
		for _, l := range strings.Split(string(text), "\n") {
			for word, o := range map[string]phone.Outcome{"|COMPLETE": phone.Completed, "|BLINDTRANSFER|": phone.Completed, "|ABANDON|": phone.Abandoned,
				"|EXITWITHTIMEOUT|": phone.Overflow, "|WITHDRAW|": phone.Withdrawn, "|PUNTOFIN|FULL": phone.Busy} {
				if strings.Contains(l, word) {
					want[o]++
				}
			}
		}
		if bad != 0 || len(got) != len(want) {
			t.Errorf("%s: %d rows rejected; outcomes %v, not %v", file, bad, got, want)
		}
		for o, n := range want {
			if got[o] != n {
				t.Errorf("%s: %d calls ended %v, not %d", file, got[o], o, n)
			}
		}
	}
}

func TestQuotedLogsGiveTheAnswersTheirSourcesState(t *testing.T) {
	var groups []struct {
		ID     string
		Lines  []string
		Expect struct {
			Entered, Abandoned, Answered *int
			AbandonWait                  *int  `json:"abandon_wait_s"`
			Wait                         *int  `json:"wait_s"`
			Talk                         *int  `json:"talk_s"`
			PickedUp                     *bool `json:"picked_up"`
			InProgress                   *bool `json:"in_progress"`
			Unfinished                   *int  `json:"unfinished_at_restart"`
		}
	}
	if err := json.NewDecoder(outside.Open(t, "asterisk-fixtures/queue_log/snippets.json")).Decode(&groups); err != nil {
		t.Fatal(err)
	}
	if len(groups) < 7 {
		t.Fatalf("%d groups, at least 7 expected", len(groups))
	}
	for _, g := range groups {
		events, _, bad := read(t, strings.Join(g.Lines, "\n"))
		n, answered, abandoned, going := 0, 0, 0, 0
		var wait, left, talk time.Duration
		for _, c := range calls(events) {
			n++
			switch c.Outcome {
			case phone.NoOutcome:
				going++
			case phone.Abandoned:
				abandoned++
				left = c.Wait
			}
			if c.Answered() {
				answered++
				wait, talk = c.Wait, c.Talk
			}
		}
		number := func(what string, want *int, got int) {
			if want != nil && *want != got {
				t.Errorf("%s: %s is %d, its source says %d", g.ID, what, got, *want)
			}
		}
		number("entered", g.Expect.Entered, n)
		number("answered", g.Expect.Answered, answered)
		number("abandoned", g.Expect.Abandoned, abandoned)
		number("unfinished", g.Expect.Unfinished, going)
		number("wait", g.Expect.Wait, int(wait.Seconds()))
		number("talk", g.Expect.Talk, int(talk.Seconds()))
		number("wait before giving up", g.Expect.AbandonWait, int(left.Seconds()))
		if p := g.Expect.PickedUp; p != nil && *p != (answered > 0) {
			t.Errorf("%s: picked up is %v", g.ID, answered > 0)
		}
		if p := g.Expect.InProgress; p != nil && *p != (going > 0) {
			t.Errorf("%s: in progress is %v", g.ID, going > 0)
		}
		if bad > 0 {
			t.Errorf("%s: %d rows rejected", g.ID, bad)
		}
	}
}

func TestARealMonthFromItsTable(t *testing.T) {
	var figures struct {
		Rows, Phantom, Answered int
		InQueue                 int            `json:"hung_up_in_queue"`
		InMenu                  int            `json:"hung_up_without_queueing"`
		ByServer                map[string]int `json:"answered_by_server"`
		ByDate                  map[string]int `json:"by_date"`
		Quality                 struct {
			NoServer int `json:"agent_without_server"`
			NoTalk   int `json:"agent_with_zero_service"`
			NoStart  int `json:"queued_but_zero_q_start"`
		}
	}
	if err := json.NewDecoder(outside.Open(t, "technion-bank/figures.json")).Decode(&figures); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Jerusalem")
	if err != nil {
		t.Fatal(err)
	}
	got, doubts := map[phone.Outcome]int{}, map[phone.Doubt]int{}
	server, days, seen := map[string]int{}, map[string]int{}, map[string]bool{}
	n, rejected := 0, 0
	for c, err := range phone.ReadTechnion(unpack(t, "technion-bank/february1999.txt.gz"), "technion", zone) {
		var bad *phone.RowError
		if errors.As(err, &bad) {
			rejected++
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		n++
		got[c.Outcome]++
		days[c.OfferedAt.In(zone).Format("060102")]++
		for _, d := range []phone.Doubt{phone.NegativeMenu, phone.NoAgent, phone.NoTalk, phone.NoQueueTime} {
			if c.Doubts&d != 0 {
				doubts[d]++
			}
		}
		if c.Answered() {
			if c.Agent == "" {
				c.Agent = "NO_SERVER"
			}
			server[c.Agent]++
		}
		if c.Menu < 0 || c.Answered() && c.AnsweredAt.Before(c.OfferedAt.Add(-4*time.Minute)) || c.EndedAt.Sub(c.OfferedAt) > 3*time.Hour || seen[c.UniqueID] {
			t.Errorf("line %d: the call's times or id do not hold: %+v", c.Line, c)
		}
		seen[c.UniqueID] = true
	}
	if rejected != figures.Phantom || n+rejected != figures.Rows {
		t.Errorf("%d calls + %d rejected are not %d rows with %d phantoms", n, rejected, figures.Rows, figures.Phantom)
	}
	if got[phone.Completed] != figures.Answered || got[phone.Abandoned] != figures.InQueue || got[phone.LostInMenu] != figures.InMenu {
		t.Errorf("outcomes %v: %d answered, %d abandoned, %d lost in the menu expected", got, figures.Answered, figures.InQueue, figures.InMenu)
	}
	if doubts[phone.NoAgent] != figures.Quality.NoServer || doubts[phone.NoTalk] != figures.Quality.NoTalk ||
		doubts[phone.NoQueueTime] != figures.Quality.NoStart || doubts[phone.NegativeMenu] != 23 {
		t.Errorf("doubts %v: %+v and 23 negative menu times expected", doubts, figures.Quality)
	}
	for name, want := range figures.ByServer {
		if server[name] != want {
			t.Errorf("%s answered %d, not %d", name, server[name], want)
		}
	}
	for day, want := range figures.ByDate {
		if days[day] != want {
			t.Errorf("%d calls on %s, not %d", days[day], day, want)
		}
	}
}
