package everything_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/client/errs/apierr"
	"example.com/client/errs/everything"
	"example.com/client/errs/everything/everythingtest"
)

// These tests use the package as its users do.

// full is the error of the example of StorageFull, as a client returns it.
func full(t *testing.T) error {
	t.Helper()
	err := everything.Check(everythingtest.Response(everything.StorageFull))
	if err == nil {
		t.Fatal("Check returned nil")
	}
	return fmt.Errorf("put object: %w", err)
}

func TestIs(t *testing.T) {
	err := full(t)
	for _, target := range []error{everything.StorageFull, apierr.Quota} {
		if !errors.Is(err, target) {
			t.Errorf("%v is not %v", err, target)
		}
	}
	for _, target := range []error{everything.Answer, everything.Code(""), apierr.Throttled, io.EOF} {
		if errors.Is(err, target) {
			t.Errorf("%v is %v", err, target)
		}
	}
}

func TestDetails(t *testing.T) {
	err := full(t)
	var d *everything.StorageFullDetails
	if !errors.As(err, &d) {
		t.Fatalf("%v has no details", err)
	}
	zone := time.FixedZone("", 2*60*60)
	want := everything.StorageFullDetails{
		Details: everything.Details{
			At:     time.Date(2026, 3, 31, 22, 29, 59, 500_000_000, zone),
			Server: "web-3",
			Caller: everything.DetailsCaller{ID: 7, Roles: []string{"admin", "ops"}, Agent: "bot"},
		},
		Name:      "disk-1",
		UsedBytes: 9007199254740993,
		Share:     0.995,
		Hard:      true,
		Grace:     90 * time.Second,
		Resets:    time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC),
		Owner:     "ann",
		Holder:    "ann",
		Tags:      []string{"a", "3"},
		Scopes:    []string{"read", "write"},
		Sizes:     []int64{1, 2000},
		Flags:     []bool{true, false},
		Problems:  apierr.Texts{{Key: "disk", Text: "old"}, {Key: "disk", Text: "slow"}, {Key: "fan.left", Text: "loud"}},
		Remarks:   []apierr.Texts{{{Text: "x"}}, {{Key: "a", Text: "y"}}},
		Raw:       json.RawMessage(`{"any": [1, "two", null]}`),
		Files: []everything.StorageFullFilesItem{
			{Path: "/x", Size: 12, Touched: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Tags: []string{"big"}},
			{Path: "/y"},
		},
		Plan: everything.StorageFullPlan{ID: "p", Limits: everything.StorageFullPlanLimits{Bytes: 1000, Period: 24 * time.Hour}},
	}
	if !d.At.Equal(want.At) || !d.Resets.Equal(want.Resets) || !d.Files[0].Touched.Equal(want.Files[0].Touched) {
		t.Errorf("the times are %s, %s, %s", d.At, d.Resets, d.Files[0].Touched)
	}
	got := *d
	got.At, got.Resets, got.Files[0].Touched = want.At, want.Resets, want.Files[0].Touched
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	var common *everything.Details
	if !errors.As(err, &common) || common != &d.Details {
		t.Errorf("the common details are not those of the entry: %p", common)
	}
	var other *everything.AnswerDetails
	if errors.As(err, &other) {
		t.Error("an error has the details of another entry")
	}
	err = everything.Decode(401, http.Header{"X-Agent": {"bot"}}, nil, time.Time{})
	if !errors.As(err, &common) || common.Caller.Agent != "" {
		t.Errorf("an object that is not there has %+v", common)
	}
	err = everything.Check(everythingtest.Response(everything.SignIn))
	if !errors.As(err, &common) || common.Server != "" {
		t.Errorf("an entry without details of its own has %+v", common)
	}
}

func TestCodeOf(t *testing.T) {
	switch everything.CodeOf(full(t)) {
	case everything.StorageFull:
	default:
		t.Error("the switch went past StorageFull")
	}
	other := apierr.Catalog{Vendor: "other", Entries: []apierr.Entry{{Name: "StorageFull"}}}
	others := other.Decode(507, nil, nil, time.Time{})
	if others.Entry() != "StorageFull" {
		t.Errorf("the other vendor's entry is %q", others.Entry())
	}
	for _, err := range []error{nil, io.EOF, everything.StorageFull, others, &apierr.Error{}, (*apierr.Error)(nil)} {
		if code := everything.CodeOf(err); code != "" {
			t.Errorf("the code of %#v is %q", err, code)
		}
	}
}

