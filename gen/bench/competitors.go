package main

import (
	"bytes"
	"encoding/json"

	"github.com/bytedance/sonic"
	goccy "github.com/goccy/go-json"
	"github.com/mailru/easyjson"

	"github.com/errgen/errgen/gen/bench/easy"
	"github.com/errgen/errgen/gen/bench/wire"
)

// A decoder makes of a body what the generated package makes of it.
type decoder func(body []byte) (wire.Fault, error)

// A competitor is a way to decode the bodies of all vendors.
type competitor struct {
	name     string
	decoders map[string]decoder // by vendor
}

// competitors returns all ways but ours, encoding/json first.
func competitors() []competitor {
	sonicName := "bytedance/sonic"
	if sonic.APIKind == sonic.UseStdJSON {
		sonicName += ", which falls back to encoding/json here"
	}
	return append([]competitor{
		{"encoding/json, one struct", structs(json.Unmarshal)},
		{"encoding/json, envelope first", twoPass(json.Unmarshal)},
		{"encoding/json into a map, as smithy-go", maps},
		{"goccy/go-json", structs(goccy.Unmarshal)},
		{sonicName, structs(sonic.Unmarshal)},
		{"mailru/easyjson", generated},
		{"go-faster/jx, by hand", streamed},
		{"tidwall/gjson, checked", paths(true)},
		{"tidwall/gjson, unchecked", paths(false)},
	}, experimental()...)
}

type unmarshal = func([]byte, any) error

// faulty is a pointer to the struct of a vendor.
type faulty[W any] interface {
	*W
	Fault() wire.Fault
}

// structs decodes into one struct a vendor.
func structs(fill unmarshal) map[string]decoder {
	return map[string]decoder{
		"forlena":   single[wire.Forlena](fill),
		"leads":     single[wire.Leads](fill),
		"formfex":   single[wire.Formfex](fill),
		"formamail": single[wire.Formamail](fill),
	}
}

func single[W any, P faulty[W]](fill unmarshal) decoder {
	return func(body []byte) (wire.Fault, error) {
		var w W
		if err := fill(body, &w); err != nil {
			return wire.Fault{}, err
		}
		return P(&w).Fault(), nil
	}
}

// generated decodes with what easyjson generates.
var generated = map[string]decoder{
	"forlena":   written[easy.Forlena](),
	"leads":     written[easy.Leads](),
	"formfex":   written[easy.Formfex](),
	"formamail": written[easy.Formamail](),
}

func written[W any, P interface {
	faulty[W]
	easyjson.Unmarshaler
}]() decoder {
	return func(body []byte) (wire.Fault, error) {
		var w W
		if err := easyjson.Unmarshal(body, P(&w)); err != nil {
			return wire.Fault{}, err
		}
		return P(&w).Fault(), nil
	}
}

// twoPass looks at the code first, and decodes the details once it is known
// which they are.
func twoPass(fill unmarshal) map[string]decoder {
	return map[string]decoder{
		"forlena": func(body []byte) (wire.Fault, error) {
			var envelope struct {
				Error string `json:"error"`
				Code  string `json:"code"`
			}
			if err := fill(body, &envelope); err != nil {
				return wire.Fault{}, err
			}
			w := wire.Forlena{Code: envelope.Code, Error: envelope.Error}
			switch w.Code {
			case "RATE_LIMITED", "API_QUOTA_EXCEEDED", "QUOTA_EXCEEDED":
				if err := fill(body, &w); err != nil {
					return wire.Fault{}, err
				}
			}
			return w.Fault(), nil
		},
		"leads": func(body []byte) (wire.Fault, error) {
			var envelope struct {
				Error struct {
					Code    string          `json:"code"`
					Message string          `json:"message"`
					Details json.RawMessage `json:"details"`
				} `json:"error"`
			}
			if err := fill(body, &envelope); err != nil {
				return wire.Fault{}, err
			}
			e := &envelope.Error
			w := wire.Leads{Error: wire.LeadsError{Code: e.Code, Message: e.Message}}
			err := given(fill, e.Details, &w.Error.Details)
			return w.Fault(), err
		},
		"formfex": func(body []byte) (wire.Fault, error) {
			var envelope struct {
				Message   string          `json:"message"`
				Error     string          `json:"error"`
				RateLimit json.RawMessage `json:"rate_limit"`
			}
			if err := fill(body, &envelope); err != nil {
				return wire.Fault{}, err
			}
			w := wire.Formfex{Message: envelope.Message, Error: envelope.Error}
			err := given(fill, envelope.RateLimit, &w.RateLimit)
			return w.Fault(), err
		},
		"formamail": func(body []byte) (wire.Fault, error) {
			var envelope struct {
				wire.FormamailEnvelope
				RelatedInfo json.RawMessage `json:"relatedInfo"`
			}
			if err := fill(body, &envelope); err != nil {
				return wire.Fault{}, err
			}
			w := wire.Formamail{FormamailEnvelope: envelope.FormamailEnvelope}
			err := given(fill, envelope.RelatedInfo, &w.RelatedInfo)
			return w.Fault(), err
		},
	}
}

// given decodes a member that may be left out.
func given(fill unmarshal, text []byte, into any) error {
	if text = bytes.TrimSpace(text); len(text) == 0 {
		return nil
	}
	return fill(text, into)
}
