package simulation

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/apierr/apierrtest"
	"github.com/errgen/errgen/out/forlena"
	"github.com/errgen/errgen/out/forlena/forlenatest"
	"github.com/errgen/errgen/out/formamail"
	"github.com/errgen/errgen/out/formamail/formamailtest"
	"github.com/errgen/errgen/out/formfex"
	"github.com/errgen/errgen/out/formfex/formfextest"
	"github.com/errgen/errgen/out/genesys"
	"github.com/errgen/errgen/out/genesys/genesystest"
	"github.com/errgen/errgen/out/leads"
	"github.com/errgen/errgen/out/leads/leadstest"
)

// A Vendor is how the server speaks, and what errgen makes of it.
type Vendor struct {
	Name   string
	Policy func() apierr.Policy
	Check  func(*http.Response) error

	throttled   *apierrtest.Example // 429
	failed      *apierrtest.Example // 500
	unavailable *apierrtest.Example // 503
	invalid     *apierrtest.Example // 400
	quota       *apierrtest.Example // a used up monthly quota; nil where there is none
}

// Vendors returns the vendors whose documents say how to retry. Their answers
// are the examples of the catalogs. Where a document shows no body for a
// status, the vendor's envelope has a message only.
func Vendors() []Vendor {
	return []Vendor{
		{
			Name: "forlena", Policy: forlena.Policy, Check: forlena.Check,
			throttled:   find(forlenatest.Examples(), forlena.RateLimited),
			failed:      find(forlenatest.Examples(), forlena.InternalError),
			unavailable: message(503, `{"error":"Service unavailable"}`),
			invalid:     find(forlenatest.Examples(), forlena.ValidationError),
			quota:       find(forlenatest.Examples(), forlena.APIQuotaExceeded),
		},
		{
			Name: "leads", Policy: leads.Policy, Check: leads.Check,
			throttled:   find(leadstest.Examples(), leads.RateLimitExceeded),
			failed:      message(500, `{"error":{"message":"Unexpected failure"}}`),
			unavailable: message(503, `{"error":{"message":"Service unavailable"}}`),
			invalid:     find(leadstest.Examples(), leads.ValidationError),
		},
		{
			Name: "formfex", Policy: formfex.Policy, Check: formfex.Check,
			throttled:   find(formfextest.Examples(), formfex.BurstLimit),
			failed:      find(formfextest.Examples(), formfex.InternalServerError),
			unavailable: message(503, `{"message":"Service unavailable","data":null}`),
			invalid:     find(formfextest.Examples(), formfex.BadRequest),
			quota:       find(formfextest.Examples(), formfex.MonthlyQuota),
		},
		{
			Name: "genesys", Policy: genesys.Policy, Check: genesys.Check,
			throttled:   find(genesystest.Examples(), genesys.RateLimited),
			failed:      find(genesystest.Examples(), genesys.InternalServerError),
			unavailable: named(genesystest.Examples(), "with Retry-After", genesys.ServiceUnavailable),
			invalid:     find(genesystest.Examples(), genesys.BadRequest),
		},
		{
			Name: "formamail", Policy: formamail.Policy, Check: formamail.Check,
			throttled:   message(429, `{"statusCode":429,"message":"Too many requests"}`, "Retry-After", "60"),
			failed:      message(500, `{"statusCode":500,"message":"Internal server error"}`),
			unavailable: message(503, `{"statusCode":503,"message":"Service unavailable"}`),
			invalid:     find(formamailtest.Examples(), formamail.ValidationFailed),
			quota:       find(formamailtest.Examples(), formamail.MonthlyQuotaExceeded),
		},
	}
}

// find returns the first example of an entry.
func find[C ~string](examples []apierrtest.Example, code C) *apierrtest.Example {
	return apierrtest.Find(examples, string(code))
}

// named returns the example of an entry that has the name.
func named[C ~string](examples []apierrtest.Example, name string, code C) *apierrtest.Example {
	for i := range examples {
		if examples[i].Entry == string(code) && examples[i].Name == name {
			return &examples[i]
		}
	}
	return nil
}

// message returns an example for what no document shows. Its header asks for
// the wait that it has, if any.
func message(status int, body string, header ...string) *apierrtest.Example {
	e := &apierrtest.Example{
		Status: status,
		Header: append([]string{"Content-Type", "application/json"}, header...),
		Body:   body,
	}
	if len(header) == 2 {
		seconds, _ := strconv.Atoi(header[1])
		e.Wait = time.Duration(seconds) * time.Second
	}
	return e
}

// resetOfExamples is when the limits of the examples are reset: the same
// instant in all of them.
const resetOfExamples = "1710000000"

// asking returns the example with another wait in place of its own, in whole
// seconds, wherever and however it says so. Its Date is the present.
func asking(e *apierrtest.Example, wait time.Duration, now time.Time) *apierrtest.Example {
	r := strings.NewReplacer(
		resetOfExamples, strconv.FormatInt(now.Add(wait).Unix(), 10),
		seconds(e.Wait), seconds(wait),
	)
	other := *e
	other.Body = r.Replace(e.Body)
	other.Header = make([]string, len(e.Header))
	for i := range e.Header {
		other.Header[i] = r.Replace(e.Header[i])
	}
	other.Wait, other.Now = wait, now.Format(time.RFC3339Nano)
	return &other
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// answer returns the response for a verdict, and the wait that it asks for.
func (v *Vendor) answer(treated verdict, now time.Time) (*http.Response, time.Duration) {
	var e *apierrtest.Example
	switch treated.treatment {
	case throttled, turnedAway:
		e = asking(v.throttled, treated.wait, now)
	case unavailable:
		e = v.unavailable
		if e.Wait > 0 {
			e = asking(e, treated.wait, now)
		}
	case overQuota:
		e = v.quota
	case rejected:
		e = v.invalid
	case failed, failedLate:
		e = v.failed
	default:
		e = message(http.StatusOK, `{"ok":true}`)
	}
	return e.Response(), e.Wait
}
