package issuing

import (
	"cmp"
	"fmt"
	netmail "net/mail"
	"path"
	"slices"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/mail"
	"punto/app/records"
)

// mostAddresses is to how many a report is mailed.
const mostAddresses = 50

// mostAttached is how much of the files goes with a letter; what does not fit stays in the
// archive, and the letter says so.
const mostAttached = 15 << 20

// phrase is what a letter says in a language.
type phrase struct{ subject, revision, text, changed, left, sign string }

var phrases = map[string]phrase{
	"es": {subject: "%s · %s", revision: " · revisión %d", text: "Adjuntamos el informe «%s», %s.\n\n%s\n", changed: "\nEsta revisión cambia %d cifras de la anterior; el informe las lista.\n",
		left: "\nPor su tamaño no van adjuntos: %s. Están en el archivo de la mesa.\n", sign: "\n%s\n"},
	"en": {subject: "%s · %s", revision: " · revision %d", text: "Attached is the report “%s”, %s.\n\n%s\n", changed: "\nThis revision changes %d figures of the one before; the report lists them.\n",
		left: "\nToo large to be attached: %s. They are in the archive of the desk.\n", sign: "\n%s\n"},
	"pt": {subject: "%s · %s", revision: " · revisão %d", text: "Anexamos o relatório “%s”, %s.\n\n%s\n", changed: "\nEsta revisão muda %d números da anterior; o relatório os lista.\n",
		left: "\nPelo tamanho não vão anexos: %s. Estão no arquivo da central.\n", sign: "\n%s\n"},
}

// letterID is the letter of a revision to an address: the one of its issue, and others at
// the instants at which somebody mailed it again.
func letterID(report desk.ID, revision int, to string, at int64) desk.ID {
	return desk.DerivedID("letter", "report", report.String(), fmt.Sprint(revision), strings.ToLower(to), fmt.Sprint(at))
}

// write has a revision mailed to an address.
func write(o *engine.Op, b desk.Issued, to string, at int64) error {
	say, ok := phrases[b.Lang]
	if !ok {
		say = phrases["es"]
	}
	d, err := records.Desk(o.Names)
	if err != nil {
		return err
	}
	subject := fmt.Sprintf(say.subject, b.Name, b.Period)
	if b.Revision > 1 {
		subject += fmt.Sprintf(say.revision, b.Revision)
	}
	text := fmt.Sprintf(say.text, b.Name, b.Period, b.Headline)
	if len(b.Changes) > 0 {
		text += fmt.Sprintf(say.changed, len(b.Changes))
	}
	var files []desk.File
	var left []string
	size := int64(0)
	for _, f := range b.Files {
		if path.Ext(f.Name) == ".json" { // the model as data is for programs
			continue
		}
		if size+f.Size > mostAttached {
			left = append(left, f.Name)
			continue
		}
		size += f.Size
		files = append(files, f)
	}
	if len(left) > 0 {
		text += fmt.Sprintf(say.left, strings.Join(left, ", "))
	}
	text += fmt.Sprintf(say.sign, cmp.Or(d.Name, b.Client))
	report := desk.ReportID(b.Definition, b.Contract, b.Period)
	_, err = mail.Write(o, letterID(report, b.Revision, to, at), desk.Letter{To: to, Subject: subject, Text: text, Lang: b.Lang, Thread: "report " + report.String(), About: entity(report), Files: files})
	return err
}

// addresses checks to whom mail is to go: each once.
func addresses(list []string) (out []string, err error) {
	for _, s := range list {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		a, err := netmail.ParseAddress(s)
		if err != nil || a.Address != s || !strings.Contains(s, "@") {
			return nil, app.About("to", app.Fail(app.Invalid, "%q is no address such as ana@example.org: correct it", s))
		}
		if !slices.ContainsFunc(out, func(x string) bool { return strings.EqualFold(x, s) }) {
			out = append(out, s)
		}
	}
	if len(out) > mostAddresses {
		return nil, app.About("to", app.Fail(app.Invalid, "a report is mailed to at most %d addresses: take some out", mostAddresses))
	}
	return out, nil
}
