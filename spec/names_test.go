package spec

import (
	"go/token"
	"strings"
	"testing"
	"testing/quick"
)

func TestGoName(t *testing.T) {
	for _, c := range []struct{ wire, want, anchor string }{
		{"RATE_LIMITED", "RateLimited", "rate-limited"},
		{"rate_limited", "RateLimited", "rate-limited"},
		{"rate-limited", "RateLimited", "rate-limited"},
		{"rate.limited", "RateLimited", "rate-limited"},
		{"rateLimited", "RateLimited", "rate-limited"},
		{"RateLimited", "RateLimited", "rate-limited"},
		{"rate limited!", "RateLimited", "rate-limited"},
		{"__rate__limited__", "RateLimited", "rate-limited"},
		{"INVALID_API_KEY", "InvalidAPIKey", "invalid-api-key"},
		{"invalidApiKey", "InvalidAPIKey", "invalid-api-key"},
		{"apiKeyId", "APIKeyID", "api-key-id"},
		{"userID", "UserID", "user-id"},
		{"userIDs", "UserIDs", "user-ids"},
		{"user_ids", "UserIDs", "user-ids"},
		{"URLs", "URLs", "urls"},
		{"bad_urls_found", "BadURLsFound", "bad-urls-found"},
		{"BadURLsFound", "BadURLsFound", "bad-urls-found"},
		{"thisIsIt", "ThisIsIt", "this-is-it"},
		{"status", "Status", "status"},
		{"HTTPSRequired", "HTTPSRequired", "https-required"},
		{"HTTPError", "HTTPError", "http-error"},
		{"html_error", "HTMLError", "html-error"},
		{"OAuth2", "OAuth2", "o-auth2"},
		{"oauth_token", "OauthToken", "oauth-token"},
		{"ERR_AUTH_002", "ErrAuth002", "err-auth002"},
		{"sha256Mismatch", "Sha256Mismatch", "sha256-mismatch"},
		{"s3_error", "S3Error", "s3-error"},
		{"com.example/errors#NotFound", "ComExampleErrorsNotFound", "com-example-errors-not-found"},
		{"x", "X", "x"},
		{"type", "Type", "type"}, // a keyword in small letters is none in capitals
		{"müde", "MDe", "m-de"},
		{"naïve_code", "NaVeCode", "na-ve-code"},
		{"日本", "", ""},
		{"日本 error", "Error", "error"},
		{"", "", ""},
		{"___", "", ""},
		{"404", "", ""},
		{"404_not_found", "", ""},
		{"2nd", "", ""},
		{"e404", "E404", "e404"},
		{"\x00\xff", "", ""},
	} {
		have := GoName(c.wire)
		if have != c.want {
			t.Errorf("GoName(%q) = %q, want %q", c.wire, have, c.want)
		}
		if have := anchor(have); have != c.anchor {
			t.Errorf("anchor of %q is %q, want %q", c.want, have, c.anchor)
		}
	}
}

// TestNamesProperties holds for any text whatever: its Go name is none or an
// exported identifier of ASCII, and its anchor can stand in a link.
func TestNamesProperties(t *testing.T) {
	check := func(wire string) bool {
		name := GoName(wire)
		link := anchor(name)
		return (name == "" || token.IsIdentifier(name) && token.IsExported(name) && strings.Trim(name, letters+digits) == "") &&
			(link == "") == (name == "") && strings.Trim(link, strings.ToLower(letters)+digits+"-") == "" &&
			!strings.HasPrefix(link, "-") && !strings.HasSuffix(link, "-") && !strings.Contains(link, "--")
	}
	ascii := func(b []byte) bool { // letters, digits and punctuation are rare among all runes
		for i := range b {
			b[i] = ' ' + b[i]%95
		}
		return check(string(b))
	}
	for _, property := range []any{check, ascii} {
		if err := quick.Check(property, &quick.Config{MaxCount: 5000}); err != nil {
			t.Error(err)
		}
	}
}

const (
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	digits  = "0123456789"
)
