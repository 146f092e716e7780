package spec

import (
	"strings"
	"testing"
	"time"
)

// TestSkeleton holds that a new catalog has no problems and is of the day, and that
// nothing is made of a name that is none.
func TestSkeleton(t *testing.T) {
	today := time.Date(2026, 2, 3, 23, 0, 0, 0, time.UTC)
	for _, vendor := range []string{"acme", "x", "s3", strings.Repeat("a", 40)} {
		src, err := Skeleton(vendor, today)
		p, problems := Load(vendor+".yaml", src)
		if err != nil || p == nil || len(problems) > 0 {
			t.Fatalf("%s: %v, %s", vendor, err, problems)
		}
		if p.Vendor != vendor || p.Source.Checked != "2026-02-03" || len(p.Parts) == 0 || !strings.HasSuffix(p.Title, " API") {
			t.Errorf("vendor %q, title %q, checked %s, %d entries", p.Vendor, p.Title, p.Source.Checked, len(p.Parts))
		}
	}
	for vendor, want := range map[string]string{
		"":       `"" is not a vendor name; small letters`,
		"My-API": `"My-API" is not a vendor name; small letters`,
		"a\nb":   "is not a vendor name",
		"a: b":   "is not a vendor name",
		"ä":      "is not a vendor name",
		"\xff":   "is not a vendor name",
		"../a":   "is not a vendor name",
		"func":   `"func" is a keyword of Go; give the vendor another name`,
		"apierr": "is the name of a generated folder",
	} {
		if src, err := Skeleton(vendor, today); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %s, error %v, want %s", vendor, src, err, want)
		}
	}
}
