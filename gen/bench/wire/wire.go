// Package wire has, for each vendor, one struct that holds whatever its error
// bodies hold, as people write such structs by hand for the JSON libraries that
// fill them.
package wire

import (
	"time"

	"github.com/errgen/errgen/out/forlena"
	"github.com/errgen/errgen/out/formamail"
	"github.com/errgen/errgen/out/formfex"
	"github.com/errgen/errgen/out/leads"
)

// A Fault is what every competitor makes of a body: the values that the
// generated packages find in it, as the same Go types.
type Fault struct {
	Code    string
	Message string
	Details any // pointer to the generated package's details, or nil
}

// Error makes a Fault an error, as it is for the callers of hand-written clients.
func (f *Fault) Error() string { return f.Code + ": " + f.Message }

// Forlena is a body of the vendor forlena.
type Forlena struct {
	Error      string    `json:"error"`
	Code       string    `json:"code"`
	RetryAfter int64     `json:"retry_after_seconds"`
	Limit      int64     `json:"limit"`
	Used       int64     `json:"used"`
	Remaining  int64     `json:"remaining"`
	ResetAt    time.Time `json:"reset_at"`
}

// Fault returns what the body says.
func (w *Forlena) Fault() Fault {
	f := Fault{Code: w.Code, Message: w.Error}
	switch w.Code {
	case "RATE_LIMITED":
		f.Details = &forlena.RateLimitedDetails{RetryAfter: seconds(w.RetryAfter)}
	case "API_QUOTA_EXCEEDED":
		f.Details = &forlena.APIQuotaExceededDetails{Limit: w.Limit, Used: w.Used, Remaining: w.Remaining, ResetAt: w.ResetAt}
	case "QUOTA_EXCEEDED":
		f.Details = &forlena.QuotaExceededDetails{Limit: w.Limit, Used: w.Used, Remaining: w.Remaining, ResetAt: w.ResetAt}
	}
	return f
}

// Leads is a body of the vendor leads.
type Leads struct {
	Error LeadsError `json:"error"`
}

// LeadsError is the member error of [Leads].
type LeadsError struct {
	Code    string       `json:"code"`
	Message string       `json:"message"`
	Details LeadsDetails `json:"details"`
}

// LeadsDetails is the member details of [LeadsError].
type LeadsDetails struct {
	Field      string `json:"field"`
	Reason     string `json:"reason"`
	RetryAfter int64  `json:"retry_after"`
}

// Fault returns what the body says.
func (w *Leads) Fault() Fault {
	f := Fault{Code: w.Error.Code, Message: w.Error.Message}
	d := &w.Error.Details
	switch f.Code {
	case "VALIDATION_ERROR":
		f.Details = &leads.ValidationErrorDetails{Field: d.Field, Reason: d.Reason}
	case "MISSING_FIELD":
		f.Details = &leads.MissingFieldDetails{Field: d.Field}
	case "RATE_LIMIT_EXCEEDED":
		f.Details = &leads.RateLimitExceededDetails{RetryAfter: seconds(d.RetryAfter)}
	}
	return f
}

// Formfex is a body of the vendor formfex.
type Formfex struct {
	Message   string           `json:"message"`
	Error     string           `json:"error"`
	RateLimit FormfexRateLimit `json:"rate_limit"`
}

// FormfexRateLimit is the member rate_limit of [Formfex].
type FormfexRateLimit struct {
	Type       string `json:"type"`
	RetryAfter int64  `json:"retry_after"`
	Limit      int64  `json:"limit"`
	Remaining  int64  `json:"remaining"`
	Reset      int64  `json:"reset"`
}

// Fault returns what the body says. The type of the limit is the code, if the
// catalog lists it.
func (w *Formfex) Fault() Fault {
	r := &w.RateLimit
	f := Fault{Code: r.Type, Message: w.Message}
	wait, reset := seconds(r.RetryAfter), unix(r.Reset)
	switch r.Type {
	case "BURST_LIMIT":
		f.Details = &formfex.BurstLimitDetails{RetryAfter: wait, Limit: r.Limit, Remaining: r.Remaining, Reset: reset}
	case "HOURLY_LIMIT":
		f.Details = &formfex.HourlyLimitDetails{RetryAfter: wait, Limit: r.Limit, Remaining: r.Remaining, Reset: reset}
	case "MONTHLY_QUOTA":
		f.Details = &formfex.MonthlyQuotaDetails{RetryAfter: wait, Limit: r.Limit, Remaining: r.Remaining, Reset: reset}
	case "AI_ENDPOINT_LIMIT":
		f.Details = &formfex.AIEndpointLimitDetails{RetryAfter: wait, Limit: r.Limit, Remaining: r.Remaining, Reset: reset}
	default:
		f.Code = w.Error
		if w.Error == "TOO_MANY_REQUESTS" {
			f.Details = &formfex.TooManyRequestsDetails{Type: r.Type, RetryAfter: wait, Limit: r.Limit, Remaining: r.Remaining, Reset: reset}
		}
	}
	return f
}

// Formamail is a body of the vendor formamail.
type Formamail struct {
	FormamailEnvelope
	RelatedInfo FormamailRelated `json:"relatedInfo"`
}

// FormamailEnvelope is what every body of the vendor formamail can have.
type FormamailEnvelope struct {
	Code      string    `json:"code"`
	Message   string    `json:"message"`
	Timestamp time.Time `json:"timestamp"`
	Path      string    `json:"path"`
}

// FormamailRelated is the member relatedInfo of [Formamail].
type FormamailRelated struct {
	Errors     []FormamailItem `json:"errors"`
	TemplateID string          `json:"templateId"`
	Email      string          `json:"email"`
	Limit      int64           `json:"limit"`
	Used       int64           `json:"used"`
	ResetsAt   time.Time       `json:"resetsAt"`
}

// FormamailItem is an element of [FormamailRelated.Errors].
type FormamailItem struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Fault returns what the body says.
func (w *Formamail) Fault() Fault {
	f := Fault{Code: w.Code, Message: w.Message}
	common := formamail.Details{Timestamp: w.Timestamp, Path: w.Path}
	r := &w.RelatedInfo
	switch w.Code {
	case "ERR_VALID_001":
		d := &formamail.ValidationFailedDetails{Details: common}
		if r.Errors != nil {
			d.Errors = make([]formamail.ValidationFailedErrorsItem, len(r.Errors))
			for i, item := range r.Errors {
				d.Errors[i] = formamail.ValidationFailedErrorsItem(item)
			}
		}
		f.Details = d
	case "ERR_TMPL_002":
		f.Details = &formamail.TemplateNotFoundDetails{Details: common, TemplateID: r.TemplateID}
	case "ERR_EMAIL_001":
		f.Details = &formamail.InvalidRecipientDetails{Details: common, Email: r.Email}
	case "ERR_QUOTA_001":
		f.Details = &formamail.MonthlyQuotaExceededDetails{Details: common, Limit: r.Limit, Used: r.Used, ResetsAt: r.ResetsAt}
	default:
		f.Details = &common
	}
	return f
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// unix returns the instant, the zero Time for none.
func unix(sec int64) time.Time {
	if sec == 0 {
		return time.Time{}
	}
	return time.Unix(sec, 0).UTC()
}
