package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/errgen/errgen/out/apierr"
)

// A work is something to do with a body, again and again. It is made for one
// body and called with its variants in turn.
type work struct {
	name string
	on   func(*body) func(text []byte)
}

// kept keeps what a work makes from being optimised away.
var kept struct {
	err      *apierr.Error
	fault    error
	bytes    []byte
	any      any
	ok       bool
	decision apierr.Decision
}

// ours is what all others are compared with: the generated Decode, which makes
// the whole error, with its entry, outcome and wait.
var ours = work{"errgen", func(b *body) func([]byte) {
	decode, status, header, now := b.vendor.decode, b.status, b.header, b.now
	return func(text []byte) { kept.err = decode(status, header, text, now) }
}}

// allocating is what it would take to allocate each error by itself, without
// looking at the body. Decode does so for several at a time.
var allocating = work{"new(apierr.Error) alone", func(*body) func([]byte) {
	return func([]byte) { kept.err = new(apierr.Error) }
}}

// validating only looks at the bytes.
var validating = work{"json.Valid alone", func(*body) func([]byte) {
	return func(text []byte) { kept.ok = json.Valid(text) }
}}

// theirs is what a competitor does: of the values that it finds, it makes an
// error for the caller, of nothing but these.
func theirs(c competitor) work {
	return work{c.name, func(b *body) func([]byte) {
		decode := c.decoders[b.vendor.name]
		return func(text []byte) {
			f, err := decode(text)
			kept.fault, kept.ok = &f, err == nil
		}
	}}
}

// checking is Check on a response, and readings are what others do to a body
// before they can look at it.
var (
	checking = work{"Check", onResponse(func(v *vendor, resp *http.Response) {
		kept.any = v.check(resp)
	})}
	readings = []work{
		{"io.ReadFull into Content-Length bytes", onResponse(func(_ *vendor, resp *http.Response) {
			kept.bytes = make([]byte, resp.ContentLength)
			_, err := io.ReadFull(resp.Body, kept.bytes)
			kept.ok = err == nil
		})},
		{"io.ReadAll", onResponse(func(_ *vendor, resp *http.Response) {
			var err error
			kept.bytes, err = io.ReadAll(resp.Body)
			kept.ok = err == nil
		})},
	}
)

func onResponse(do func(*vendor, *http.Response)) func(*body) func([]byte) {
	return func(b *body) func([]byte) {
		resp, renew := b.response()
		return func([]byte) {
			renew()
			do(b.vendor, resp)
		}
	}
}

// deciding is Decide on the error of a body.
var deciding = work{"Policy.Decide", func(b *body) func([]byte) {
	policy := b.vendor.policy()
	e := b.vendor.decode(b.status, b.header, b.variants[0], b.now)
	ctx := context.Background()
	attempt := apierr.Attempt{Method: http.MethodGet, Attempts: 1, Err: e, Now: b.now}
	return func([]byte) { kept.decision = policy.Decide(ctx, attempt) }
}}

// measureOthers measures what is not decoding: Check beside reading the body,
// and Decide beside the decoding of the smallest body.
func measureOthers() []row {
	rows := measure(append([]work{checking}, readings...), []group{{"", sampled}})
	smallest := sampled()
	least := &smallest[0]
	for i := range smallest {
		if len(smallest[i].variants[0]) < len(least.variants[0]) {
			least = &smallest[i]
		}
	}
	var retried []body
	for _, b := range sampled() {
		if b.vendor.decode(b.status, b.header, b.variants[0], b.now).Retry == apierr.Backoff {
			retried = append(retried, b)
		}
	}
	decodeLeast := work{"Decode of the smallest body", func(*body) func([]byte) {
		decode := ours.on(least)
		return func([]byte) { decode(least.variants[0]) }
	}}
	return append(rows, measure([]work{decodeLeast, deciding}, []group{{"", func() []body { return retried }}})...)
}
