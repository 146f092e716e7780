package spec

import "github.com/errgen/errgen/templates/apierr"

// The words of the language, and what each means.

var classMeanings = map[string]string{
	"unknown":         "nothing is known about it",
	"invalid":         "the request must be mended",
	"unauthenticated": "the credentials are missing, wrong or expired",
	"forbidden":       "the credentials do not allow this",
	"not_found":       "there is no such thing",
	"conflict":        "the state of what is there does not allow this",
	"precondition":    "something outside the request must change first",
	"throttled":       "too fast, and not carried out",
	"quota":           "a budget is used up until an instant",
	"transient":       "the server failed, for now",
}

var retryMeanings = map[string]string{
	"never":        "do not send it again as it is",
	"backoff":      "send it again, after the wait that the server asks for, else after a computed one",
	"wait_reset":   "nothing helps before an instant that the error may name; never slept through unasked",
	"refresh_once": "get new credentials, then send the same request once",
	"reconcile":    "look up what exists; do not send it again",
}

var repeatMeanings = map[string]string{
	"idempotent": "only requests that are idempotent, or carry the catalog's idempotency header",
	"any":        "any request: the server did not act on the first",
}

var unitMeanings = map[string]string{
	"s":           "seconds: 60 or 64.57",
	"ms":          "milliseconds: 1500 or 539.47",
	"min":         "minutes: 5 or 0.5",
	"unix":        "an instant in seconds since 1970: 1710000000; only the years 2001 to 9999 are valid",
	"unix_ms":     "an instant in milliseconds since 1970: 1710000000000",
	"rfc3339":     "an instant as RFC 3339 writes it: 2026-04-01T00:00:00.000Z",
	"http_date":   "an instant as HTTP writes it: Fri, 31 Dec 1999 23:59:59 GMT",
	"retry_after": "seconds or an HTTP date: what a Retry-After header holds, which needs no unit",
	"hh:mm:ss":    "hours, minutes and seconds: 00:00:03 or 120:30:15.25",
	"duration":    "numbers with units: 3.5s, 6m0s or 539.47ms",
	"iso8601":     "a length as ISO 8601 writes it: PT30S, P1DT2H or P2W; years and months are no lengths",
	"rate_limit":  "what a RateLimit header holds, which needs no unit: the time to the reset of the windows in which nothing remains, the longest of them",
}

var failureMeanings = map[string]string{
	"other":           "any other failure",
	"canceled":        "the caller no longer wants the answer; never retried, whatever a row says",
	"bad_scheme":      "the URL cannot work; never retried, whatever a row says",
	"dns_not_found":   "there is no such host",
	"dns_failed":      "the host's name could not be looked up",
	"refused":         "nothing listens at the address",
	"unreachable":     "no connection could be made, or the server had closed it before anything was sent",
	"connect_timeout": "no connection was made in time",
	"certificate":     "the server's certificate is not trusted; never retried, whatever a row says",
	"tls":             "encryption failed otherwise",
	"stream_refused":  "the server refused the HTTP/2 stream unprocessed",
	"reset":           "the connection was cut",
	"eof":             "the connection ended before the response did",
	"timeout":         "connected, but no whole response came in time",
}

var typeMeanings = map[string]string{
	"string":   "a text; a number or a boolean becomes its text",
	"int":      "a whole number, also one in a text",
	"number":   "a number, also one in a text",
	"bool":     "true or false, also in a text",
	"duration": "a length of time; it needs a unit",
	"time":     "an instant; it needs a unit",
	"list":     "a list of what of: says",
	"object":   "a mapping with the fields that of: names",
	"texts":    "by turns a text, a list of texts, or texts under keys",
	"any":      "whatever is there, as JSON",
}

// typeGo is the Go type of each type of a detail.
var typeGo = map[Type]string{
	TypeString: "string", TypeInt: "int64", TypeNumber: "float64", TypeBool: "bool",
	TypeDuration: "time.Duration", TypeTime: "time.Time", TypeList: "a slice", TypeObject: "a struct",
	TypeTexts: "apierr.Texts", TypeAny: "json.RawMessage",
}

var (
	classShape = choice("a class", apierr.Classes(), classMeanings, apierr.ParseClass).named("class",
		"What happened, in the same words for every vendor.", "throttled")
	retryRule = choice("a retry rule", apierr.Retries(), retryMeanings, apierr.ParseRetry).named("retry_rule",
		"What to do about an error.", "backoff")
	repeatRule = choice("a repeat rule", apierr.Repeats(), repeatMeanings, apierr.ParseRepeat).named("repeat_rule",
		"Which requests may be sent a second time when the first may have been carried out.", "any")
	unitShape = choice("a unit", apierr.Units(), unitMeanings, apierr.ParseUnit).named("unit",
		"How a length of time or an instant is written in a response.", "s")
	failureShape = choice("a failure", failureNames(), failureMeanings, apierr.ParseFailure).named("failure",
		"What went wrong when no response came.", "refused")
	typeShape = choice("a type", typeWords(), typeMeanings, parseType).named("type",
		"The type of a detail.", "int")
)

func failureNames() []string {
	var names []string
	for _, f := range apierr.Failures() {
		names = append(names, f.String())
	}
	return names
}
