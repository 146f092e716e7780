package apierr

import (
	"encoding/json"
	"testing"
)

// googleBody has details of several types in one array.
var googleBody = []byte(`{
  "error": {
    "code": 429,
    "message": "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service 'x.example.com'.",
    "status": "RESOURCE_EXHAUSTED",
    "details": [
      {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "RATE_LIMIT_EXCEEDED", "domain": "googleapis.com",
       "metadata": {"service": "x.example.com", "consumer": "projects/123", "quota_limit_value": "60"}},
      {"@type": "type.googleapis.com/google.rpc.Help", "links": [{"description": "Request a higher quota limit.", "url": "https://x.example.com/quota"}]},
      {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"subject": "projects:123", "description": "per minute"}]},
      {"retryDelay": "34.07s", "@type": "type.googleapis.com/google.rpc.RetryInfo"}
    ]
  }
}`)

// nestedErrorBody has errors within errors and lists under names that vary.
var nestedErrorBody = []byte(`{
  "code": 50035, "message": "Invalid Form Body",
  "errors": {"activities": {"0": {"platform": {"_errors": [
    {"code": "BASE_TYPE_CHOICES", "message": "Value must be one of ('desktop', 'android', 'ios')."}]},
    "type": {"_errors": [{"code": "BASE_TYPE_CHOICES", "message": "Value must be one of (0, 1, 2, 3, 4, 5)."}]}}}},
  "error": {"code": "Forbidden", "target": "vault", "innererror": {"code": "AccessDenied", "date": "2026-01-05T10:11:12",
    "innererror": {"code": "NoAssignment"}}}
}`)

// BenchmarkScanMore compares scans that read values again with merely looking
// at the same bytes.
func BenchmarkScanMore(b *testing.B) {
	for _, bb := range []struct {
		name   string
		body   []byte
		places []Place
	}{
		{"filters", googleBody, pathPlaces("$.error.status", "$.error.message",
			"$.error.details[?@['@type']=='type.googleapis.com/google.rpc.ErrorInfo'].reason",
			"$.error.details[?@['@type']=='type.googleapis.com/google.rpc.QuotaFailure'].violations[*].subject",
			"$.error.details[?@['@type']=='type.googleapis.com/google.rpc.RetryInfo'].retryDelay",
			"$.error.details[?@['@type']=='type.googleapis.com/google.rpc.BadRequest'].fieldViolations[*].field")},
		{"deep", nestedErrorBody, pathPlaces("$.code", "$.message", "$.errors.._errors[*].code", "$.error..innererror.code")},
		{"members", nestedErrorBody, pathPlaces("$.code", "$.message", "$.errors[*][*].platform", "$.error[*].code")},
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
	}
}
