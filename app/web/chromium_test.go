//go:build linux

package web_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"punto/app/web"
)

// browser is a headless Chromium that is told what to do through a pipe.
type browser struct {
	*testing.T
	out     *os.File
	in      *bufio.Reader
	id      int
	session string
}

func chromium(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("SKIPPED: there is no Chromium here; Debian has the package chromium")
	}
	fromUs, toIt, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	fromIt, toUs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", "--remote-debugging-pipe", "--user-data-dir="+t.TempDir(), "about:blank")
	cmd.ExtraFiles = []*os.File{fromUs, toUs}
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = fromUs.Close(), toUs.Close()
	b := &browser{T: t, out: toIt, in: bufio.NewReader(fromIt)}
	t.Cleanup(func() {
		_, _ = toIt.Write([]byte(`{"id":99999,"method":"Browser.close"}` + "\x00"))
		_ = toIt.Close()
		over := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		over.Stop()
		_ = fromIt.Close()
	})
	_ = fromIt.SetReadDeadline(time.Now().Add(2 * time.Minute)) // of a pipe that hangs
	target := b.call("Target.createTarget", map[string]any{"url": "about:blank"})["targetId"]
	b.session, _ = b.call("Target.attachToTarget", map[string]any{"targetId": target, "flatten": true})["sessionId"].(string)
	b.call("Page.enable", nil)
	b.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": true})
	return b
}

// call gives an order and waits for its answer.
func (b *browser) call(method string, params any) map[string]any {
	b.Helper()
	b.id++
	m := map[string]any{"id": b.id, "method": method}
	if params != nil {
		m["params"] = params
	}
	if b.session != "" {
		m["sessionId"] = b.session
	}
	raw, err := json.Marshal(m)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := b.out.Write(append(raw, 0)); err != nil {
		b.Fatal(err)
	}
	for {
		raw, err := b.in.ReadBytes(0)
		if err != nil {
			b.Fatalf("%s: %v", method, err)
		}
		var a struct {
			ID     int
			Result map[string]any
			Error  *struct{ Message string }
		}
		if err := json.Unmarshal(raw[:len(raw)-1], &a); err != nil {
			b.Fatal(err)
		}
		if a.ID != b.id {
			continue
		}
		if a.Error != nil {
			b.Fatalf("%s: %s", method, a.Error.Message)
		}
		return a.Result
	}
}

// ask gives what an expression is on the page; the page's own scripts are off.
func (b *browser) ask(expression string) any {
	b.Helper()
	r, _ := b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true})["result"].(map[string]any)
	return r["value"]
}

// until waits for a state of the page.
func (b *browser) until(what, expression string) {
	b.Helper()
	for range 2_000 {
		if b.ask(expression) == true {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	b.Fatalf("waited in vain for: %s; the page says %v", what, b.ask("document.body.innerText"))
}

func (b *browser) open(url string) {
	b.Helper()
	b.call("Page.navigate", map[string]any{"url": url})
	b.until(url, fmt.Sprintf("document.readyState == 'complete' && location.href == %q", url))
}

func (b *browser) wide(w, h int) {
	b.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": w, "height": h, "deviceScaleFactor": 1, "mobile": false})
}

// click presses the mouse on what a selector finds.
func (b *browser) click(selector string) {
	b.Helper()
	b.ask(fmt.Sprintf("document.querySelector(%q).scrollIntoView({block:'center',behavior:'instant'})", selector))
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		at := func(axis string) any {
			return b.ask(fmt.Sprintf("(r=>r.%s)(document.querySelector(%q).getBoundingClientRect())", axis, selector))
		}
		x, _ := at("left+r.width/2").(float64)
		y, _ := at("top+r.height/2").(float64)
		b.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1})
	}
}

func (b *browser) key(name, text string, code int) {
	b.Helper()
	b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyDown", "key": name, "code": name, "text": text, "windowsVirtualKeyCode": code})
	b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": name, "code": name, "windowsVirtualKeyCode": code})
}

// picture keeps what is seen where somebody wants to look at it.
func (b *browser) picture(name string) {
	b.Helper()
	if dir := os.Getenv("PUNTO_PICTURES"); dir != "" {
		data, _ := b.call("Page.captureScreenshot", map[string]any{"format": "png"})["data"].(string)
		var png []byte
		if err := json.Unmarshal([]byte(`"`+data+`"`), &png); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(dir+"/"+name+".png", png, 0o600); err != nil {
			b.Fatal(err)
		}
	}
}

const says = "document.body.innerText.includes(%q)"

// The page in a real browser of 320 px without scripts: by mouse, and by keys alone.
func TestTheSurveyInAChromium(t *testing.T) {
	b := chromium(t)
	s := newStand(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- (&web.Page{Desk: s.e}).Serve(t.Context(), l) }()
	t.Cleanup(func() {
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	base := "http://" + l.Addr().String() + "/e/"
	one, two, late := s.token(), s.token(), s.token()

	b.wide(320, 844)
	b.open(base + one)
	b.picture("phone320")
	if w := b.ask("document.documentElement.scrollWidth"); w != 320.0 {
		t.Errorf("at 320 px it is %v wide", w)
	}
	if n := b.ask("[...document.querySelectorAll('label span,nav a,button')].filter(e=>e.getBoundingClientRect().height<44).length"); n != 0.0 {
		t.Errorf("%v targets are too small for a finger", n)
	}
	hidden := "getComputedStyle(document.querySelector('.c3')).display == 'none'"
	if b.ask(hidden) != true {
		t.Error("what hangs on an answer is seen before it")
	}
	b.click("#a0-4+span")
	b.click("#a1-2+span")
	b.until("the question that hangs on a no", "!("+hidden+")")
	b.click("textarea")
	b.call("Input.insertText", map[string]any{"text": "La guía sale, pero tarda."})
	b.wide(390, 844)
	b.picture("phone390")
	b.click("button")
	b.until("thanks", fmt.Sprintf(says, "Gracias"))
	b.open(base + one)
	b.until("used", fmt.Sprintf(says, "ya fue respondida"))
	b.open(base + strings.Repeat("Z", 26) + "?l=es")
	b.until("wrong", fmt.Sprintf(says, "no sirve"))

	b.wide(320, 844)
	b.open(base + two)
	b.click(`nav a[lang="pt"]`)
	b.until("in Portuguese", fmt.Sprintf(says, "Como foi o atendimento?"))
	for range 4 { // past the languages, to the first question
		b.key("Tab", "", 9)
	}
	b.key(" ", " ", 32)
	b.key("ArrowRight", "", 39)
	b.key("Tab", "", 9)
	b.key(" ", " ", 32)
	if got := b.ask("[...document.querySelectorAll('input:checked')].map(e=>e.id).join()"); got != "a0-2,a1-1" {
		t.Errorf("by keys were chosen %v", got)
	}
	b.ask("document.querySelector('button').focus()")
	b.key("Enter", "\r", 13)
	b.until("thanks in Portuguese", fmt.Sprintf(says, "Obrigado"))

	s.now = s.now.Add(8 * 24 * time.Hour)
	b.open(base + late)
	b.until("expired", fmt.Sprintf(says, "venció"))
	if n := b.ask("[...document.querySelectorAll('fieldset')].length"); n != 0.0 {
		t.Errorf("an expired one still asks %v questions", n)
	}
}
