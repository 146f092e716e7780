package simulation

import (
	"errors"
	"net/http"

	"github.com/errgen/errgen/out/apierr"
)

// policyLoop is the retry loop of the root README.
func policyLoop(v *Vendor, next http.RoundTripper, random func() float64) sender {
	client := &http.Client{Transport: next}
	policy := v.Policy()
	policy.Rand = random
	return func(req *http.Request) (*http.Response, error) {
		a := apierr.AttemptOf(req)
		for {
			resp, err := client.Do(req)
			if err == nil {
				if err = v.Check(resp); err == nil {
					return resp, nil
				}
				resp.Body.Close()
			}
			a.Attempts, a.Err = a.Attempts+1, err
			d := policy.Decide(req.Context(), a)
			if d.Action != apierr.ActionRetry {
				return nil, d.Err(err)
			}
			if e := sleep(req.Context(), d.Delay); e != nil {
				return nil, errors.Join(e, err)
			}
			if err := rewind(req); err != nil {
				return nil, err
			}
		}
	}
}