func TestCodes(t *testing.T) {
	want := []everything.Code{
		everything.Answer, everything.AnswerOtherwise, everything.StorageFull,
		everything.Throttled, everything.SignIn, everything.Teapot,
		everything.Disk, everything.InvalidToken, everything.TooLong, everything.Partly,
	}
	codes := everything.Codes()
	if !slices.Equal(codes, want) {
		t.Errorf("the codes are %q", codes)
	}
	codes[0] = "changed"
	everything.Answer.Status()[0] = 0
	if c := everything.Codes()[0]; c != everything.Answer || c.Status()[0] != 400 {
		t.Error("a caller can change the catalog")
	}
	for _, c := range want {
		if c.Meaning() == "" || c.DocsURL() == "" || len(c.Status()) == 0 && c != everything.Disk || !strings.Contains(c.Error(), string(c)) {
			t.Errorf("%s lacks something: %q, %q, %d, %q", string(c), c.Meaning(), c.DocsURL(), c.Status(), c.Error())
		}
	}
	c := everything.StorageFull
	if c.Wire() != "FULL" || c.Class() != apierr.Quota || c.Retry() != apierr.WaitReset || c.Repeat() != apierr.RepeatAny ||
		c.Action() != "Delete something, or wait for the reset." || c.DocsURL() != "https://docs.example.com/errors/everything.md#storage-full" {
		t.Errorf("StorageFull has %q, %s, %s, %s, %q, %s", c.Wire(), c.Class(), c.Retry(), c.Repeat(), c.Action(), c.DocsURL())
	}
	if everything.Answer.Wire() != "00042" || everything.SignIn.Wire() != "" {
		t.Error("a code on the wire is not as the vendor sends it")
	}
	if c := everything.Code("None"); c.Wire() != "" || c.Class() != apierr.Unknown || c.Status() != nil || c.DocsURL() != "" {
		t.Error("a code that is none has something")
	}
}

// TestItems shows that failed items are read of an error and of a success, and
// that a response below 400 is an error when the catalog says so.
func TestItems(t *testing.T) {
	want := []apierr.Item{
		{Code: "E1", Field: "a.b", Message: "first"},
		{Field: "name", Message: "too long"},
		{Field: "name", Message: "odd"},
	}
	failed := everythingtest.Response(everything.Partly)
	var e *apierr.Error
	if err := everything.Check(failed); !errors.Is(err, everything.Partly) || !errors.As(err, &e) || !slices.Equal(e.Items(), want) {
		t.Errorf("the error %v has %+v, want %+v", err, e, want)
	}
	body, err := io.ReadAll(failed.Body)
	if err != nil {
		t.Fatal(err)
	}
	success := response(207, strings.Replace(string(body), "false", "true", 1))
	success.Header.Set("Content-Type", "application/json")
	for range 2 {
		if err := everything.Check(success); err != nil {
			t.Errorf("a success is %v", err)
		}
		if items := everything.Items(success); !slices.Equal(items, want) {
			t.Errorf("the success has %+v, want %+v", items, want)
		}
	}
	if items := everything.Items(response(200, `{}`)); items != nil {
		t.Errorf("a success without items has %+v", items)
	}
	if err := everything.Check(&http.Response{StatusCode: 200, Header: http.Header{"X-Error": {"code=FULL"}}}); !errors.Is(err, everything.StorageFull) {
		t.Errorf("a success with an error in its header is %v", err)
	}
}

// TestRefine shows that the innermost error that the catalog lists decides, and
// that the code is still the outermost.
func TestRefine(t *testing.T) {
	err := everything.Check(everythingtest.Response(everything.TooLong))
	var e *apierr.Error
	var d *everything.TooLongDetails
	if !errors.As(err, &e) || e.Code != "BAD" || !errors.As(err, &d) || d.Limit != 5 || e.RetryAfter != 3*time.Second {
		t.Errorf("%v has the details %+v", err, d)
	}
}

// TestOverride shows that the vendor's header decides both ways.
func TestOverride(t *testing.T) {
	for value, want := range map[string]apierr.Action{"true": apierr.ActionRetry, "false": apierr.ActionStop, "no": apierr.ActionStop, "TRUE": apierr.ActionStop} {
		e := everything.Decode(400, http.Header{"X-Should-Retry": {value}}, nil, time.Now())
		if d := everything.Policy().Decide(context.Background(), apierr.Attempt{Method: "POST", Err: e}); d.Action != want {
			t.Errorf("%s: %s (%s)", value, d.Action, d.Reason)
		}
	}
	e := everything.Decode(503, http.Header{"X-Should-Retry": {"no"}}, nil, time.Now())
	if d := everything.Policy().Decide(context.Background(), apierr.Attempt{Err: e}); d.Action != apierr.ActionStop {
		t.Errorf("503: %s (%s)", d.Action, d.Reason)
	}
}

