package apierr

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestCodeText holds which codes are printed though no catalog lists them.
func TestCodeText(t *testing.T) {
	for _, code := range []string{
		"RATE_LIMITED", "rate-limited", "invalid_api_key", "InvalidArgument", "AADSTS50011", "E1234", "ERR_EMAIL_001", "429", "10002",
		"2147942405", "v2", "S3", "ProvisionedThroughputExceededException", "InvalidOAuth2TokenProviderException",
		"billing.card.declined", "CARD_NOT_ON_FILE_IN_DB", "TransactionCanceledException", "validation.string.min-length-8", "_", "x",
		"ERROR_HTTP_429_TOO_MANY", strings.Repeat("A", maxIdentifier),
	} {
		if codeText(code) != code {
			t.Errorf("the code %s is not printed", code)
		}
	}
	for _, code := range []string{
		"sk_live_4eC39HqLyjWDarjtT1zdp7dc", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "AKIAZ7WQ4N5TXB2LMQ6D", "xoxb-17653672481-19874698323",
		"d41d8cd98f00b204e9800998ecf8427e", "550e8400-e29b-41d4-a716-446655440000", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
		"dGhpcyBpcyBhIHNlY3JldA", "4111111111111111", "4915112345678", "two words", `say"it"`, "a/b", "a+b=", "kübra", "a@b.example", "a\nb", "\x00",
		"AKIAIOSFODNNEXAMPLEQ", "ASIAIOSFODNNEXAMPLEQ", "ghp_abcdefghijklmnopqrstuvwxyz", "sk_test_abcdefgh", "npm_ABCDEFGHIJKLMNOP", "eyJhbGciOiJub25lIn0",
		"user:pass", "<b>", strings.Repeat("A", maxIdentifier+1),
	} {
		if got := codeText(code); got != "" {
			t.Errorf("the code %q is printed as %q", code, got)
		}
	}
}

// TestRandomTokens holds how many tokens of each kind are told from codes.
func TestRandomTokens(t *testing.T) {
	const n = 10_000
	r := rand.New(rand.NewPCG(1, 2))
	for _, kind := range []struct {
		name, alphabet string
		size, printed  int // printed is how many of n at most
	}{
		{"base62 of 16", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 16, n / 25},
		{"base62 of 24", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 24, n / 50},
		{"base64url of 32", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_", 32, n / 50},
		{"hex of 32", "0123456789abcdef", 32, n / 1000},
		{"hex of 40", "0123456789abcdef", 40, n / 1000},
		{"base36 of 32", "0123456789abcdefghijklmnopqrstuvwxyz", 32, n / 25},
	} {
		printed := 0
		for range n {
			token := make([]byte, kind.size)
			for i := range token {
				token[i] = kind.alphabet[r.IntN(len(kind.alphabet))]
			}
			if codeText(string(token)) != "" {
				printed++
			}
		}
		t.Logf("%s: %d of %d are printed", kind.name, printed, n)
		if printed > kind.printed {
			t.Errorf("%s: %d of %d are printed, want at most %d", kind.name, printed, n, kind.printed)
		}
	}
}

// forms are all that a value is printed or marshalled as.
func forms(t *testing.T, v any) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		out[verb] = fmt.Sprintf(verb, v)
	}
	j, err := json.Marshal(v)
	if err != nil {
		t.Errorf("%T: %v", v, err)
	}
	out["JSON"] = string(j)
	for name, handler := range map[string]func(io.Writer) slog.Handler{
		"slog text": func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
		"slog JSON": func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
	} {
		var b strings.Builder
		slog.New(handler(&b)).Error("failed", "err", v, slog.Group("g", "err", v))
		out[name] = b.String()
	}
	return out
}

// TestCopiesPrintAlike holds that a value of the types that have secrets shows
// no more than a pointer to it does, alone and within other values.
func TestCopiesPrintAlike(t *testing.T) {
	const canary = "hunter2 hunter2"
	e := &Error{
		Code: canary, Status: 400, Message: canary, Body: canary, RequestID: canary, Header: http.Header{"X-Key": {canary}},
		items: &[]Item{{canary, canary, canary}}, Details: errors.New(canary),
		claim: &claimant{Entry: &Entry{}, catalog: &Catalog{Vendor: "shop"}},
	}
	stop := &StopError{Decision: Decision{Reason: ReasonUsedUp}, Cause: e, Also: errors.New(canary)}
	item := e.Items()[0]
	type holder struct {
		Err   error
		Value Error
		Stop  StopError
		Items []Item
	}
	within := holder{e, *e, *stop, e.Items()}
	for _, v := range []any{
		e, *e, stop, *stop, item, &item, e.Items(), within, &within,
		[]error{e, stop},
		map[string]any{"e": *e, "s": *stop},
		[]Error{*e},
		[1]StopError{*stop},
		errors.Join(e, stop), fmt.Errorf("wrapped: %w", stop),
	} {
		for form, text := range forms(t, v) {
			if strings.Contains(text, "hunter2") || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", "hunter2")) {
				t.Errorf("%T as %s shows the canary: %s", v, form, text)
			}
		}
	}
	for form, text := range forms(t, *e) {
		if strings.HasPrefix(form, "%") && text != forms(t, e)[form] {
			t.Errorf("a copy as %s is %s", form, text)
		}
	}
	// Package fmt calls no methods of what is in an unexported field. It prints
	// a pointer there, as long as the verb is one for pointers.
	private := struct {
		err  error
		ptr  *Error
		stop *StopError
	}{e, e, stop}
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		if text := fmt.Sprintf(verb, private); strings.Contains(text, "hunter2") {
			t.Errorf("in unexported fields %s shows the canary: %s", verb, text)
		}
	}
	if got := fmt.Sprint(Item{Code: "TOO_LONG", Field: "f", Message: "m"}, Item{Message: "m"}); got != "TOO_LONG item" {
		t.Errorf("items print as %q", got)
	}
	var none *Error
	var noStop *StopError
	if got := fmt.Sprintf("%v %+v", none, noStop); got != "<nil> <nil>" {
		t.Errorf("nil errors print as %q", got)
	}
}

