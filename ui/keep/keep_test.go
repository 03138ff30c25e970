package keep

import (
	"os"
	"path/filepath"
	"testing"

	"punto/app/desk"
)

func TestDamagedDraftsAreSetAside(t *testing.T) {
	file := filepath.Join(t.TempDir(), "drafts.json")
	if err := os.WriteFile(file, []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := OpenDrafts(file)
	if err != nil || len(d.List) != 0 {
		t.Fatalf("%v, %v", d, err)
	}
	if _, err := os.Stat(file + ".damaged"); err != nil {
		t.Errorf("what could not be read was not kept: %v", err)
	}
}

func TestLikingsThatCannotBeReadAreNone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "windows.json")
	if err := os.WriteFile(file, []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := OpenLikings(file)
	me := desk.DerivedID("ana")
	if err := p.Write(me, func(x *Liking) { x.Look = "dark" }); err != nil {
		t.Fatal(err)
	}
	if x := OpenLikings(file).Of(me); x.Look != "dark" {
		t.Errorf("it holds %+v", x)
	}
}
