package failures

import (
	"net/http"
	"testing"

	"github.com/errgen/errgen/templates/apierr"
)

// insisting is a policy whose catalog wants every failure sent again, by any
// method.
func insisting() apierr.Policy {
	p := policy()
	for _, f := range apierr.Failures() {
		o := apierr.Outcome{Class: apierr.Transient, Retry: apierr.Backoff, Repeat: apierr.RepeatAny}
		p.Failures = append(p.Failures, apierr.Failing{Failure: f, Outcome: o})
	}
	return p
}

// TestNeverAgain holds what no catalog can change: a certificate and a URL stay
// as they are. The rest it can, a host name that does not exist for one.
func TestNeverAgain(t *testing.T) {
	for _, r := range rows() {
		if r.status != 0 || r.xnet || r.warm {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, &r, 1)
			req := post(w)
			w.risky = false // so the catalog says
			status, err := do(insisting().Transport(bodies{w}), req)
			w.end()
			final := r.want == apierr.FailureCertificate || r.want == apierr.FailureScheme
			if again := status == http.StatusOK && err == nil; again == final && !r.inBody() {
				t.Errorf("status %d, %v; sent again: %v", status, err, again)
			}
		})
	}
}

// inBody reports whether a response had begun, after which no Transport sends
// a request again.
func (r *row) inBody() bool { return !r.get.ok && r.get.received == 1 }
