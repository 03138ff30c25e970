package phone

import (
	"strings"
	"testing"
)

func TestLinksOfSoftphones(t *testing.T) {
	for _, x := range []struct{ url, caller, name string }{
		{"tel:+56225550101", "+56225550101", ""}, {"TEL:4471", "4471", ""}, {"tel:+56-2-2555.0101;ext=12;phone-context=example.com", "+56225550101", ""},
		{"tel:(02)%202555%200101", "0225550101", ""}, {"tel://4471", "4471", ""}, {"tel:*72", "*72", ""},
		{"punto:call?number=4471&name=Rosa%20Quispe", "4471", "Rosa Quispe"}, {"punto://call/?number=%2B5114440000", "+5114440000", ""},
		{"punto:call?number=4471&name=" + strings.Repeat("a", 200), "4471", strings.Repeat("a", 80)},
	} {
		if caller, name, err := ParseURL(x.url); err != nil || caller != x.caller || name != x.name {
			t.Errorf("%s: %q %q %v", x.url, caller, name, err)
		}
	}
	for _, bad := range []string{"", "tel", "tel:", "tel:+", "tel:abc", "tel:44 71x", "tel:12345678901234567890123456789012345", "http://tel:4471", "punto:run?number=1", "punto:call", "punto:call?number=;rm",
		"punto:call?number=%zz", "tel:44\n71", "tel:" + strings.Repeat("1-", 300), "punto:call?number=4471&name=a%0ab", "file:///etc/passwd", "javascript:alert(1)", "tel:44+71"} {
		if caller, _, err := ParseURL(bad); err == nil {
			t.Errorf("%q is the caller %q", bad, caller)
		}
	}
}

func FuzzURL(f *testing.F) {
	f.Add("tel:+56-2-2555.0101;ext=12")
	f.Add("punto:call?number=4471&name=Rosa")
	f.Fuzz(func(t *testing.T, s string) {
		caller, name, err := ParseURL(s)
		if err != nil {
			return
		}
		if caller == "" || len(caller) > maxDigits || strings.Trim(caller, "0123456789*#+") != "" || len([]rune(name)) > maxName || strings.ContainsAny(name, "\n\r\x00") {
			t.Errorf("%q gives %q %q", s, caller, name)
		}
	})
}
