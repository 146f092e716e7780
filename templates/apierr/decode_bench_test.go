package apierr

import (
	"math"
	"net/http"
	"testing"
	"time"
)

type quotaDetails struct {
	Error
	Limit, Used, Remaining int64
	ResetAt                time.Time
}

// quotaCatalog is one as errgen compiles it for a plain vendor.
func quotaCatalog() *Catalog {
	return &Catalog{
		Places: append(pathPlaces("$.error", "$.code", "$.limit", "$.used", "$.remaining", "$.reset_at", "$.retry_after_seconds"),
			Place{Header: "Retry-After"}, Place{Header: "X-Request-Id"}),
		Code:      []At{2},
		Message:   []At{1},
		RequestID: []At{9},
		Delay:     Delay{Sources: []Source{{At: 8, Unit: RetryAfter}, {At: 7, Unit: Seconds}, {At: 6, Unit: RFC3339}}},
		Entries: []Entry{
			{Name: "RateLimited", Code: "RATE_LIMITED", Status: []int{429}, Outcome: Outcome{Throttled, Backoff, RepeatAny}},
			{
				Name: "QuotaExceeded", Code: "API_QUOTA_EXCEEDED", Status: []int{429}, Outcome: Outcome{Quota, WaitReset, RepeatAny},
				When: []Match{{{Status: [][2]int{{429, 429}}}}},
				Build: func(c Captures) *Error {
					d := &quotaDetails{Limit: c.Int(3), Used: c.Int(4), Remaining: c.Int(5), ResetAt: c.Time(RFC3339, 6)}
					return &d.Error
				},
			},
		},
	}
}

var quotaHeader = http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {"req_1"}, "Date": {"Wed, 18 Mar 2026 12:00:00 GMT"}}

func BenchmarkDecode(b *testing.B) {
	catalog := quotaCatalog()
	now := time.Date(2026, 3, 18, 12, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		if e := catalog.Decode(429, quotaHeader, quotaBody, now); e.Entry() != "QuotaExceeded" || e.RetryAfter == 0 {
			b.Fatal(e)
		}
	}
}

// TestDecodeAllocatesOnlyTheError shows that a short body costs nothing else;
// what its text takes is shared with other bodies'. The least of many decodes
// counts, as a pool may lose what it holds, and does under the race detector.
func TestDecodeAllocatesOnlyTheError(t *testing.T) {
	catalog := quotaCatalog()
	now := time.Date(2026, 3, 18, 12, 0, 0, 0, time.UTC)
	least := math.Inf(1)
	for range 100 {
		least = min(least, testing.AllocsPerRun(1, func() { catalog.Decode(429, quotaHeader, quotaBody, now) }))
	}
	if least != 1 {
		t.Errorf("%v allocations, want 1", least)
	}
}
