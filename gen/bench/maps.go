package main

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/errgen/errgen/gen/bench/wire"
)

// maps decodes into a map and picks from it, as the deserializers do that
// smithy-go generates for the AWS SDK.
var maps = map[string]decoder{
	"forlena": picked(func(m map[string]any) wire.Fault {
		w := wire.Forlena{Code: text(m["code"]), Error: text(m["error"])}
		w.RetryAfter, w.ResetAt = integer(m["retry_after_seconds"]), instant(m["reset_at"])
		w.Limit, w.Used, w.Remaining = integer(m["limit"]), integer(m["used"]), integer(m["remaining"])
		return w.Fault()
	}),
	"leads": picked(func(m map[string]any) wire.Fault {
		e := object(m["error"])
		d := object(e["details"])
		w := wire.Leads{Error: wire.LeadsError{Code: text(e["code"]), Message: text(e["message"])}}
		w.Error.Details = wire.LeadsDetails{Field: text(d["field"]), Reason: text(d["reason"]), RetryAfter: integer(d["retry_after"])}
		return w.Fault()
	}),
	"formfex": picked(func(m map[string]any) wire.Fault {
		r := object(m["rate_limit"])
		w := wire.Formfex{Message: text(m["message"]), Error: text(m["error"])}
		w.RateLimit = wire.FormfexRateLimit{
			Type: text(r["type"]), RetryAfter: integer(r["retry_after"]), Limit: integer(r["limit"]),
			Remaining: integer(r["remaining"]), Reset: integer(r["reset"]),
		}
		return w.Fault()
	}),
	"formamail": picked(func(m map[string]any) wire.Fault {
		r := object(m["relatedInfo"])
		var w wire.Formamail
		w.Code, w.Message = text(m["code"]), text(m["message"])
		w.Timestamp, w.Path = instant(m["timestamp"]), text(m["path"])
		w.RelatedInfo = wire.FormamailRelated{
			TemplateID: text(r["templateId"]), Email: text(r["email"]),
			Limit: integer(r["limit"]), Used: integer(r["used"]), ResetsAt: instant(r["resetsAt"]),
		}
		if list, ok := r["errors"].([]any); ok {
			w.RelatedInfo.Errors = make([]wire.FormamailItem, len(list))
			for i, element := range list {
				item := object(element)
				w.RelatedInfo.Errors[i] = wire.FormamailItem{Field: text(item["field"]), Message: text(item["message"])}
			}
		}
		return w.Fault()
	}),
}

func picked(pick func(map[string]any) wire.Fault) decoder {
	return func(body []byte) (wire.Fault, error) {
		dec := json.NewDecoder(bytes.NewReader(body))
		dec.UseNumber()
		var shape map[string]any
		if err := dec.Decode(&shape); err != nil {
			return wire.Fault{}, err
		}
		return pick(shape), nil
	}
}

func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func integer(v any) int64 {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return i
}

func instant(v any) time.Time {
	t, _ := time.Parse(time.RFC3339, text(v))
	return t
}