func TestRateLimits(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	header := http.Header{}
	for name, value := range map[string]string{
		"X-Limit": "200", "X-State": " 8 ", "X-Reset-At": "1795262460",
		"X-Used": "950", "X-Left": "50", "X-Day-Reset": "12h30m",
	} {
		header.Set(name, value)
	}
	limits := everything.RateLimits(header, now)
	if len(limits) != 2 {
		t.Fatalf("there are %d limits: %+v", len(limits), limits)
	}
	minute, day := limits[0], limits[1]
	if left, ok := minute.Left(); minute.Name != "minute" || minute.Limit != 200 || minute.Remaining != 8 || minute.Used != -1 || !ok || left != 0.04 {
		t.Errorf("the minute is %+v", minute)
	}
	if left, ok := day.Left(); day.Name != "day" || day.Limit != -1 || !ok || left != 0.05 || !day.ResetAt.Equal(now.Add(12*time.Hour+30*time.Minute)) {
		t.Errorf("the day is %+v", day)
	}
	if minute.Warning() != 2 || day.Warning() != 1 {
		t.Errorf("the warnings are %d and %d", minute.Warning(), day.Warning())
	}
	header = http.Header{}
	header.Add("RateLimit", `"default";r=20;t=30`)
	header.Add("RateLimit", `daily;r=0`)
	header.Set("RateLimit-Policy", `"default";q=100;w=60;qu="credits"`)
	limits = everything.RateLimits(header, now)
	if len(limits) != 2 || limits[0].Name != "default" || limits[0].Unit != "credits" || limits[0].Limit != 100 ||
		limits[0].Window != time.Minute || !limits[0].ResetAt.Equal(now.Add(30*time.Second)) || limits[0].Warning() != 1 {
		t.Errorf("the windows that the server names are %+v", limits)
	}
	if limits := everything.RateLimits(http.Header{}, now); limits != nil {
		t.Errorf("without headers there are %+v", limits)
	}
}

func TestUserMessage(t *testing.T) {
	for _, c := range []struct {
		code       everything.Code
		lang, want string
	}{
		{everything.StorageFull, "en", "There is no room left."},
		{everything.StorageFull, "tr-TR", "Yer kalmadı."},
		{everything.StorageFull, "PT-br", "Não há mais espaço."},
		{everything.StorageFull, "de", "There is no room left."},
		{everything.Answer, "tr", "Bir şeyler ters gitti."},
		{everything.Answer, "", "Something went wrong."},
		{"", "en", "Something went wrong."},
	} {
		if got := c.code.UserMessage(c.lang); got != c.want {
			t.Errorf("%s in %q is %q, want %q", string(c.code), c.lang, got, c.want)
		}
	}
	var e *apierr.Error
	if errors.As(full(t), &e); e.UserMessage("tr") != "Yer kalmadı." || !strings.HasSuffix(e.DocsURL(), "#storage-full") {
		t.Errorf("the error says %q, %s", e.UserMessage("tr"), e.DocsURL())
	}
}

func TestPolicy(t *testing.T) {
	policy := everything.Policy()
	policy.Rand = func() float64 { return 0 }
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name     string
		status   int
		header   http.Header
		body     string
		attempt  apierr.Attempt
		action   apierr.Action
		delay    time.Duration
		untilFor time.Duration
	}{
		{"a wait that the server asks for", 429, nil, `{"failure":{"code":"THROTTLED","wait":1500}}`, apierr.Attempt{}, apierr.ActionRetry, 1500 * time.Millisecond, 1500 * time.Millisecond},
		{"the status row's default", 429, nil, `{"failure":{"code":"THROTTLED"}}`, apierr.Attempt{}, apierr.ActionRetry, 10 * time.Second, 0},
		{"a request that is not idempotent", 429, nil, `{"failure":{"code":"THROTTLED"}}`, apierr.Attempt{Method: "POST"}, apierr.ActionStop, 0, 0},
		{"one with the vendor's header", 429, nil, `{"failure":{"code":"THROTTLED"}}`, apierr.Attempt{Method: "POST", Header: http.Header{"Idempotency-Key": {"k"}}}, apierr.ActionRetry, 10 * time.Second, 0},
		{"a quota", 507, nil, `{"failure":{"code":"FULL","info":{"resets":"2026-11-21T12:30:00Z"}}}`, apierr.Attempt{}, apierr.ActionStop, 0, 30 * time.Minute},
		{"new credentials", 401, nil, ``, apierr.Attempt{}, apierr.ActionRefresh, 0, 0},
		{"new credentials again", 401, nil, ``, apierr.Attempt{Refreshed: true}, apierr.ActionStop, 0, 0},
		{"a conflict", 418, nil, `{"failure":{"kind":"tea"}}`, apierr.Attempt{}, apierr.ActionReconcile, 0, 0},
		{"no entry, a status row", 503, nil, ``, apierr.Attempt{Method: "POST", Attempts: 2}, apierr.ActionRetry, 3 * time.Second, 0},
		{"no entry and never", 425, nil, ``, apierr.Attempt{}, apierr.ActionStop, 0, 0},
		{"no retries left", 500, nil, ``, apierr.Attempt{Attempts: 6}, apierr.ActionStop, 0, 0},
	} {
		c.attempt.Err = everything.Decode(c.status, c.header, []byte(c.body), now)
		c.attempt.Now = now
		d := policy.Decide(context.Background(), c.attempt)
		if d.Action != c.action || d.Delay != c.delay {
			t.Errorf("%s: %s after %s (%s), want %s after %s", c.name, d.Action, d.Delay, d.Reason, c.action, c.delay)
		}
		if want := now.Add(c.untilFor); c.untilFor > 0 && !d.Until.Equal(want) {
			t.Errorf("%s: until %s, want %s", c.name, d.Until, want)
		}
	}
	if policy.MaxRetries != 5 || policy.Idempotency != "Idempotency-Key" || len(policy.Failures) != 3 {
		t.Errorf("the policy is %+v", policy)
	}
}

