package vectors_test

import (
	"strings"
	"testing"

	"punto/app/vectors"
	"punto/packaging/outside"
)

func TestChartVectorsPassOrFail(t *testing.T) {
	const p = `{"id":"a","chart":"p","data":[{"x":2,"n":100},{"x":4,"n":100},{"x":9,"n":100}]`
	for _, c := range []struct{ name, vector, says string }{
		{"a center", p + `,"expected":{"center":0.05}}`, ""},
		{"a wrong center", p + `,"expected":{"center":0.0501}}`, "center: got 0.05"},
		{"wrong in the tenth digit is right", p + `,"expected":{"center":0.05000000001}}`, ""},
		{"a printed center", p + `,"published":{"center":0.05,"note":"x"}}`, ""},
		{"a printed limit", p + `,"published":{"ucl":0.115}}`, ""},
		{"a printed limit that is wrong", p + `,"published":{"ucl":0.117}}`, "ucl"},
		{"one limit for all", p + `,"expected_qcc":{"lcl":0}}`, ""},
		{"a limit too few", p + `,"expected_qcc":{"lcl":[0,0]}}`, "lcl"},
		{"a point out", p + `,"params":{"k":1},"expected":{"out":[1,3]}}`, ""},
		{"points out that are not", p + `,"expected":{"violating_points_1based":[3]}}`, "violating"},
		{"what it does not have", p + `,"expected":{"ewma":[1]}}`, "does not have"},
		{"nothing", p + `,"expected":{"note":"none"},"published":null}`, "expects nothing"},
		{"an unknown chart", `{"id":"b","chart":"pie","data":[1],"expected":{"center":1}}`, `"pie" is not known`},
		{"data of another chart", `{"id":"b","chart":"p","data":[1],"expected":{"center":1}}`, "no list of {x, n}"},
		{"no data", `{"id":"b","chart":"np","data":[],"expected":{"center":1}}`, "no points"},
		{"no data at all", `{"id":"b","chart":"ewma","expected":{"center":1}}`, "no list of numbers"},
		{"trial points alone form the limits", `{"chart":"np","data":[{"x":5,"n":10,"trial":true},{"x":0,"n":10,"trial":false}],"expected":{"center":5}}`, ""},
		{"a c chart counts by unit", `{"chart":"c","data":[{"x":9,"n":100},{"x":9,"n":100}],"expected":{"center":9,"std_dev":3,"ucl":18}}`, ""},
		{"a gap", `{"chart":"individuals","data":[1,null,3],"expected":{"center":2}}`, ""},
		{"moving ranges", `{"chart":"moving range","data":[1,3],"expected":{"center":2}}`, ""},
		{"cusum", `{"chart":"cusum","data":[1.5,0.5,0.6],"params":{"sigma":1,"k":0.5,"h":1},"expected":{"pos":[1,1,1.1],"upper_violations":[3],"lower_violations":[]}}`, ""},
		{"laney's p", `{"chart":"p'","data":[{"x":2,"n":100},{"x":2,"n":100}],"expected":{"sigma_z":1}}`, ""},
		{"a rule by its number", `{"id":"x","rule":"Nelson 2: whatever","z":[1,1,1,1,1,1,1,1,1],"violations":[9]}`, ""},
		{"a rule by its id", `{"id":"wer4c","rule":"eight of them","z":[1,1,1,1,1,1,1,1,1],"violations":[9,8]}`, ""},
		{"a rule by its words", `{"id":"x","rule":"2 of 3 beyond 2 sigma same side","z":[2.5,2.5,2.5],"violations":[3]}`, ""},
		{"a rule not broken there", `{"id":"x","rule":"4 of 5 beyond 1 sigma","z":[2.5,2.5,2.5],"violations":[3]}`, "broken at []"},
		{"an unknown rule", `{"id":"x","rule":"Nelson 9","z":[1],"violations":[]}`, "not known"},
		{"a rule that expects nothing", `{"id":"wer1","rule":"any","z":[1]}`, "expects nothing"},
		{"no vector", `{"id":5}`, "vector 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, text := range []string{`{"some":[` + c.vector + `]}`, "[" + c.vector + "]"} {
				rep, err := vectors.Charts(strings.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				if said := strings.Join(rep.Failures, "; "); rep.Passed+rep.Failed != 1 || (rep.Failed == 0) != (c.says == "") || !strings.Contains(said, c.says) {
					t.Errorf("%+v, not %q", rep, c.says)
				}
			}
		})
	}
	for _, bad := range []string{"", "5", `{"a":5}`, `{"a":[}`} {
		if rep, err := vectors.Charts(strings.NewReader(bad)); err == nil {
			t.Errorf("%q gave %+v", bad, rep)
		}
	}
}

func TestTextbookCharts(t *testing.T) {
	rep, err := vectors.Charts(outside.Open(t, "control-charts/charts.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range rep.Failures {
		t.Error(s)
	}
	if rep.Passed < 22 {
		t.Errorf("only %d vectors passed", rep.Passed)
	}
}

func FuzzCharts(f *testing.F) {
	f.Add([]byte(`{"a":[{"chart":"p","data":[{"x":2,"n":100}],"expected":{"center":0.02,"ucl":[1e-3]}}]}`))
	f.Add([]byte(`[{"chart":"cusum","data":[[1],[]],"params":{"k":0},"expected":{"pos":[]}},{"rule":"nel8","z":[1,null],"violations":[1]}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		rep, err := vectors.Charts(strings.NewReader(string(text)))
		if err == nil && rep.Failed != len(rep.Failures) {
			t.Errorf("%+v", rep)
		}
	})
}
