package simulation

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

// TestAWSBackoff holds what stands in for the SDK's backoff to the original:
// of many draws of that, the longest comes close to our longest, and none is
// longer.
func TestAWSBackoff(t *testing.T) {
	original := retry.NewExponentialJitterBackoff(retry.DefaultMaxBackoff)
	longest := awsBackoff(func() float64 { return 1 })
	for attempt := 1; attempt < 8; attempt++ {
		want, err := longest.BackoffDelay(attempt, nil)
		if err != nil {
			t.Fatal(err)
		}
		var most time.Duration
		for range 1000 {
			d, err := original.BackoffDelay(attempt, nil)
			if err != nil {
				t.Fatal(err)
			}
			most = max(most, d)
		}
		if most > want || most < want*9/10 {
			t.Errorf("attempt %d: the SDK waits up to %v, what stands in for it up to %v", attempt, most, want)
		}
	}
}

// TestAlign holds the instants of calls to what keeps runs deterministic: each
// is at or after the one that was wanted, and no two calls ever have the same.
func TestAlign(t *testing.T) {
	for _, slot := range []int{0, 1, 17, slots - 1} {
		for _, late := range []time.Duration{0, 1, 2*slots - 1, 2 * slots, time.Second} {
			wanted := epoch.Add(late)
			got := align(wanted, slot)
			if got.Before(wanted) || got.Sub(wanted) >= 2*slots {
				t.Errorf("slot %d: %v after what was wanted", slot, got.Sub(wanted))
			}
			if got.UnixNano()%(2*slots) != int64(2*slot) || !align(got, slot).Equal(got) {
				t.Errorf("slot %d: %v is no instant of it", slot, got.UnixNano())
			}
		}
	}
}