// TestOddResponses shows what becomes of responses that no document describes.
func TestOddResponses(t *testing.T) {
	html := "<html><body>502 Bad Gateway, secret=hunter2</body></html>"
	for _, c := range []struct {
		name      string
		resp      *http.Response
		entry     string
		code      string
		class     apierr.Class
		truncated bool
	}{
		{"HEAD", &http.Response{StatusCode: 401, Body: http.NoBody, ContentLength: 512}, "SignIn", "", apierr.Unauthenticated, false},
		{"no body at all", &http.Response{StatusCode: 500}, "", "", apierr.Transient, false},
		{"HTML", response(502, html), "", "", apierr.Transient, false},
		{"broken JSON", response(507, `{"failure":{"code":"FULL","message":"sec`), "", "", apierr.Transient, false},
		{"a scalar", response(404, `"FULL"`), "", "", apierr.NotFound, false},
		{"an unknown code", response(403, `{"failure":{"code":"BRAND_NEW"}}`), "", "BRAND_NEW", apierr.Forbidden, false},
		{"an unknown code that is a text", response(403, `{"failure":{"code":"no, hunter2"}}`), "", "no, hunter2", apierr.Forbidden, false},
		{"a body that is too long", response(507, `{"failure":{"code":"FULL"},"x":"`+strings.Repeat("x", apierr.MaxBody)+`"}`), "", "", apierr.Transient, true},
	} {
		err := everything.Check(c.resp)
		var e *apierr.Error
		if !errors.As(err, &e) {
			t.Fatalf("%s: %v", c.name, err)
		}
		if e.Entry() != c.entry || e.Code != c.code || e.Class != c.class || e.Truncated != c.truncated {
			t.Errorf("%s: entry %q, code %q, class %s, truncated %t", c.name, e.Entry(), e.Code, e.Class, e.Truncated)
		}
		for _, text := range []string{err.Error(), fmt.Sprintf("%+v %#v %q", err, err, err)} {
			if strings.Contains(text, "hunter2") || strings.Contains(text, "<html>") {
				t.Errorf("%s: the text shows the body: %s", c.name, text)
			}
		}
	}
	for _, status := range []int{200, 204, 304} {
		if err := everything.Check(&http.Response{StatusCode: status}); err != nil {
			t.Errorf("%d is %v", status, err)
		}
	}
	if err := everything.Check(nil); err != nil {
		t.Errorf("no response is %v", err)
	}
}

func response(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

func TestBodyIsPutBack(t *testing.T) {
	for _, ex := range everythingtest.Examples() {
		resp := ex.Response()
		for range 2 {
			if everything.Check(resp) == nil {
				t.Errorf("%s: Check returned nil", ex.String())
			}
		}
		body, err := io.ReadAll(resp.Body)
		if string(body) != ex.Body || err != nil || resp.Body.Close() != nil {
			t.Errorf("%s: the body is now %q, %v", ex.String(), body, err)
		}
	}
}

func TestHandler(t *testing.T) {
	for _, code := range everything.Codes() {
		srv := httptest.NewServer(everythingtest.Handler(code))
		for _, method := range []string{"GET", "POST"} {
			req, err := http.NewRequest(method, srv.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := srv.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			if err := everything.Check(resp); !errors.Is(err, code) {
				t.Errorf("%s of %s is %v", method, string(code), err)
			}
			resp.Body.Close()
		}
		srv.Close()
	}
	if everythingtest.Response("None") != nil {
		t.Error("a code that is none has a response")
	}
	rec := httptest.NewRecorder()
	everythingtest.Handler("None").ServeHTTP(rec, nil)
	if rec.Code != http.StatusNotImplemented {
		t.Errorf("a code that is none is answered with %d", rec.Code)
	}
}
