// Package apierr is what generated error packages have in common: the error
// that every vendor's responses decode to, the questions that can be asked of
// it, and the decision whether to send a request again.
//
// An [Error] is one type for all vendors. It matches the constants of its
// vendor's package and the classes of this one, and leads to typed details:
//
//	if err := forlena.Check(resp); err != nil {
//		var quota *forlena.APIQuotaExceededDetails
//		switch {
//		case errors.As(err, &quota): // typed details
//		case errors.Is(err, forlena.RateLimited): // one error of one vendor
//		case errors.Is(err, apierr.Unauthenticated): // the same question for all
//		}
//	}
//
// A [Transport] is an http.RoundTripper that sends requests again as the vendor
// advises:
//
//	client := &http.Client{Transport: forlena.Policy().Transport(http.DefaultTransport)}
//
// It is driven by a [Policy], which says what to do next and can be asked by
// itself. It is pure: it neither waits nor sends.
//
//	a := apierr.AttemptOf(req)
//	a.Attempts, a.Err = 1, err
//	d := forlena.Policy().Decide(ctx, a)
//	if d.Action == apierr.ActionRetry {
//		time.Sleep(d.Delay)
//	}
//
// A [Catalog] is one vendor's tables, which drive them all. One engine decodes for
// all: it scans a body once, accepts exactly the JSON that encoding/json
// accepts, and keeps only the values at the places that the catalog names.
// Decoding never fails and never panics; a body that is no JSON leaves the
// status and the headers to decide.
//
// The package needs the standard library only. It is generated once for all
// vendors of a repository; do not edit it.
package apierr
