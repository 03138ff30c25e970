package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/cmd/host"
)

func TestThePageOfSurveysIsOffUntilItIsTurnedOn(t *testing.T) {
	t.Setenv("PUNTO_STATE", t.TempDir())
	data := t.TempDir()
	h, err := host.Open(t.Context(), data, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	if _, err := h.Do(h.Owner(t.Context()), app.CreateDesk{Name: "Obra", Zone: "America/Lima", Password: "cobre y sal"}); err != nil {
		t.Fatal(err)
	}
	if s, err := loadSurveyPage(data); err != nil || s.Listen != "" {
		t.Fatalf("at first it is served on %q, %v", s.Listen, err)
	}
	if err := coordinates(h.Owner(t.Context()), h); err != nil {
		t.Errorf("a desk of one workstation: %v", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	_ = l.Close()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); surveys(ctx, h, data, slog.New(slog.DiscardHandler), time.Millisecond) }()
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(surveyFile(data), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	answers := func() bool {
		r, err := http.Get("http://" + at + "/e/" + strings.Repeat("0", 26))
		if err != nil {
			return false
		}
		_ = r.Body.Close()
		return r.StatusCode == 404 || r.StatusCode == 429
	}
	until := func(what string, want bool) {
		t.Helper()
		for answers() != want {
			select {
			case <-t.Context().Done():
				t.Fatalf("waited in vain: %s", what)
			default:
			}
		}
	}
	if answers() {
		t.Error("it is served with nobody having turned it on")
	}
	write(fmt.Sprintf(`{"listen":%q}`, at))
	until("on", true)
	write(`{"listen":""}`)
	until("off", false)
	write(fmt.Sprintf(`{"listen":%q}`, at))
	until("on again", true)
	stop()
	<-done
	if answers() {
		t.Error("it is served after the service has ended")
	}
}
