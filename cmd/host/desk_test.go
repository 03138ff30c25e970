package host_test

import (
	"context"
	"testing"

	"punto/app"
	"punto/app/desktest"
	"punto/cmd/host"
)

func TestTheEngineIsADesk(t *testing.T) {
	desktest.Run(t, func(t *testing.T) (app.Desk, context.Context) {
		h, err := host.Open(t.Context(), t.TempDir(), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := h.Close(); err != nil {
				t.Error(err)
			}
		})
		return h, h.Owner(t.Context())
	})
}

func TestTheClientOverTheSocketIsADesk(t *testing.T) {
	desktest.Run(t, func(t *testing.T) (app.Desk, context.Context) {
		dir := t.TempDir()
		first, err := host.Attach(t.Context(), dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		second, err := host.Attach(t.Context(), dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !first.Hosted() || second.Hosted() {
			t.Fatal("both programs host the folder, or none")
		}
		t.Cleanup(func() {
			if err := second.Close(); err != nil {
				t.Error(err)
			}
			if err := first.Close(); err != nil {
				t.Error(err)
			}
		})
		return second, second.Owner(t.Context())
	})
}
