package print

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/issuing"
	"punto/app/keyring"
	"punto/app/mail"
	"punto/app/rooms/roomtest"
	"punto/packaging/postoffice"
)

// The paper that a real mail server is handed is the one in the archive, byte by byte.
func TestTheMailedPaperIsTheArchivedOne(t *testing.T) {
	s, o := seat(t), postoffice.Open(t)
	keyring.SetKey(s.E, s.Store.Key())
	s.Do(s.Owner, app.SaveMailAccount{Password: o.Password, Account: desk.MailAccount{Host: "localhost", Port: o.Port, Cert: o.Cert, User: o.User, From: "mesa@obra.example", Name: "Mesa"}})
	d := roomtest.Ask[app.DefinitionsAnswer](s, s.Owner, app.Definitions{}).Rows[0]
	d.Of.Scheduled, d.Of.To = true, []string{"gerencia@obra.example"}
	s.Do(s.Owner, app.SaveDefinition{ID: d.ID, Definition: d.Of})
	s.Now = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC) // 7:00 in Santiago
	if _, err := issuing.Turn(t.Context(), s.E); err != nil {
		t.Fatal(err)
	}
	if _, err := mail.Turn(t.Context(), s.E); err != nil {
		t.Fatal(err)
	}
	rows := roomtest.Ask[app.ReportsAnswer](s, s.Owner, app.Reports{}).Rows
	if len(rows) != 1 || rows[0].Period != "2026-10" || rows[0].DueAt != s.Now.UnixMilli() {
		t.Fatalf("%+v", rows)
	}
	one := roomtest.Ask[app.OneReportAnswer](s, s.Owner, app.OneReport{Report: rows[0].ID}).Issues[0]
	want := map[string][32]byte{}
	for _, f := range one.Of.Files {
		want[f.Name] = f.Hash
	}
	m := o.Mails(1)[0]
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for r := multipart.NewReader(strings.NewReader(m.Body), params["boundary"]); ; {
		p, err := r.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		hash, named := want[p.FileName()]
		if !named {
			continue
		}
		raw, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, p))
		if err != nil || sha256.Sum256(raw) != hash {
			t.Errorf("%s is not what was archived: %d bytes, %v", p.FileName(), len(raw), err)
		}
		if strings.HasSuffix(p.FileName(), ".pdf") && !bytes.HasPrefix(raw, []byte("%PDF")) {
			t.Errorf("%s is no paper", p.FileName())
		}
		seen++
	}
	if seen != 2 {
		t.Errorf("%d files came, not the paper and the sheet: %v", seen, want)
	}
	if x := roomtest.Ask[app.OneReportAnswer](s, s.Owner, app.OneReport{Report: rows[0].ID}).Issues[0].Sent; x.Sent != 1 {
		t.Errorf("%+v", x)
	}
}
