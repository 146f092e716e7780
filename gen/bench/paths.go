package main

import (
	"errors"
	"time"

	"github.com/tidwall/gjson"

	"github.com/errgen/errgen/gen/bench/wire"
)

var errInvalid = errors.New("not valid JSON")

// paths looks places up with gjson. Its look-ups do not tell whether the body
// is valid; to know that takes another pass.
func paths(check bool) map[string]decoder {
	got := func(pick func(v []gjson.Result) wire.Fault, paths ...string) decoder {
		return func(body []byte) (wire.Fault, error) {
			if check && !gjson.ValidBytes(body) {
				return wire.Fault{}, errInvalid
			}
			return pick(gjson.GetManyBytes(body, paths...)), nil
		}
	}
	return map[string]decoder{
		"forlena": got(func(v []gjson.Result) wire.Fault {
			w := wire.Forlena{Code: v[0].String(), Error: v[1].String()}
			w.RetryAfter, w.Limit, w.Used, w.Remaining = v[2].Int(), v[3].Int(), v[4].Int(), v[5].Int()
			w.ResetAt = instantAt(v[6])
			return w.Fault()
		}, "code", "error", "retry_after_seconds", "limit", "used", "remaining", "reset_at"),
		"leads": got(func(v []gjson.Result) wire.Fault {
			w := wire.Leads{Error: wire.LeadsError{Code: v[0].String(), Message: v[1].String()}}
			w.Error.Details = wire.LeadsDetails{Field: v[2].String(), Reason: v[3].String(), RetryAfter: v[4].Int()}
			return w.Fault()
		}, "error.code", "error.message", "error.details.field", "error.details.reason", "error.details.retry_after"),
		"formfex": got(func(v []gjson.Result) wire.Fault {
			w := wire.Formfex{Message: v[0].String(), Error: v[1].String()}
			w.RateLimit = wire.FormfexRateLimit{Type: v[2].String(), RetryAfter: v[3].Int(), Limit: v[4].Int(), Remaining: v[5].Int(), Reset: v[6].Int()}
			return w.Fault()
		}, "message", "error", "rate_limit.type", "rate_limit.retry_after", "rate_limit.limit", "rate_limit.remaining", "rate_limit.reset"),
		"formamail": got(func(v []gjson.Result) wire.Fault {
			var w wire.Formamail
			w.Code, w.Message, w.Timestamp, w.Path = v[0].String(), v[1].String(), instantAt(v[2]), v[3].String()
			r := v[4] // one look-up for what most bodies do not have
			if !r.Exists() {
				return w.Fault()
			}
			w.RelatedInfo = wire.FormamailRelated{
				TemplateID: r.Get("templateId").String(), Email: r.Get("email").String(),
				Limit: r.Get("limit").Int(), Used: r.Get("used").Int(), ResetsAt: instantAt(r.Get("resetsAt")),
			}
			r.Get("errors").ForEach(func(_, item gjson.Result) bool {
				w.RelatedInfo.Errors = append(w.RelatedInfo.Errors, wire.FormamailItem{Field: item.Get("field").String(), Message: item.Get("message").String()})
				return true
			})
			return w.Fault()
		}, "code", "message", "timestamp", "path", "relatedInfo"),
	}
}

func instantAt(r gjson.Result) time.Time {
	if r.Type != gjson.String {
		return time.Time{}
	}
	t, _ := time.Parse(time.RFC3339, r.Str)
	return t
}
