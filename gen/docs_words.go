package gen

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/templates/apierr"
)

// What the tables hold, in words for the docs.

var classWords = map[apierr.Class]markdown{
	apierr.Unknown:         "nothing is known about it",
	apierr.Invalid:         "the request must be mended",
	apierr.Unauthenticated: "the credentials are missing, wrong or expired",
	apierr.Forbidden:       "the credentials do not allow this",
	apierr.NotFound:        "there is no such thing",
	apierr.Conflict:        "it does not fit the state of what is there",
	apierr.Precondition:    "something outside the request must change first",
	apierr.Throttled:       "too many requests at once; this one was not carried out",
	apierr.Quota:           "a budget is used up until it is renewed",
	apierr.Transient:       "the server failed, for now",
}

var retryWords = map[apierr.Retry]markdown{
	apierr.Never:       "No: the same request would fail again.",
	apierr.Backoff:     "Yes, after a wait.",
	apierr.WaitReset:   "Not before the reset, which may be far off: the error says when, and nothing waits for it unasked.",
	apierr.RefreshOnce: "Once, with new credentials.",
	apierr.Reconcile:   "No: look up what exists before anything is sent again.",
}

var failureWords = map[apierr.Failure]markdown{
	apierr.FailureOther:          "any other failure",
	apierr.FailureCanceled:       "the caller canceled the request",
	apierr.FailureScheme:         "the URL cannot work",
	apierr.FailureDNSNotFound:    "there is no such host",
	apierr.FailureDNS:            "the host's name could not be looked up",
	apierr.FailureRefused:        "the connection was refused",
	apierr.FailureUnreachable:    "no connection could be made, or the server had closed it before anything was sent",
	apierr.FailureConnectTimeout: "no connection was made in time",
	apierr.FailureCertificate:    "the server's certificate is not trusted",
	apierr.FailureTLS:            "encryption failed",
	apierr.FailureStreamRefused:  "the server refused the HTTP/2 stream unprocessed",
	apierr.FailureReset:          "the connection was cut",
	apierr.FailureEOF:            "the connection ended before the response did",
	apierr.FailureTimeout:        "no whole response came in time",
}

var unitWords = map[apierr.Unit]markdown{
	apierr.Seconds:        "seconds",
	apierr.Milliseconds:   "milliseconds",
	apierr.Minutes:        "minutes",
	apierr.Unix:           "Unix time in seconds",
	apierr.UnixMilli:      "Unix time in milliseconds",
	apierr.RFC3339:        "RFC 3339 date and time",
	apierr.HTTPDate:       "HTTP date",
	apierr.RetryAfter:     "seconds or an HTTP date",
	apierr.Clock:          "hours, minutes and seconds, hh:mm:ss",
	apierr.Span:           "a length such as 6m0s",
	apierr.ISO8601:        "a length such as PT30S",
	apierr.RateLimitField: "the longest reset of the windows that are used up",
}

// retryBrief is a retry rule for a table's cell.
func retryBrief(o apierr.Outcome) markdown {
	switch o.Retry {
	case apierr.Backoff:
		if o.Repeat == apierr.RepeatAny {
			return "yes, after a wait"
		}
		return "after a wait, if idempotent"
	case apierr.WaitReset:
		return "not before the reset"
	case apierr.RefreshOnce:
		if o.Repeat == apierr.RepeatAny {
			return "once, with new credentials"
		}
		return "once, with new credentials, if idempotent"
	case apierr.Reconcile:
		return "no: look up what exists"
	default:
		return "no"
	}
}

// place says where a value is.
func (d *docs) place(at apierr.At) markdown {
	p := &d.Tables.Places[at]
	text := code(p.Path)
	switch {
	case len(p.Join) > 0:
		parts := make([]markdown, len(p.Join))
		for i, part := range p.Join {
			parts[i] = d.place(part)
		}
		text = joined(parts, " and ")
		if p.With != "" {
			text += " joined with " + code(p.With)
		}
	case p.Item != "" || p.Key != "":
		text = structured(p) + " in the header " + code(d.spelled(p.Header))
	case p.Param != "":
		text = "the parameter " + code(p.Param) + " of " + code(strings.TrimSpace(p.Scheme+" challenge")) + " in the header " + code(d.spelled(p.Header))
	case p.Header != "":
		text = "the header " + code(d.spelled(p.Header))
	}
	if p.After != "" {
		text += " after " + code(p.After)
	}
	if p.Before != "" {
		text += " before " + code(p.Before)
	}
	if p.Known {
		text += " if it is a listed code"
	}
	if when := d.when(p.When); when != "" {
		text += " when " + when
	}
	return text
}

