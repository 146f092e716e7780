package simulation

import (
	"net/http"

	"github.com/errgen/errgen/out/apierr"
)

// transport is the vendor's policy as it is.
func transport(v *Vendor, next http.RoundTripper, random func() float64) sender {
	policy := v.Policy()
	policy.Rand = random
	return (&http.Client{Transport: policy.Transport(next)}).Do
}

// careful is the same with the two things that a client can do for all its
// requests together.
func careful(v *Vendor, next http.RoundTripper, random func() float64) sender {
	policy := v.Policy()
	policy.Rand = random
	t := policy.Transport(next)
	t.Budget, t.Pause = &apierr.Budget{Size: budgetSize}, true
	return (&http.Client{Transport: t}).Do
}

// budgetSize is small, as one client makes three calls a minute.
const budgetSize = 10
