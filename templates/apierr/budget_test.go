package apierr

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
)

func TestBudget(t *testing.T) {
	spend := func(b *Budget) (n int) {
		for n < 1000 && b.Spend() {
			n++
		}
		return n
	}
	earn := func(b *Budget, n int) {
		for range n {
			b.Earn()
		}
	}
	for _, test := range []struct {
		name   string
		b      *Budget
		full   int
		earned int // retries after 30 successes
	}{
		{"none", nil, 1000, 1000},
		{"zero", &Budget{}, 100, 3},
		{"set", &Budget{Size: 5, PerSuccess: 0.05}, 5, 1},
		{"never more than full", &Budget{Size: 2, PerSuccess: 1}, 2, 2},
		{"below one", &Budget{Size: 0.5}, 0, 0},
		{"negative", &Budget{Size: -1, PerSuccess: -1}, 100, 3},
		{"no number", &Budget{Size: math.NaN(), PerSuccess: math.NaN()}, 100, 3},
		{"endless", &Budget{Size: math.Inf(1), PerSuccess: math.Inf(1)}, 1000, 1000},
	} {
		t.Run(test.name, func(t *testing.T) {
			earn(test.b, 10) // a full one does not overflow
			if n := spend(test.b); n != test.full {
				t.Errorf("%d retries of a full one, want %d", n, test.full)
			}
			earn(test.b, 30)
			if n := spend(test.b); n != test.earned {
				t.Errorf("%d retries after 30 successes, want %d", n, test.earned)
			}
		})
	}
}

// A token whose tenths were earned one by one is a token.
func TestBudgetEarnsWholeTokens(t *testing.T) {
	b := &Budget{Size: 1}
	for round := range 1000 {
		if !b.Spend() || b.Spend() {
			t.Fatalf("round %d: not exactly one token", round)
		}
		for range 10 {
			b.Earn()
		}
	}
}

func TestBudgetOfManyGoroutines(t *testing.T) {
	b := &Budget{Size: 64}
	var wg sync.WaitGroup
	var mu sync.Mutex
	got := 0
	for range 100 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if b.Spend() {
				mu.Lock()
				defer mu.Unlock()
				got++
			}
		}()
	}
	wg.Wait()
	if got != 64 {
		t.Errorf("%d tokens of 64", got)
	}
}

func TestTransportsShareABudget(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		b := &Budget{Size: 3, PerSuccess: 0.5}
		first, second := u.transport(), u.transport(answered(429, "RATE", ""))
		first.Budget, second.Budget = b, b
		for i, want := range []struct {
			tr     *Transport
			sent   int
			reason Reason
		}{
			{first, 4, ReasonOverBudget},  // three retries
			{second, 1, ReasonOverBudget}, // first attempts need none
			{first, 1, ReasonOverBudget},
		} {
			u.sent = nil
			got := trip(t, want.tr, u.request(t.Context(), "GET", ""))
			var stop *StopError
			if !errors.As(got.err, &stop) || stop.Decision.Reason != want.reason || len(u.sent) != want.sent || got.status != 429 {
				t.Errorf("call %d: %d attempts: %v", i+1, len(u.sent), got.err)
			}
		}

		u.replies = []reply{fine}
		for range 2 {
			trip(t, first, u.request(t.Context(), "GET", ""))
		}
		u.sent, u.replies = nil, []reply{answered(500, "FLAKY", ""), fine}
		if got := trip(t, second, u.request(t.Context(), "GET", "")); got.status != 200 {
			t.Errorf("two successes are worth a retry: %v", got.err)
		}
	})
}

// Neither what the policy forbids nor new credentials cost anything.
func TestBudgetIsForRetries(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		tr := u.transport()
		tr.Budget = &Budget{Size: 1, PerSuccess: 1e-9}
		tr.Refresh = func(context.Context, *Error) error { return nil }
		for _, replies := range [][]reply{
			{answered(400, "BAD", "")},
			{answered(429, "RATE", "61")},
			{answered(401, "STALE", ""), fine},
		} {
			u.sent, u.replies = nil, replies
			trip(t, tr, u.request(t.Context(), "GET", ""))
		}
		if !tr.Budget.Spend() {
			t.Error("the token is gone")
		}
	})
}

// What fills a budget again is that the service works, whatever it answers:
// for a client that mostly asks for what does not exist, 404 is that answer.
func TestBudgetIsEarnedByAnyAnswerOfAServiceThatWorks(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer reply
		earns  bool
	}{
		{"a success", fine, true},
		{"404", answered(404, "", ""), true},
		{"422", answered(422, "BAD", ""), true},
		{"409", answered(409, "", ""), true},
		{"500", answered(500, "", ""), false},
		{"429", answered(429, "RATE", "61"), false},
		{"no connection", failed(errEOF), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, u *upstream) {
				tr := u.transport(test.answer)
				tr.Budget = &Budget{Size: 1, PerSuccess: 1}
				if !tr.Budget.Spend() {
					t.Fatal("it is not full at first")
				}
				trip(t, tr, u.request(t.Context(), "POST", "x"))
				if got := tr.Budget.Spend(); got != test.earns {
					t.Errorf("a token is there: %v", got)
				}
			})
		})
	}
}
