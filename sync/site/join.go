package site

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"

	"punto/app/desk"
	"punto/sync/stream"
)

// EmptyLog is the log of a workstation that joins: nothing is in it, and nobody
// reads what is derived of it yet.
type EmptyLog interface {
	Log
	// Certify keeps the certificate of this workstation.
	Certify(ctx context.Context, cert []byte, coordinator bool) error
	// Bulk takes runs in whose events are judged and derived later.
	Bulk(context.Context, []desk.Run) (desk.Taken, error)
}

// Joining is what Join needs. Name, Listen and Progress may be left out.
type Joining struct {
	Dir           string // the data folder
	Code, Address string // of the coordinator
	Name          string // of this workstation; "" = that of the machine
	Listen        string // where others will reach this one; "" = the usual port
	Progress      func(done, all uint64)
	Logger        *slog.Logger
}

// Join makes an empty folder, whose log and key are given, a workstation of the site
// of the coordinator at an address, and fetches the whole log. It gives the prefix of
// the case numbers of this workstation. What breaks off while it fetches is fetched
// when the workstation runs.
func Join(ctx context.Context, j Joining, log EmptyLog, key ed25519.PrivateKey) (prefix string, err error) {
	if s, err := stream.LoadMembership(j.Dir); err != nil || s != nil || len(log.Vector()) > 0 {
		return "", errors.Join(err, fmt.Errorf("the folder %s holds a desk already: join with an empty one", j.Dir))
	}
	address := withPort(j.Address)
	own, prefix, err := stream.Join(ctx, address, j.Code, NameOr(j.Name), key)
	if err != nil {
		return "", err
	}
	own.Listen = j.Listen
	if err := errors.Join(log.Certify(ctx, own.Cert, false), own.Save(j.Dir)); err != nil {
		return "", err
	}
	all := &Replica{Log: log, Judge: unjudged{log}, Check: own.Check}
	if err := stream.Fetch(ctx, address, own, key, all, j.Progress); err != nil {
		j.Logger.Warn("the desk was not fetched whole: it is when the program runs", "err", err)
	}
	return prefix, nil
}

// unjudged takes events in that are judged later.
type unjudged struct{ EmptyLog }

// Merge implements Judge.
func (u unjudged) Merge(ctx context.Context, runs []desk.Run) (desk.Taken, error) {
	return u.Bulk(ctx, runs)
}

// Reborn implements Judge.
func (unjudged) Reborn(context.Context, uint64) error {
	return errors.New("a workstation that joins has written nothing yet, and another says that it has: join with an empty folder")
}

// NameOr is a name for this workstation where none is given: that of the machine.
func NameOr(name string) string {
	if name != "" {
		return name
	}
	if n, err := os.Hostname(); err == nil && n != "" {
		return n
	}
	return "puesto"
}

// withPort completes an address by the usual port.
func withPort(address string) string {
	address = strings.TrimSpace(address)
	if _, _, err := net.SplitHostPort(address); err == nil {
		return address
	}
	return net.JoinHostPort(strings.Trim(address, "[]"), strconv.Itoa(Port))
}
