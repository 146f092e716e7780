package apierr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestOnAttempt(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		tr := u.transport(failed(errEOF), answered(429, "RATE", "7").late(2*time.Second), answered(401, "STALE", ""), fine)
		tr.Authorize = func(req *http.Request) error { req.Header.Set("Token", "t"); return nil }
		tr.Refresh = func(context.Context, *Error) error { return nil }
		var told []string
		type key struct{}
		tr.OnAttempt = func(ctx context.Context, r Report) {
			status := 0
			if r.Response != nil {
				status = r.Response.StatusCode
			}
			told = append(told, fmt.Sprintf("%d: %d in %v, then %v after %v (%v)",
				r.Attempt, status, r.Took, r.Decision.Action, r.Decision.Delay, r.Decision.Reason))
			if (r.Err == nil) != (status == 200) || ctx.Value(key{}) != 1 || r.Request.Header.Get("Token") != "t" {
				t.Errorf("attempt %d: %v, sent with %v", r.Attempt, r.Err, r.Request.Header)
			}
			if at := time.Since(u.start); at != u.sent[len(u.sent)-1].at+r.Took {
				t.Errorf("told of attempt %d at %v", r.Attempt, at)
			}
		}
		trip(t, tr, u.request(context.WithValue(t.Context(), key{}, 1), "GET", ""))
		want := []string{
			"1: 0 in 0s, then retry after 1s (the wait is computed)",
			"2: 429 in 2s, then retry after 7s (the server asks for this wait)",
			"3: 401 in 0s, then refresh_once after 0s (new credentials are needed)",
			"4: 200 in 0s, then stop after 0s (nothing failed)",
		}
		if got := strings.Join(told, "\n"); got != strings.Join(want, "\n") {
			t.Errorf("told\n%s\nwant\n%s", got, strings.Join(want, "\n"))
		}
	})
}

func TestOnAttemptOfTheLast(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		tr := u.transport(answered(500, "FLAKY", ""))
		var told []Reason
		tr.OnAttempt = func(_ context.Context, r Report) { told = append(told, r.Decision.Reason) }
		trip(t, tr, u.request(t.Context(), "POST", "x"))
		if len(told) != 1 || told[0] != ReasonMayHaveActed {
			t.Errorf("told %v", told)
		}
	})
}

const canary = "s3cr3t CANARY"

func TestReportLogsNoSecrets(t *testing.T) {
	req, _ := http.NewRequest("POST", "https://user:CANARY@shop.example/CANARY/CANARY?q=CANARY#CANARY", strings.NewReader(canary))
	req.Header.Set("Authorization", canary)
	resp := &http.Response{StatusCode: 429, Status: canary, Header: http.Header{"X-Canary": {canary}}, Request: req}
	vendor := shop.Decode(429, resp.Header, fmt.Appendf(nil, `{"code":%q,"m":%q}`, canary, canary), time.Now())
	for name, test := range map[string]struct {
		r    Report
		want []string
	}{
		"vendor's error": {
			Report{Attempt: 2, Request: req, Response: resp, Err: vendor, Decision: Decision{Action: ActionRetry, Reason: ReasonServerWait, Delay: 3 * time.Second}, Took: time.Second},
			[]string{"a.method=POST", "a.host=shop.example", "a.attempt=2", "a.took=1s", "a.status=429", "a.err.vendor=shop", "a.err.class=throttled", "a.action=retry", `a.reason="the server asks for this wait"`, "a.delay=3s"},
		},
		"failure": {
			Report{Attempt: 1, Request: req, Err: fmt.Errorf("%s: %w", canary, errEOF), Decision: Decision{Reason: ReasonMayHaveActed}},
			[]string{"a.attempt=1", "a.failure=eof", "a.action=stop"},
		},
		"other failure": {Report{Err: errors.New(canary)}, []string{"a.failure=other"}},
		"success":       {Report{Attempt: 1, Request: &http.Request{}, Response: &http.Response{StatusCode: 204}}, []string{"a.status=204"}},
	} {
		t.Run(name, func(t *testing.T) {
			var text, object bytes.Buffer
			slog.New(slog.NewTextHandler(&text, nil)).Info("m", "a", test.r)
			slog.New(slog.NewJSONHandler(&object, nil)).Info("m", "a", test.r)
			if strings.Contains(text.String()+object.String(), "CANARY") {
				t.Errorf("a secret: %s%s", &text, &object)
			}
			for _, want := range test.want {
				if !strings.Contains(text.String(), want) {
					t.Errorf("no %s in %s", want, &text)
				}
			}
		})
	}
}