// TestStopHidesURL holds that a stop after a failure of net/http shows the kind
// of failure and the address and nothing of the URL, and still leads to the
// failure itself.
func TestStopHidesURL(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	address := server.Listener.Addr().String()
	server.Close()
	garbage, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer garbage.Close()
	go func() {
		for {
			conn, err := garbage.Accept()
			if err != nil {
				return
			}
			fmt.Fprint(conn, "hunter2 is no HTTP\r\n\r\n")
			conn.Close()
		}
	}()
	vendors := answer(429, "RATE", "90")
	get := func(target string) error {
		_, err := http.Get(target)
		var u *url.Error
		if !errors.As(err, &u) {
			t.Fatalf("%s: %v", target, err)
		}
		return err
	}
	parsed := &url.Error{Op: "parse", URL: "https://x.example/?key=hunter2", Err: errors.New("bad hunter2")}
	for _, c := range []struct {
		cause error
		text  string
	}{
		{get("http://user:hunter2@" + address + "/hunter2?key=hunter2"), "no response: refused (dial tcp " + address + ")"},
		{get("http://" + garbage.Addr().String() + "/?key=hunter2"), "no response: other"},
		{get("gopher://x.example/?key=hunter2"), "no response: bad_scheme"},
		{parsed, "no response: other"},
		{fmt.Errorf("call: %w", parsed), "no response: other"},
		{errors.Join(vendors, parsed), vendors.Error()},
		{fmt.Errorf("call 7: %w", vendors), "call 7: " + vendors.Error()},
	} {
		stop := Decision{Reason: ReasonUsedUp}.Err(c.cause)
		if want := strings.TrimSuffix(c.text, ".") + "; not sent again: the attempts are used up"; stop.Error() != want {
			t.Errorf("it reads\n%s\nwant\n%s", stop, want)
		}
		if !errors.Is(stop, c.cause) || FailureOf(stop) != FailureOf(c.cause) {
			t.Errorf("%v does not lead to its cause", stop)
		}
		for form, text := range forms(t, stop) {
			if strings.Contains(text, "hunter2") {
				t.Errorf("%s shows the URL: %s", form, text)
			}
		}
	}
}

// TestStopJSON holds what a stop is in JSON.
func TestStopJSON(t *testing.T) {
	cause := answer(429, "RATE", "90")
	err := shop.Policy().Decide(context.Background(), Attempt{Err: cause, Now: noon}).Err(cause)
	got, bad := json.Marshal(err)
	inner, _ := json.Marshal(cause)
	if want := `{"action":"stop","reason":"the wait is longer than MaxWait","until":"` + noon.Add(90*time.Second).UTC().Format(time.RFC3339Nano) + `","cause":` + string(inner) + `}`; string(got) != want || bad != nil {
		t.Errorf("%s, %v, want %s", got, bad, want)
	}
	got, bad = json.Marshal(Decision{Reason: ReasonUsedUp}.Err(io.ErrUnexpectedEOF))
	if want := `{"action":"stop","reason":"the attempts are used up","cause":"no response: eof"}`; string(got) != want || bad != nil {
		t.Errorf("%s, %v, want %s", got, bad, want)
	}
	if got, bad = json.Marshal((*StopError)(nil)); string(got) != "null" || bad != nil {
		t.Errorf("%s, %v", got, bad)
	}
}

// TestStopErrorLog holds that a program logs the same of an error, whether it comes
// alone or with why the request was not sent again.
func TestStopErrorLog(t *testing.T) {
	logged := func(err error) string {
		var b strings.Builder
		slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 {
				return slog.Attr{} // the time, the level and the message
			}
			return a
		}})).Warn("", "err", err)
		return strings.TrimSpace(b.String())
	}
	c := &Catalog{Vendor: "acme", Entries: []Entry{{Name: "Busy", Meaning: "It is busy."}}}
	e := c.Decode(429, nil, nil, time.Time{})
	until := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	const answer = "err.vendor=acme err.entry=Busy err.status=429 err.class=throttled err.retry=backoff"
	for _, tt := range []struct {
		err  error
		want string
	}{
		{e, answer},
		{&StopError{Decision{Reason: ReasonUsedUp}, e, nil}, answer + ` err.reason="` + ReasonUsedUp.String() + `"`},
		{
			&StopError{Decision{Reason: ReasonDeadline, Until: until}, fmt.Errorf("call: %w", e), nil},
			answer + ` err.reason="` + ReasonDeadline.String() + `" err.until=2026-04-01T00:00:00.000Z`,
		},
		{
			&StopError{Decision{Reason: ReasonUsedUp}, &url.Error{Op: "Get", URL: "https://x/?secret", Err: io.ErrUnexpectedEOF}, nil},
			`err.failure=` + FailureEOF.String() + ` err.reason="` + ReasonUsedUp.String() + `"`,
		},
		{&StopError{Cause: (*Error)(nil)}, `err.failure=` + FailureOther.String() + ` err.reason="` + ReasonNone.String() + `"`},
		{&StopError{}, `err.reason="` + ReasonNone.String() + `"`},
	} {
		if got := logged(tt.err); got != tt.want {
			t.Errorf("%v\n got %s\nwant %s", tt.err, got, tt.want)
		}
	}
	if got := (*StopError)(nil).LogValue(); !got.Equal(slog.Value{}) {
		t.Errorf("%v", got)
	}
}
