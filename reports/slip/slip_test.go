package slip_test

import (
	"bytes"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"punto/reports/slip"
)

// The code of a slip, as it is printed, is read by a decoder that is not ours.
func TestTheCodeOfASlipReadsBack(t *testing.T) {
	at := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
	for lang, url := range map[string]string{"es": "http://10.7.0.1:7480/e/0123456789ABCDEFGHJKMNPQRS", "pt": "http://mesa-de-ayuda.interna.losandes.example:17480/e/ZZZZZZZZZZZZZZZZZZZZZZZZZZ", "en": "http://[fd00::1]:7480/e/7777777777777777777777777A"} {
		s := slip.Slip{Lang: lang, Client: "Compañía Minera Los Andes S.A. de Inversiones y Servicios", Number: "B-4217-6", Subject: strings.Repeat("No imprime en la impresora de guías ", 5), URL: url, Until: at, Made: at}
		var one, two bytes.Buffer
		for _, b := range []*bytes.Buffer{&one, &two} {
			if err := slip.Write(b, s); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) || !bytes.HasPrefix(one.Bytes(), []byte("%PDF-1.")) {
			t.Error("the same slip is not the same file")
		}
		page, err := slip.Page(s)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range page.Ops {
			if a.Text == nil {
				continue
			}
			box := a.Text.Bounds()
			if !page.Panels[0].Rect.Contains(box, 0.1) {
				t.Errorf("%s: %q leaves the sheet", lang, a.Text.S)
			}
			for _, b := range page.Ops[:i] {
				if b.Text != nil && box.Overlaps(b.Text.Bounds(), 0.2) {
					t.Errorf("%s: %q stands on %q", lang, a.Text.S, b.Text.S)
				}
			}
		}
		name := filepath.Join(t.TempDir(), "slip.png")
		if dir := os.Getenv("PUNTO_PICTURES"); dir != "" {
			name = filepath.Join(dir, "slip-"+lang+".png")
		}
		var picture bytes.Buffer
		if err := png.Encode(&picture, page.Image(840)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, picture.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		decoder, err := exec.LookPath("zbarimg")
		if err != nil {
			t.Skip("SKIPPED: no decoder of codes is here; Debian has it in zbar-tools")
		}
		out, err := exec.Command(decoder, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", name).Output()
		if err != nil || strings.TrimSpace(string(out)) != url {
			t.Errorf("%s: the code reads %q, %v", lang, out, err)
		}
	}
	if err := slip.Write(&bytes.Buffer{}, slip.Slip{}); err == nil {
		t.Error("a slip of no survey is printed")
	}
}
