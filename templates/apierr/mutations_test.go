package apierr

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

var mutations = flag.Int("mutations", 40_000, "how many bodies TestMutations makes; make soak makes more")

// shards is how many parts TestMutations has, which run side by side. What is
// made depends on the part and on nothing else.
const shards = 8

// jsonPieces are what bodies are made of, valid and otherwise.
var jsonPieces = []string{
	"{", "}", "[", "]", ",", ":", `"`, `\`, " ", "\n", "0", "1", "-", ".", "e", "E+", "12", "-0.5e3", "1e400",
	"null", "true", "false", `""`, `"a"`, `"x"`, `"code"`, `"a":`, `"b":[`, `"x":{`, `"code":"`, `"e":`, `"a":[{"x":1},`,
	`\u0061`, `\ud83d\ude00`, `\ud800`, `\"`, `\\`, `\n`, `\q`, `\u12`, "é", "\u2028", "\xff", "\xc3", "\x00", "\x1f", "\x7f",
	`"message":"`, `"errors":[`, `"reason":"rateLimitExceeded"`, "12345678", "9999999", "1710000000", "123456789012345", "1234567890123456", `"12345678`, "\xef\xbb\xbf", "[[[[[[[[", "]]]]]]]]",
}

// mutant returns a body made of the seeds by a few changes, mostly one or two.
func mutant(r *rand.Rand, body []byte) []byte {
	body = append(body[:0], jsonSeeds[r.IntN(len(jsonSeeds))]...)
	for more := true; more && len(body) < 4<<10; more = r.IntN(3) > 0 {
		i := r.IntN(len(body) + 1)
		j := min(i+r.IntN(12), len(body))
		switch r.IntN(12) {
		case 0:
			body = slices.Delete(body, i, j)
		case 1:
			body = slices.Insert(body, j, slices.Clone(body[i:j])...)
		case 2, 3:
			body = slices.Insert(body, i, []byte(jsonPieces[r.IntN(len(jsonPieces))])...)
		case 4:
			other := []byte(jsonSeeds[r.IntN(len(jsonSeeds))])
			body = slices.Replace(body, i, j, other...)
		case 5:
			if i < len(body) {
				body[i] ^= 1 << r.IntN(8)
			}
		default:
			body = grown(r, body, i)
		}
	}
	return body
}

// grown returns a body with one more member or element in the first object or
// list after an offset, so that a valid one mostly stays valid.
func grown(r *rand.Rand, body []byte, from int) []byte {
	at := bytes.IndexAny(body[from:], "{[")
	if at < 0 {
		return body
	}
	at += from
	more := []byte(memberNames[r.IntN(len(memberNames))])
	if body[at] == '[' {
		more = more[:0]
	}
	more = append(more, validSeeds[r.IntN(len(validSeeds))]...)
	if next := bytes.TrimLeft(body[at+1:], " \t\r\n"); len(next) > 0 && next[0] != '}' && next[0] != ']' {
		more = append(more, ',')
	}
	return slices.Insert(body, at+1, more...)
}

var memberNames = []string{`"a":`, `"b":`, `"c":`, `"x":`, `"y" : `, `"e":`, `"code":`, `"message":`, `"errors":`, `"\u0061":`, `"":`, `"é":`, "\"\xff\":"}

// validSeeds are those of the seeds that are whole texts, and short.
var validSeeds = slices.DeleteFunc(slices.Clone(jsonSeeds), func(s string) bool {
	return len(s) > 200 || !json.Valid([]byte(s))
})

// TestMutations compares the scanner with encoding/json on bodies of its own
// making: what is valid, and what stands at each place. It is faster than a
// fuzz target by far, as it does not look for new ways through the code.
func TestMutations(t *testing.T) {
	var places [][]Place
	var plans []*plan
	for _, paths := range fuzzPlans {
		places = append(places, pathPlaces(paths...))
		plans = append(plans, mustPlan(t, pathPlaces(paths...)))
	}
	for shard := range uint64(shards) {
		t.Run(fmt.Sprint(shard), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(shard, 1))
			var body []byte
			valid := 0
			for range *mutations / shards {
				body = mutant(r, body)
				k := r.IntN(len(plans))
				want := json.Valid(body)
				s := plans[k].getScan()
				if got := s.scan(body); got != want {
					t.Fatalf("plan %d: %v for %q, json.Valid says %v", k, got, body, want)
				}
				if !want {
					empty(t, s)
				}
				putScan(s)
				if want {
					valid++
					compareAll(t, places[k], plans[k], body, []int{rawLimit, 9}[r.IntN(2)])
				}
			}
			if valid < *mutations/shards/5 {
				t.Errorf("only %d of %d bodies are valid", valid, *mutations/shards)
			}
		})
	}
}
