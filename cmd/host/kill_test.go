package host_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/cmd/host"
)

const childEnv = "PUNTO_KILL_CHILD"

// child is the process that is killed: it registers cases as fast as it can and
// says each number once it was acknowledged.
func child(dir string) {
	h, err := host.Open(context.Background(), dir, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := h.Owner(context.Background())
	for i := 0; ; i++ {
		r, err := h.Do(ctx, app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprintf("caso %d", i)}})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("ack %s\n", r.Number)
	}
}

// An engine that writes is killed 200 times (20 with -short), each time at
// another moment: every case that was acknowledged is there, once.
func TestKillsLoseNoAcknowledgedCommand(t *testing.T) {
	kills := 200
	if testing.Short() {
		kills = 20
	}
	dir := t.TempDir()
	h, err := host.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Do(h.Owner(t.Context()), app.CreateDesk{Name: "Prueba", Zone: "America/Lima", AlwaysOpen: true, Password: "una clave larga"}); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 5))
	var said []string
	for i := range kills {
		got, err := killed(t, dir, r.IntN(40))
		if err != nil {
			t.Fatalf("seed %d, kill %d: %v", seed, i+1, err)
		}
		said = append(said, got...)
	}
	if h, err = host.Open(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}()
	there, after := map[string]int{}, []byte(nil)
	for {
		x, err := h.Ask(h.Owner(t.Context()), app.Cases{By: "opened", After: after, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		a := x.(app.CasesAnswer)
		for _, c := range a.Rows {
			there[string(c.Number)]++
		}
		if after = a.Next; after == nil {
			break
		}
	}
	for _, n := range said {
		if there[n] != 1 {
			t.Errorf("seed %d: case %s was acknowledged and is there %d times", seed, n, there[n])
		}
	}
	if len(said) < kills {
		t.Errorf("only %d cases were acknowledged in %d kills: the test kills too soon to tell", len(said), kills)
	}
	t.Logf("%d kills, %d cases acknowledged, %d there", kills, len(said), len(there))
}

// killed runs the child, kills it after some acknowledgements, and gives all
// that it said.
func killed(t *testing.T, dir string, after int) (said []string, err error) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childEnv+"="+dir)
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	in := bufio.NewScanner(out)
	var other []string
	for in.Scan() {
		if n, ok := strings.CutPrefix(in.Text(), "ack "); ok {
			said = append(said, n)
			if len(said) == after+1 {
				if err := c.Process.Kill(); err != nil {
					return nil, err
				}
			}
			continue
		}
		other = append(other, in.Text())
	}
	_ = c.Wait() // it was killed
	if len(said) <= after {
		return nil, fmt.Errorf("the child ended by itself: %s", strings.Join(other, "\n"))
	}
	return said, nil
}
