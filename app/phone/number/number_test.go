package number_test

import (
	"testing"

	"punto/app/phone/number"
)

func TestOneNumberInAllItsSpellings(t *testing.T) {
	for country, spellings := range map[string][]string{
		"CL": {"+56 9 8123 4501", "981234501", "9 8123-4501", "56981234501", "0056 9 8123 4501", "(9) 8123.4501", "tel:+56981234501", "sip:981234501@10.0.0.1", "+56 9 8123 4501 anexo 12"},
		"EC": {"+593 98 123 4501", "0981234501", "098-123-4501", "00593981234501", "593 98 123 4501", "sip:0981234501@trunk;user=phone"},
		"BR": {"+55 11 91234-5678", "(11) 91234-5678", "011 91234 5678", "5511912345678"},
		"PY": {"+595 981 234501", "0981 234 501", "0981-234501", "00595981234501"},
		"":   {"+56 9 8123 4501", "0056981234501", "56981234501", "981234501", "09 8123 4501"},
	} {
		for _, a := range spellings {
			for _, b := range spellings {
				if !number.Same(a, b, country) {
					t.Errorf("in %q, %q and %q are two numbers", country, a, b)
				}
			}
			if number.Tail(a) != number.Tail(spellings[0]) || number.Tail(a) == "" {
				t.Errorf("in %q, %q ends in %q", country, a, number.Tail(a))
			}
		}
	}
}

func TestTwoNumbersAreTwo(t *testing.T) {
	for _, x := range []struct{ a, b, country string }{
		{"981234501", "981234502", "CL"},
		{"+56981234501", "+595981234501", "CL"}, // another country's
		{"5000", "981235000", "CL"},             // an extension is no end of a number
		{"5000", "05000", "CL"},
		{"", "", "CL"},
		{"anonymous", "anonymous", "CL"},
		{"225550101 ext 12", "225550101 ext 13", "CL"},
		{"4501", "84501", ""},
	} {
		if number.Same(x.a, x.b, x.country) || number.Same(x.b, x.a, x.country) {
			t.Errorf("in %q, %q and %q are one number", x.country, x.a, x.b)
		}
	}
}

func TestWhatANumberIsMadeOf(t *testing.T) {
	for _, x := range []struct{ text, country, whole, digits, ext string }{
		{"5000", "CL", "", "5000", ""},
		{"2 2555 0101 anexo 12", "CL", "+56225550101", "225550101", "12"},
		{"+1 (212) 555-0123 x45", "CL", "+12125550123", "12125550123", "45"},
		{"*69", "CL", "", "69", ""},
		{"0981234501", "CL", "", "0981234501", ""}, // of no plan: kept as it was dialled
	} {
		n, ok := number.Parse(x.text, x.country)
		if !ok || n.Whole != x.whole || n.Digits != x.digits || n.Extension != x.ext {
			t.Errorf("%q in %s came out as %+v, %v", x.text, x.country, n, ok)
		}
	}
	for _, none := range []string{"", "anonymous", "<unknown>", "sip:ana@10.0.0.1"} {
		if n, ok := number.Parse(none, "CL"); ok {
			t.Errorf("%q came out as %+v", none, n)
		}
	}
}

func FuzzNumber(f *testing.F) {
	f.Add("+56 9 8123 4501", "981234501", "CL")
	f.Add("sip:x@y", "ext 5", "")
	f.Add("é1234567x9", "00", "zz")
	f.Fuzz(func(t *testing.T, a, b, country string) {
		if number.Same(a, b, country) != number.Same(b, a, country) {
			t.Fatalf("%q and %q in %q are the same in one order alone", a, b, country)
		}
		if _, ok := number.Parse(a, country); ok && !number.Same(a, a, country) {
			t.Fatalf("%q in %q is not the same as itself", a, country)
		}
		if number.Same(a, b, "") && number.Tail(a) != number.Tail(b) {
			t.Fatalf("%q and %q are the same and end otherwise", a, b)
		}
	})
}
