package apierr

import (
	"encoding/json"
	"testing"
)

var quotaBody = []byte(`{"error":"Monthly API quota exceeded","code":"API_QUOTA_EXCEEDED","limit":50000,"used":50000,"remaining":0,"reset_at":"2026-04-01T00:00:00.000Z"}`)

type quotaStruct struct {
	Error     string `json:"error"`
	Code      string `json:"code"`
	Limit     int64  `json:"limit"`
	Used      int64  `json:"used"`
	Remaining int64  `json:"remaining"`
	ResetAt   string `json:"reset_at"`
}

var quotaPlaces = pathPlaces("$.error", "$.code", "$.limit", "$.used", "$.remaining", "$.reset_at", "$.retry_after_seconds", "$.fields")

// nestedBody has a list, an object that nobody wants and blanks.
var nestedBody = []byte(`{
  "error": {
    "code": 403,
    "message": "The caller does not have \"permission\" – ask for it",
    "status": "PERMISSION_DENIED",
    "trace": {"spans": [[1, 2, 3], {"id": "a91f", "parent": null}], "sampled": true, "cost": 1.5e-3},
    "errors": [
      {"domain": "global", "reason": "forbidden", "message": "Access Not Configured"},
      {"domain": "usage", "reason": "rateLimitExceeded", "message": "Rate Limit Exceeded"}
    ]
  }
}`)

var nestedPlaces = pathPlaces("$.error.code", "$.error.message", "$.error.status",
	"$.error.errors[*].domain", "$.error.errors[*].reason", "$.error.errors[0].reason", "$.request_id")

// BenchmarkScan compares a scan with merely looking at the same bytes and with
// decoding them into a struct.
func BenchmarkScan(b *testing.B) {
	shuffled := []byte(`{"reset_at":"2026-04-01T00:00:00.000Z","trace":"f00d-77aa","used":50000,"code":"API_QUOTA_EXCEEDED","remaining":0,"doc":"https://x.test/e","error":"Monthly API quota exceeded","limit":50000}`)
	for _, bb := range []struct {
		name   string
		body   []byte
		places []Place
	}{
		{"flat", quotaBody, quotaPlaces},
		{"shuffled", shuffled, quotaPlaces},
		{"nested", nestedBody, nestedPlaces},
		{"unknown", nestedBody, pathPlaces("$.code")},
	} {
		p := mustPlan(b, bb.places)
		b.Run(bb.name+"/scan", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s := p.getScan()
				if !s.scan(bb.body) {
					b.Fatal("not valid")
				}
				putScan(s)
			}
		})
		b.Run(bb.name+"/valid", func(b *testing.B) {
			for b.Loop() {
				if !json.Valid(bb.body) {
					b.Fatal("not valid")
				}
			}
		})
		b.Run(bb.name+"/unmarshal", func(b *testing.B) {
			for b.Loop() {
				var v quotaStruct
				_ = json.Unmarshal(bb.body, &v)
			}
		})
	}
}
