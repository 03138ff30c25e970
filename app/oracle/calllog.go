package oracle

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// ReadTechnion reads the table of calls of the Technion's archive. A call that
// never queued and hung up was lost in the menu; a phantom row is no call.
func ReadTechnion(path string, zone *time.Location) (calls []Call, rows int, err error) {
	records, err := table(path, '\t')
	if err != nil {
		return nil, 0, err
	}
	at := map[string]int{}
	for i, name := range records[0] {
		at[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, f := range records[1:] {
		if f[at["outcome"]] == "PHANTOM" {
			continue
		}
		entry, err := time.ParseInLocation("060102 15:04:05", f[at["date"]]+" "+f[at["vru_entry"]], zone)
		if err != nil {
			return nil, 0, fmt.Errorf("%q: %w", f, err)
		}
		c := Call{At: entry, Wait: seconds(f[at["q_time"]]), Queue: strings.ToLower(strings.TrimSpace(f[at["type"]]))}
		if c.Queued = c.Wait > 0; f[at["customer_id"]] != "0" {
			c.Number = f[at["customer_id"]]
		}
		switch {
		case f[at["outcome"]] == "AGENT":
			c.Outcome, c.Talk = "answered", seconds(f[at["ser_time"]])
		case c.Queued:
			c.Outcome = "abandoned"
		default:
			c.Outcome = "menu"
		}
		calls = append(calls, c)
	}
	return calls, len(records) - 1, nil
}

// ReadQueueLog reads a queue_log: what it says of each call, by its id.
func ReadQueueLog(path string) (calls []Call, rows int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, 0, err
	}
	byID := map[string]*Call{}
	var order []*Call
	for in := bufio.NewScanner(z); in.Scan(); rows++ {
		p := strings.Split(in.Text(), "|")
		epoch, err := strconv.ParseInt(p[0], 10, 64)
		if err != nil || len(p) < 5 {
			return nil, 0, fmt.Errorf("%q is no line of a queue_log", in.Text())
		}
		c := byID[p[1]]
		if c == nil {
			c = &Call{At: time.Unix(epoch, 0), Outcome: "unknown"}
			byID[p[1]] = c
			order = append(order, c)
		}
		queue := p[2]
		switch what, p := p[4], p[5:]; what {
		case "CONNECT":
			c.Outcome, c.Wait = "answered", seconds(p[0])
		case "COMPLETECALLER", "COMPLETEAGENT":
			c.Talk = seconds(p[1])
		case "ABANDON":
			c.Outcome, c.Wait, c.Queued = "abandoned", seconds(p[2]), true
		case "ENTERQUEUE":
			c.Number, c.Queue = p[1], queue
		default:
			return nil, 0, fmt.Errorf("%q is not one of the words that this log has", what)
		}
		c.Queued = c.Queued || c.Wait > 0
	}
	for _, c := range order {
		calls = append(calls, *c)
	}
	return calls, rows, nil
}

// ReadSurvey reads the calls of the month with a survey: no wait is given where
// nobody answered.
func ReadSurvey(path string, zone *time.Location) (calls []Call, rows int, err error) {
	records, err := table(path, ',')
	if err != nil {
		return nil, 0, err
	}
	for _, f := range records[1:] {
		at, err := time.ParseInLocation("2006-01-02 15:04:05", f[2]+" "+f[3], zone)
		if err != nil {
			return nil, 0, fmt.Errorf("%q: %w", f, err)
		}
		c := Call{At: at, Outcome: "abandoned", Queued: true, NoWait: f[7] == "", Wait: seconds(f[7])}
		if f[5] == "Y" {
			c.Outcome, c.Queued = "answered", c.Wait > 0
			c.Talk = clockTime(f[8])
		}
		calls = append(calls, c)
	}
	return calls, len(records) - 1, nil
}

func seconds(s string) time.Duration {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}

// clockTime reads h:mm:ss.
func clockTime(s string) (d time.Duration) {
	for _, part := range strings.Split(s, ":") {
		d = d*60 + seconds(part)
	}
	return d
}
