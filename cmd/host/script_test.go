package host_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/app/local"
)

// IT writes a script: it signs in, watches, opens a case and lists it, with nothing
// but HTTP and JSON.
func TestAScriptWorksWithADeskOverHTTP(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("SKIPPED: the door is a pipe here")
	}
	dir := t.TempDir()
	first := attach(t, dir)
	newDesk(t, first)
	socket, err := local.Address(dir)
	if err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}
	defer tr.CloseIdleConnections()
	token := ""
	call := func(method, path, body string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, "http://localhost"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		a, err := tr.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	read := func(a *http.Response, into any) int {
		t.Helper()
		defer a.Body.Close()
		b, err := io.ReadAll(a.Body)
		if err != nil || json.Unmarshal(b, into) != nil {
			t.Fatalf("%s: %q, %v", a.Status, b, err)
		}
		return a.StatusCode
	}
	var e app.Error
	if status := read(call("POST", "/v1/ask/Cases", "{}"), &e); status != 401 || e.Code != app.NotSignedIn {
		t.Errorf("before signing in: %d %v", status, e)
	}
	if status := read(call("POST", "/v1/do/SignIn", `{"Login":"admin","Password":"no es"}`), &e); status != 401 || e.Code != app.BadPassword {
		t.Errorf("a wrong password: %d %v", status, e)
	}
	var in app.Receipt
	if status := read(call("POST", "/v1/do/SignIn", `{"Login":"admin","Password":"cobre y sal"}`), &in); status != 200 || in.Token == "" {
		t.Fatalf("signing in: %d %+v", status, in)
	}
	token = in.Token
	watch := call("GET", "/v1/watch?type=case", "")
	defer watch.Body.Close()
	lines := bufio.NewScanner(watch.Body)
	line := func() (c app.Change) {
		if !lines.Scan() || json.Unmarshal(lines.Bytes(), &c) != nil {
			t.Fatalf("the watch said %q, %v", lines.Text(), lines.Err())
		}
		return c
	}
	if c := line(); !c.Snapshot {
		t.Errorf("it began with %+v", c)
	}
	var opened app.Receipt
	if status := read(call("POST", "/v1/do/OpenCase", `{"Opened":{"Subject":"No imprime","Category":"impresoras.cola","Impact":2,"Urgency":2}}`), &opened); status != 200 || opened.Number == "" {
		t.Fatalf("opening: %d %+v", status, opened)
	}
	if c := line(); len(c.Entities) != 1 || c.Entities[0] != (desk.Entity{Type: desk.CaseType, ID: opened.ID}) {
		t.Errorf("the watch told of %+v", c)
	}
	var cases app.CasesAnswer
	if status := read(call("POST", "/v1/ask/Cases", `{"By":"opened"}`), &cases); status != 200 || len(cases.Rows) != 1 || cases.Rows[0].Subject != "No imprime" {
		t.Errorf("the list: %d %+v", status, cases.Rows)
	}

	if _, err := exec.LookPath("curl"); err != nil {
		t.Log("curl is not here: its example in the README was not run")
		return
	}
	out, err := exec.CommandContext(t.Context(), "curl", "-sS", "--unix-socket", socket, "-H", "Authorization: Bearer "+token, "-H", "Content-Type: application/json",
		"-d", `{"Number":"`+string(opened.Number)+`"}`, "http://punto/v1/ask/OneCase").CombinedOutput()
	var one app.OneCaseAnswer
	if err != nil || json.Unmarshal(out, &one) != nil || one.Case.Subject != "No imprime" {
		t.Errorf("curl: %v %s", err, out)
	}
}
