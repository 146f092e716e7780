package apierr

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"
)

func TestAuthParam(t *testing.T) {
	for _, tt := range []struct {
		fields        string // separated by newlines
		scheme, param string
		want          string
		ok            bool
	}{
		{`Bearer error="invalid_token"`, "Bearer", "error", "invalid_token", true},
		{`bEARER ERROR="invalid_token"`, "Bearer", "error", "invalid_token", true},
		{`Bearer realm="a, error=\"no\"", error="x"`, "Bearer", "error", "x", true},
		{`Bearer realm="a, error=\"no\""`, "Bearer", "error", "", false},
		{`Bearer realm="a \"b\\ c\d"`, "Bearer", "realm", `a "b\ cd`, true},
		{`Bearer error=invalid_token,scope=a`, "Bearer", "scope", "a", true},
		{"Bearer error \t=  \"x\" , scope = y", "Bearer", "scope", "y", true},
		{"Bearer error=\"x\",\r\n\tscope=\"y z\"", "Bearer", "scope", "y z", true},
		{`Basic realm="a", Bearer error="x"`, "Bearer", "error", "x", true},
		{`Basic realm="a", error="no", Bearer realm="b"`, "Bearer", "error", "", false},
		{`Basic realm="a", Bearer error="x"`, "Basic", "error", "", false},
		{`Basic realm="a", Bearer error="x"`, "", "error", "x", true},
		{`Basic realm="a", Bearer realm="b"`, "", "realm", "a", true},
		{`Basic, Bearer error="x"`, "Bearer", "error", "x", true},
		{`Negotiate, Basic realm=a`, "Basic", "realm", "a", true},
		{`Negotiate oYG2MIG/~._-+=, Bearer error="x"`, "Bearer", "error", "x", true},
		{`Negotiate abcd==,Bearer error="x"`, "Bearer", "error", "x", true},
		{`Negotiate error=`, "Negotiate", "error", "", false},
		{`Negotiate abcd, error=x`, "Negotiate", "error", "x", true},
		{",, Bearer , error=\"x\" ,,", "Bearer", "error", "x", true},
		{"Basic realm=\"a\"\nBearer error=\"x\"", "Bearer", "error", "x", true},
		{"Bearer realm=\"a\"\nerror=\"x\"", "Bearer", "error", "x", true},
		{`Bearer realm="a", Bearer realm="b", error="x"`, "Bearer", "error", "x", true},
		{`Bearer error="x", error="y"`, "Bearer", "error", "x", true},
		{`Bearer error="", scope=z`, "Bearer", "error", "", true},
		{`Bearer realm=, error="x"`, "Bearer", "error", "x", true},
		{`Bearer error="x", realm=, scope=y`, "Bearer", "scope", "y", true},
		{`Bearer realm="a" error="x"`, "Bearer", "error", "x", true},
		{`Bearer authorization_uri=https://login.test/a?b=c, error="x"`, "Bearer", "authorization_uri", "https://login.test/a?b=c", true},
		{`Bearer authorization_uri=https://login.test/a?b=c, error="x"`, "Bearer", "error", "x", true},
		{`Digest qop="auth", nonce="MTY=", opaque="5ccc"`, "Digest", "opaque", "5ccc", true},
		{`nextnonce="abc", qop=auth`, "", "qop", "auth", true},
		{`nextnonce="abc", qop=auth`, "Digest", "qop", "", false},
		{`"stray, error=no", Bearer error="x"`, "Bearer", "error", "x", true},
		{`Bearer error="never closed`, "Bearer", "error", "", false},
		{`Bearer error="never closed\`, "Bearer", "error", "", false},
		{"Bearer realm=\"open\nerror=x", "Bearer", "error", "x", true},
		{`=== "" \ Bearer error=x`, "Bearer", "error", "x", true},
		{`error="x"`, "Bearer", "error", "", false},
		{``, "", "error", "", false},
	} {
		got, ok := authParam(strings.Split(tt.fields, "\n"), tt.scheme, tt.param)
		if strings.Contains(tt.fields, "\r\n") {
			got, ok = authParam([]string{tt.fields}, tt.scheme, tt.param)
		}
		if got != tt.want || ok != tt.ok {
			t.Errorf("%q, %s %s: %q, %v", tt.fields, tt.scheme, tt.param, got, ok)
		}
	}
}

func TestAuthParamPlace(t *testing.T) {
	places := []Place{{}, {Header: "Www-Authenticate", Scheme: "Bearer", Param: "error", After: "in", Before: "_"}}
	header := http.Header{"Www-Authenticate": {"Basic realm=x", `Bearer error="invalid_token"`}}
	c := mustPlan(t, places).newScan().captures("", 401, header)
	if c.String(1) != "valid" || string(c.JSON(1)) != `"valid"` || !c.Has(1) {
		t.Errorf("%q %s", c.String(1), c.JSON(1))
	}
}

// FuzzAuthParam writes a parameter into challenges as a server would, sends
// them through net/http and reads the parameter back.
func FuzzAuthParam(f *testing.F) {
	f.Add("Bearer", "error", `inv"a\lid, x=y`, `Basic abc==`)
	f.Add("x", "y", "", `Bearer error="open`)
	f.Add("B", "e", "é\t,", `, = "\`)
	f.Fuzz(func(t *testing.T, scheme, param, value, noise string) {
		authParam([]string{noise, value}, scheme, param)
		isToken := func(s string) bool {
			return s != "" && strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 || !isTokenByte(byte(r)) }) < 0
		}
		isText := func(s string) bool {
			return strings.IndexFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) < 0
		}
		if !isToken(scheme) || !isToken(param) || !isText(value) {
			return
		}
		quoted := strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(value)
		challenge := scheme + ` realm-="x=,\"y", ` + param + `="` + quoted + `"`
		if strings.EqualFold(param, "realm-") {
			return
		}
		resp := &http.Response{StatusCode: 401, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{
			"Www-Authenticate": {`A-` + scheme + ` ` + param + `="other"`, `B-` + scheme + ` dG9rZW4=, ` + challenge},
		}}
		var wire bytes.Buffer
		if err := resp.Write(&wire); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(&wire), nil)
		if err != nil {
			return
		}
		got, ok := authParam(resp.Header["Www-Authenticate"], strings.ToUpper(scheme), strings.ToUpper(param))
		if !ok || got != value {
			t.Fatalf("%q: %q, %v, want %q", resp.Header, got, ok, value)
		}
	})
}
