package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/apierr/apierrtest"
	"github.com/errgen/errgen/out/forlena"
	"github.com/errgen/errgen/out/forlena/forlenatest"
	"github.com/errgen/errgen/out/formamail"
	"github.com/errgen/errgen/out/formamail/formamailtest"
	"github.com/errgen/errgen/out/formfex"
	"github.com/errgen/errgen/out/formfex/formfextest"
	"github.com/errgen/errgen/out/genesys"
	"github.com/errgen/errgen/out/genesys/genesystest"
	"github.com/errgen/errgen/out/leads"
	"github.com/errgen/errgen/out/leads/leadstest"
)

// A vendor is a generated package with its examples.
type vendor struct {
	name     string
	decode   func(int, http.Header, []byte, time.Time) *apierr.Error
	check    func(*http.Response) error
	policy   func() apierr.Policy
	examples []apierrtest.Example
}

var vendors = []vendor{
	{"forlena", forlena.Decode, forlena.Check, forlena.Policy, forlenatest.Examples()},
	{"leads", leads.Decode, leads.Check, leads.Policy, leadstest.Examples()},
	{"formfex", formfex.Decode, formfex.Check, formfex.Policy, formfextest.Examples()},
	{"genesys", genesys.Decode, genesys.Check, genesys.Policy, genesystest.Examples()},
	{"formamail", formamail.Decode, formamail.Check, formamail.Policy, formamailtest.Examples()},
}

// A body is the body of an example, or variants of it that say the same.
type body struct {
	vendor   *vendor
	name     string
	status   int
	header   http.Header
	now      time.Time
	variants [][]byte
}

// sampled returns the bodies of all examples as they stand in the catalogs.
// Examples without a body, as all those of genesys are, have nothing to parse.
func sampled() []body {
	var all []body
	for i := range vendors {
		v := &vendors[i]
		for k := range v.examples {
			ex := &v.examples[k]
			if ex.Body == "" {
				continue
			}
			now, err := time.Parse(time.RFC3339Nano, ex.Now)
			if err != nil {
				now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			}
			all = append(all, body{v, v.name + "/" + ex.String(), ex.Status, ex.Response().Header, now, [][]byte{[]byte(ex.Body)}})
		}
	}
	return all
}

// variants is how many variants of a body take turns, too many for a branch
// predictor to learn.
const variants = 64

// shuffled returns the bodies with the members of each object in another order,
// and with members added that no competitor looks at.
func shuffled() []body {
	return varied(sampled(), func(r *rand.Rand, text []byte) []byte {
		return shuffle(r, text)
	})
}

// nested returns those bodies that have objects or lists within objects, with
// up to 20 elements in the lists.
func nested() []body {
	var deep []body
	for _, b := range sampled() {
		if bytes.ContainsAny(b.variants[0][1:], "{[") {
			deep = append(deep, b)
		}
	}
	return varied(deep, func(r *rand.Rand, text []byte) []byte {
		return lengthen(r.IntN(20)+1, text)
	})
}

// varied replaces each body by variants of it. They are the same ones in each
// run.
func varied(bodies []body, vary func(*rand.Rand, []byte) []byte) []body {
	for i := range bodies {
		r := rand.New(rand.NewPCG(uint64(i), 1))
		text := bodies[i].variants[0]
		bodies[i].variants = nil
		for range variants {
			bodies[i].variants = append(bodies[i].variants, vary(r, text))
		}
	}
	return bodies
}

// shuffle returns a JSON text with the members of its objects shuffled, and
// with one to three more in each.
func shuffle(r *rand.Rand, text []byte) []byte {
	return rewrite(text, func(members [][]byte) [][]byte {
		for i := range r.IntN(3) + 1 {
			members = append(members, extra(r, i))
		}
		r.Shuffle(len(members), func(i, k int) { members[i], members[k] = members[k], members[i] })
		return members
	}, nil)
}

// extra returns a member of the kind that vendors add without notice.
func extra(r *rand.Rand, i int) []byte {
	values := []string{
		`"https://docs.example.com/errors/overview"`, `"7f1c2a90-64b5-4a53-9be6-aa43b19a7e11"`,
		`1710000000`, `true`, `null`, `{"region":"eu-west-1","attempt":1}`, `["a","b"]`, `"naïve \"quoted\" text"`,
	}
	names := []string{"docs_url", "trace_id", "severity", "meta", "success", "instance"}
	return fmt.Appendf(nil, "%q:%s", fmt.Sprintf("%s_%d", names[r.IntN(len(names))], i), values[r.IntN(len(values))])
}

// lengthen returns a JSON text with the elements of its lists repeated until
// there are n.
func lengthen(n int, text []byte) []byte {
	return rewrite(text, nil, func(elements [][]byte) [][]byte {
		for i := 0; len(elements) > 0 && len(elements) < n; i++ {
			elements = append(elements, elements[i])
		}
		return elements
	})
}

// rewrite changes the members of all objects and the elements of all arrays in
// a JSON text; nil leaves them as they are.
func rewrite(text []byte, members, elements func([][]byte) [][]byte) []byte {
	dec := json.NewDecoder(bytes.NewReader(text))
	open, _ := dec.Token()
	delim, ok := open.(json.Delim)
	if !ok {
		return bytes.TrimSpace(text)
	}
	var parts [][]byte
	for dec.More() {
		var part []byte
		if delim == '{' {
			name, _ := dec.Token()
			part = fmt.Appendf(nil, "%q:", name)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			panic(fmt.Sprintf("an example has no JSON body: %v", err))
		}
		parts = append(parts, append(part, rewrite(value, members, elements)...))
	}
	change := members
	if delim == '[' {
		change = elements
	}
	if change != nil {
		parts = change(parts)
	}
	out := append([]byte{text[0]}, bytes.Join(parts, []byte{','})...)
	return append(out, text[0]+2) // the brackets are two apart in ASCII
}

// response returns a response that can be used again and again, and a function
// that makes it as good as new.
func (b *body) response() (*http.Response, func()) {
	text := b.variants[0]
	resp := &http.Response{StatusCode: b.status, Header: b.header, ContentLength: int64(len(text))}
	r := bytes.NewReader(text)
	stream := io.NopCloser(struct{ io.Reader }{r}) // no more than what a connection can do
	return resp, func() {
		r.Reset(text)
		resp.Body = stream
	}
}

// A group is a set of bodies that are measured together. They are made when it is
// their turn, so that no other group's are in memory.
type group struct {
	name   string
	bodies func() []body
}

func groups() []group {
	return []group{{"as sampled", sampled}, {"shuffled", shuffled}, {"nested, long lists", nested}}
}
