package draft

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"punto/app/desk"
)

// A procedure goes to the desk and comes back as it was written; what is wrong with one
// is told with its line.
func TestProceduresAreWrittenAndChecked(t *testing.T) {
	const text = `punto: 1
groups:
  n1: {name: Nivel 1, level: 1}
contracts:
  C-001: {client: Los Andes}
matrix: [[1, 1, 2, 3], [1, 2, 3, 3], [2, 3, 3, 4], [3, 3, 4, 4]]
procedures:
  - code: enlace
    name: {es: Enlace de sede, en: Site link, pt: Enlace}
    mandatory: true
    steps:
      - code: alcance
        do: {es: Confirmar alcance, en: Confirm scope, pt: Confirmar}
        expect: {es: se sabe a quién toca, en: known, pt: sabe}
        choices: [sede, planta]
      - code: respaldo
        do: {es: Pasar al respaldo, en: Use the backup, pt: Usar}
categories:
  - code: red
    name: {es: Red, en: Network, pt: Rede}
    procedure: enlace
`
	f, ps := Read(strings.NewReader(text))
	if len(Grave(ps)) > 0 {
		t.Fatalf("problems: %v", ps)
	}
	m := f.Model(desk.Model{}, nil)
	if p := m.ProcedureOf("red"); p == nil || !p.Mandatory || len(p.Steps) != 2 || p.Steps[0].Choices[1] != "planta" || p.Steps[0].Expected("en") != "known" || p.Title("fr") != "Enlace de sede" {
		t.Fatalf("the desk has %+v", p)
	}
	back := FileOf(Stored{Model: m})
	if !reflect.DeepEqual(back.Procedures, f.Procedures) || back.Categories[0].Procedure != "enlace" {
		t.Errorf("it came back as %+v", back.Procedures)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil || !strings.Contains(b.String(), "mandatory: true") {
		t.Errorf("written as %s, %v", b.String(), err)
	}
	other := f
	other.Procedures = fromProcedures(m.Procedures)
	other.Procedures[0].Steps[1].Do = Names{"es": "Volver", "en": "Back", "pt": "Voltar"}
	if d := Diff(f, other); len(d) != 3 || d[0].At != "procedures › enlace › steps › respaldo › do › en" {
		t.Errorf("differs in %v", d)
	}
	for was, want := range map[string]string{
		"procedure: enlace":       "no procedure",
		"code: respaldo":          "codes are of one each",
		"choices: [sede, planta]": "is there twice",
		"do: {es: Pasar al respaldo, en: Use the backup, pt: Usar}": "no name in Spanish",
		"    procedure: enlace\n":                                   "no case follows it",
		"code: enlace\n    name":                                    "no code",
	} {
		bad := strings.Replace(text, was, map[string]string{"procedure: enlace": "procedure: otro", "code: respaldo": "code: alcance", "choices: [sede, planta]": "choices: [sede, sede]",
			"    procedure: enlace\n": "", "code: enlace\n    name": "code: ''\n    name"}[was], 1)
		if strings.HasPrefix(was, "do:") {
			bad = strings.Replace(text, was, "do: {en: Use the backup}", 1)
		}
		_, ps := Read(strings.NewReader(bad))
		found := false
		for _, p := range ps {
			found = found || strings.Contains(p.Error(), want) && p.Line > 5
		}
		if !found {
			t.Errorf("without %q: %v", was, ps)
		}
	}
}
