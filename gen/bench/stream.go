package main

import (
	"time"

	"github.com/go-faster/jx"

	"github.com/errgen/errgen/gen/bench/wire"
)

// streamed decodes by hand with jx, member by member.
var streamed = map[string]decoder{
	"forlena": walked(func(d *jx.Decoder, w *wire.Forlena) error {
		return d.ObjBytes(func(d *jx.Decoder, key []byte) (err error) {
			switch string(key) {
			case "error":
				w.Error, err = d.Str()
			case "code":
				w.Code, err = d.Str()
			case "retry_after_seconds":
				w.RetryAfter, err = d.Int64()
			case "limit":
				w.Limit, err = d.Int64()
			case "used":
				w.Used, err = d.Int64()
			case "remaining":
				w.Remaining, err = d.Int64()
			case "reset_at":
				w.ResetAt, err = streamedTime(d)
			default:
				err = d.Skip()
			}
			return err
		})
	}),
	"leads": walked(func(d *jx.Decoder, w *wire.Leads) error {
		return d.ObjBytes(func(d *jx.Decoder, key []byte) error {
			if string(key) != "error" {
				return d.Skip()
			}
			return d.ObjBytes(func(d *jx.Decoder, key []byte) (err error) {
				switch string(key) {
				case "code":
					w.Error.Code, err = d.Str()
				case "message":
					w.Error.Message, err = d.Str()
				case "details":
					err = streamLeadsDetails(d, &w.Error.Details)
				default:
					err = d.Skip()
				}
				return err
			})
		})
	}),
	"formfex": walked(func(d *jx.Decoder, w *wire.Formfex) error {
		return d.ObjBytes(func(d *jx.Decoder, key []byte) (err error) {
			switch string(key) {
			case "message":
				w.Message, err = d.Str()
			case "error":
				w.Error, err = d.Str()
			case "rate_limit":
				err = streamRateLimit(d, &w.RateLimit)
			default:
				err = d.Skip()
			}
			return err
		})
	}),
	"formamail": walked(func(d *jx.Decoder, w *wire.Formamail) error {
		return d.ObjBytes(func(d *jx.Decoder, key []byte) (err error) {
			switch string(key) {
			case "code":
				w.Code, err = d.Str()
			case "message":
				w.Message, err = d.Str()
			case "timestamp":
				w.Timestamp, err = streamedTime(d)
			case "path":
				w.Path, err = d.Str()
			case "relatedInfo":
				err = streamRelated(d, &w.RelatedInfo)
			default:
				err = d.Skip()
			}
			return err
		})
	}),
}

func walked[W any, P faulty[W]](walk func(*jx.Decoder, *W) error) decoder {
	return func(body []byte) (wire.Fault, error) {
		d := jx.GetDecoder()
		defer jx.PutDecoder(d)
		d.ResetBytes(body)
		var w W
		if err := walk(d, &w); err != nil {
			return wire.Fault{}, err
		}
		return P(&w).Fault(), nil
	}
}

func streamLeadsDetails(d *jx.Decoder, w *wire.LeadsDetails) error {
	return d.ObjBytes(func(d *jx.Decoder, key []byte) (err error) {
		switch string(key) {
		case "field":
			w.Field, err = d.Str()
		case "reason":
			w.Reason, err = d.Str()
		case "retry_after":
			w.RetryAfter, err = d.Int64()
		default:
			err = d.Skip()
		}
		return err
	})
}

func streamRateLimit(d *jx.Decoder, w *wire.FormfexRateLimit) error {
	return d.ObjBytes(func(d *jx.Decoder, key []byte) (err error) {
		switch string(key) {
		case "type":
			w.Type, err = d.Str()
		case "retry_after":
			w.RetryAfter, err = d.Int64()
		case "limit":
			w.Limit, err = d.Int64()
		case "remaining":
			w.Remaining, err = d.Int64()
		case "reset":
			w.Reset, err = d.Int64()
		default:
			err = d.Skip()
		}
		return err
	})
}

func streamRelated(d *jx.Decoder, w *wire.FormamailRelated) error {
	return d.ObjBytes(func(d *jx.Decoder, key []byte) (err error) {
		switch string(key) {
		case "errors":
			err = d.Arr(func(d *jx.Decoder) error {
				var item wire.FormamailItem
				err := streamItem(d, &item)
				w.Errors = append(w.Errors, item)
				return err
			})
		case "templateId":
			w.TemplateID, err = d.Str()
		case "email":
			w.Email, err = d.Str()
		case "limit":
			w.Limit, err = d.Int64()
		case "used":
			w.Used, err = d.Int64()
		case "resetsAt":
			w.ResetsAt, err = streamedTime(d)
		default:
			err = d.Skip()
		}
		return err
	})
}

func streamItem(d *jx.Decoder, w *wire.FormamailItem) error {
	return d.ObjBytes(func(d *jx.Decoder, key []byte) (err error) {
		switch string(key) {
		case "field":
			w.Field, err = d.Str()
		case "message":
			w.Message, err = d.Str()
		default:
			err = d.Skip()
		}
		return err
	})
}

func streamedTime(d *jx.Decoder) (time.Time, error) {
	s, err := d.Str()
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339, s)
}
