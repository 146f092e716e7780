package spec

import (
	"fmt"
	"strings"
	"testing"
)

// TestBodySize holds which sizes max_body takes, and what they are in bytes.
func TestBodySize(t *testing.T) {
	const catalog = "envelope: {code: $.code}\nmax_body: %s\nerrors: [{code: A, status: 400, meaning: It is.}]\n"
	for text, want := range map[string]int{
		"1024": 1 << 10, "1KiB": 1 << 10, "65537": 65537, "512KiB": 512 << 10, "1MiB": 1 << 20, "64MiB": 64 << 20,
		"67108864": 64 << 20, "65536KiB": 64 << 20, `"4096"`: 4096,
	} {
		if p := load(t, fmt.Sprintf(catalog, text)); p.Tables.MaxBody != want {
			t.Errorf("%s is %d bytes, want %d", text, p.Tables.MaxBody, want)
		}
	}
	for _, text := range []string{
		"0", "-1", "1023", "0KiB", "67108865", "65537KiB", "65MiB", "1MB", "1kib", "1.5MiB", "0x400", "01024", "+1024", "1_024",
		"1GiB", "KiB", "true", "99999999999999999999", "9007199254740993MiB", `" 1KiB"`, "[1024]", "null",
	} {
		src := "errgen: v1\nvendor: acme\ntitle: T\nsource: {document: D, checked: 2026-11-21}\n" + fmt.Sprintf(catalog, text)
		if p, problems := Load("t.yaml", []byte(src)); p != nil || !strings.Contains(problems.Err().Error(), "a size from 1KiB to 64MiB") {
			t.Errorf("%s: %v", text, problems)
		}
	}
	if p := load(t, "envelope: {code: $.code}\nerrors: [{code: A, status: 400, meaning: It is.}]\n"); p.Tables.MaxBody != 0 {
		t.Errorf("without the key it is %d", p.Tables.MaxBody)
	}
}