// structured says which part of a structured field a place is.
func structured(p *apierr.Place) markdown {
	text := "the item " + code(p.Item)
	switch {
	case p.Key != "":
		text = "the key " + code(p.Key)
	case p.Item == "*" && p.Param != "":
		text = "the first item that has it"
	case p.Item == "*":
		text = "the first item"
	}
	if p.Param == "" {
		return text
	}
	return "the parameter " + code(p.Param) + " of " + text
}

// anyPlace says where a value is that may be in several places.
func (d *docs) anyPlace(ats []apierr.At) markdown {
	words := make([]markdown, len(ats))
	for i, at := range ats {
		words[i] = d.place(at)
	}
	return joined(words, ", else ")
}

// spelled is a header's name as the catalog's author spells it. The tables
// have it as Go does, X-Ratelimit-Limit.
func (d *docs) spelled(header string) string { return d.Spelled(header) }

// when is what must hold, or nothing when it always does.
func (d *docs) when(alternatives []apierr.Match) markdown {
	var text []markdown
	for _, m := range alternatives {
		conds := make([]markdown, len(m))
		for i := range m {
			conds[i] = d.cond(&m[i])
		}
		text = append(text, joined(conds, " and "))
	}
	return joined(text, ", or ")
}

func (d *docs) cond(c *apierr.Cond) markdown {
	switch {
	case c.Status != nil:
		ranges := make([]markdown, len(c.Status))
		for i, r := range c.Status {
			ranges[i] = statusRange(r[0], r[1])
		}
		return "the status is " + joined(ranges, " or ")
	case c.Media != nil:
		return "the media type is " + anyCode(c.Media)
	}
	place := d.place(c.At)
	switch {
	case c.Absent:
		return place + " is absent"
	case c.Equals != nil:
		return place + " is " + anyCode(c.Equals)
	case c.Contains != nil:
		return place + " contains " + anyCode(c.Contains)
	}
	return place + " is present"
}

func anyCode(values []string) markdown {
	codes := make([]markdown, len(values))
	for i, v := range values {
		codes[i] = code(v)
	}
	return joined(codes, " or ")
}

// statusRange is a range of statuses: 429, 5xx, 500–504.
func statusRange(from, to int) markdown {
	switch {
	case from == to:
		return markdown(strconv.Itoa(from))
	case from%100 == 0 && to == from+99:
		return markdown(fmt.Sprintf("%dxx", from/100))
	}
	return markdown(fmt.Sprintf("%d–%d", from, to))
}

// statusText is an entry's statuses: those that are documented, else those of
// its conditions.
func statusText(e *apierr.Entry) markdown {
	var text []markdown
	for _, s := range e.Status {
		text = append(text, statusRange(s, s))
	}
	if len(text) == 0 {
		for _, m := range e.When {
			for _, c := range m {
				for _, r := range c.Status {
					text = append(text, statusRange(r[0], r[1]))
				}
			}
		}
	}
	return joined(slices.Compact(text), ", ")
}

// statusName is a status with its reason phrase.
func statusName(status int) string {
	return strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
}

// typeWords is the Go type of a detail.
func typeWords(vendor string, f *spec.Field) string {
	switch {
	case f.Type == spec.TypeList && len(f.Fields) > 0:
		return "[]" + vendor + "." + f.GoType
	case f.Type == spec.TypeList:
		return "[]" + goTypes[f.OfType]
	case f.Type == spec.TypeObject:
		return vendor + "." + f.GoType
	}
	return goTypes[f.Type]
}

var goTypes = map[spec.Type]string{
	spec.TypeString:   "string",
	spec.TypeInt:      "int64",
	spec.TypeNumber:   "float64",
	spec.TypeBool:     "bool",
	spec.TypeDuration: "time.Duration",
	spec.TypeTime:     "time.Time",
	spec.TypeTexts:    "apierr.Texts",
	spec.TypeAny:      "json.RawMessage",
}

// sizeWords is a number of bytes in its largest whole unit.
func sizeWords(n int) string {
	switch {
	case n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
