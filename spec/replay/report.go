package replay

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/templates/apierr"
)

// A Report is what one response decodes to and what would be done about it.
// Its JSON form is the contract of errgen decode --format json: fields that
// the response does not have are null.
type Report struct {
	Name       string      `json:"name"`
	IsError    bool        `json:"is_error"`
	Code       *string     `json:"code"`
	Entry      *string     `json:"entry"`
	Known      bool        `json:"known"` // an entry claims the code
	Class      *string     `json:"class"`
	Message    *string     `json:"message"`
	RequestID  *string     `json:"request_id"`
	Details    spec.Values `json:"details"`
	Unreadable spec.Values `json:"unreadable,omitempty"` // details that are there, but not of their types: as they were sent
	Items      []Item      `json:"items"`
	Retry      *string     `json:"retry"`
	Retryable  any         `json:"retryable"` // true, false or "if-idempotent"
	WaitMS     *int64      `json:"wait_ms"`   // what the server asks for
	ResetAt    *string     `json:"reset_at"`
	Decision   *Decision   `json:"decision"`
	Hidden     string      `json:"hidden,omitempty"` // why nothing in the body could be seen, of an error that no entry claims

	response   Response
	err        *apierr.Error // nil when the response is no error
	unreadable []spec.Value  // with what they are not
	meaning    string
	action     string
}

// An Item is one of several errors in one response.
type Item struct {
	Code    string `json:"code"`
	Field   string `json:"field"`
	Message string `json:"message"`
}

// A Decision is what the vendor's policy does after the first attempt, without
// jitter.
type Decision struct {
	Action  string `json:"action"`
	DelayMS int64  `json:"delay_ms"`
	Reason  string `json:"reason"`
}

// Run reports on a response.
func Run(p *spec.Program, r Response) Report {
	rep := Report{Name: r.Name, IsError: p.Tables.IsError(r.Status, r.Header, r.Body), Details: spec.Values{}, Items: []Item{}, response: r}
	if !rep.IsError {
		rep.Items = items(p.Tables.DecodeItems(r.Status, r.Header, r.Body))
		return rep
	}
	e := p.Tables.Decode(r.Status, r.Header, r.Body, r.Now)
	rep.err = e
	rep.Code, rep.Entry, rep.Message, rep.RequestID = given(e.Code), given(e.Entry()), given(e.Message), given(e.RequestID)
	rep.Class, rep.Retry = given(e.Class.String()), given(e.Retry.String())
	rep.Retryable = retryable(e)
	rep.Items = items(e.Items())
	if v, ok := e.Details.(*spec.Values); ok && *v != nil {
		rep.Details, rep.unreadable = *v, v.Unreadable()
		for _, d := range rep.unreadable {
			rep.Unreadable = append(rep.Unreadable, spec.Value{Name: d.Name, Value: d.Value.(spec.Unreadable).JSON})
		}
	}
	if !e.RetryAt().IsZero() {
		ms := milliseconds(e.RetryAfter)
		rep.WaitMS = &ms
		rep.ResetAt = given(e.RetryAt().UTC().Format(time.RFC3339Nano))
	}
	if entry, ok := p.Tables.Entry(e.Entry()); ok {
		rep.Known = entry.Code != ""
		rep.meaning, rep.action = entry.Meaning, entry.Action
	}
	if e.Entry() == "" {
		rep.Hidden = hidden(p.Tables.Format, r, e.Truncated)
	}
	rep.Decision = decide(p, r, e)
	return rep
}

// hidden says why the values in a body cannot be seen, or nothing when they can.
func hidden(format apierr.Format, r Response, truncated bool) string {
	const gzip = "\x1f\x8b"
	coding := r.Header.Get("Content-Encoding")
	switch {
	case len(r.Body) == 0:
		return "empty"
	case truncated:
		return fmt.Sprintf("longer than the catalog's limit: %d bytes", len(r.Body))
	case coding == "" && bytes.HasPrefix(r.Body, []byte(gzip)):
		return "compressed; give curl --compressed, or record what it holds"
	case format == apierr.XML || json.Valid(r.Body):
		return ""
	case coding != "":
		return "in the coding " + strconv.Quote(coding) + "; give curl --compressed, or record what it holds"
	case bytes.HasPrefix(bytes.TrimSpace(r.Body), []byte("<")):
		return "no JSON, but HTML or XML"
	}
	return "no valid JSON"
}

func items(decoded []apierr.Item) []Item {
	out := make([]Item, len(decoded))
	for i, item := range decoded {
		out[i] = Item(item)
	}
	return out
}

func decide(p *spec.Program, r Response, e *apierr.Error) *Decision {
	policy := p.Tables.Policy()
	policy.Rand = func() float64 { return 0 }
	d := policy.Decide(context.Background(), apierr.Attempt{Attempts: 1, Method: r.Method, Err: e, Now: r.Now})
	return &Decision{d.Action.String(), milliseconds(d.Delay), d.Reason.String()}
}

// retryable says for ever whether an error can be retried, as against what a
// policy would do now.
func retryable(e *apierr.Error) any {
	switch e.Retry {
	case apierr.RefreshOnce:
		return true
	case apierr.WaitReset:
		return !e.RetryAt().IsZero()
	case apierr.Backoff:
		if e.Repeat == apierr.RepeatAny {
			return true
		}
		return "if-idempotent"
	}
	return false
}

// given is the text, or nil when it is empty.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// milliseconds rounds up, so that nobody comes back too early.
func milliseconds(d time.Duration) int64 {
	ms := d.Milliseconds()
	if d > time.Duration(ms)*time.Millisecond {
		ms++
	}
	return ms
}

// JSON returns the report as one line, without a new line.
func (r Report) JSON() ([]byte, error) { return json.Marshal(r) }
