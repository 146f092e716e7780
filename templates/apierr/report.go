package apierr

import (
	"log/slog"
	"net/http"
	"time"
)

// A Report tells of one attempt of a [Transport]. It is a [slog.LogValuer]
// whose value is safe to log:
//
//	t.OnAttempt = func(ctx context.Context, r apierr.Report) {
//		slog.DebugContext(ctx, "forlena", "attempt", r)
//	}
type Report struct {
	Attempt  int            // 1 for the first of a call
	Request  *http.Request  // as it was sent; must not be changed
	Response *http.Response // nil when none came; its body must be left alone
	Err      error          // the [*Error] that the response is, or why there is none; nil for a success
	Decision Decision       // what is done next; zero after a success
	Took     time.Duration  // until the response's header, and an error's body, were there
}

// report tells OnAttempt of the last attempt.
func (c *call) report(d Decision) {
	if c.t.OnAttempt == nil {
		return
	}
	c.t.OnAttempt(c.req.Context(), Report{
		Attempt:  c.a.Attempts,
		Request:  c.out,
		Response: c.resp,
		Err:      c.a.Err,
		Decision: d,
		Took:     c.a.Now.Sub(c.began),
	})
}

// LogValue returns a group of the method, the host, the number of the attempt,
// what it came to and what is done next. It has neither path nor query, nor
// anything of a header or a body.
func (r Report) LogValue() slog.Value {
	attrs := make([]slog.Attr, 0, 10)
	if r.Request != nil {
		attrs = append(attrs, slog.String("method", r.Request.Method))
		if r.Request.URL != nil {
			attrs = append(attrs, slog.String("host", r.Request.URL.Host))
		}
	}
	attrs = append(attrs, slog.Int("attempt", r.Attempt), slog.Duration("took", r.Took))
	if r.Response != nil {
		attrs = append(attrs, slog.Int("status", r.Response.StatusCode))
	}
	if r.Err == nil {
		return slog.GroupValue(attrs...)
	}
	if e, _ := responseError(r.Err); e != nil {
		attrs = append(attrs, slog.Any("err", e))
	} else {
		attrs = append(attrs, slog.String("failure", FailureOf(r.Err).String()))
	}
	attrs = append(attrs,
		slog.String("action", r.Decision.Action.String()),
		slog.String("reason", r.Decision.Reason.String()))
	if r.Decision.Action == ActionRetry {
		attrs = append(attrs, slog.Duration("delay", r.Decision.Delay))
	}
	return slog.GroupValue(attrs...)
}
