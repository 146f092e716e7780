package spec

import (
	"strings"
	"unicode"
)

// initialisms are the words that Go names write in capitals: those of Go's
// own style guide, and those of HTTP APIs.
var initialisms = map[string]bool{
	"ACL": true, "AI": true, "API": true, "ASCII": true, "AWS": true, "CIDR": true, "CORS": true, "CPU": true,
	"CRM": true, "CSS": true, "CSV": true, "DB": true, "DNS": true, "EOF": true, "GUID": true, "HTML": true,
	"HTTP": true, "HTTPS": true, "IAM": true, "ID": true, "IP": true, "JSON": true, "JWT": true, "KMS": true,
	"LDAP": true, "MFA": true, "OS": true, "OTP": true, "PDF": true, "QPS": true, "RAM": true, "RPC": true,
	"S3": true, "SDK": true, "SLA": true, "SMS": true, "SMTP": true, "SQL": true, "SSH": true, "SSL": true,
	"SSO": true, "TCP": true, "TLS": true, "TTL": true, "UDP": true, "UI": true, "URI": true, "URL": true,
	"URN": true, "UTF8": true, "UUID": true, "VAT": true, "VM": true, "XML": true, "XSRF": true, "XSS": true,
}

// GoName makes an exported Go name of a name on the wire: RATE_LIMITED becomes
// RateLimited, apiKeyId becomes APIKeyID. It returns "" when none can be made,
// as of a number.
func GoName(wire string) string {
	var b strings.Builder
	for _, word := range words(wire) {
		upper := strings.ToUpper(word)
		one, plural := strings.CutSuffix(upper, "S")
		switch {
		case initialisms[upper]:
			b.WriteString(upper)
		case plural && initialisms[one]:
			b.WriteString(one + "s")
		default:
			b.WriteString(upper[:1] + strings.ToLower(word[1:]))
		}
	}
	name := b.String()
	if name == "" || name[0] < 'A' || name[0] > 'Z' {
		return ""
	}
	return name
}

// words splits a name on the wire at everything but ASCII letters and digits,
// and where a small letter meets a capital: "userID" is two words, "HTTPError"
// is two as well, and "userIDs" is no more than two.
func words(wire string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(wire, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		start := 0
		for i := 1; i < len(part); i++ {
			if isUpper(part[i]) && (!isUpper(part[i-1]) || i+1 < len(part) && isLower(part[i+1]) && !pluralAt(part, i+1)) {
				out = append(out, part[start:i])
				start = i
			}
		}
		out = append(out, part[start:])
	}
	return out
}

// pluralAt reports whether a word ends with the s at i: that of IDs.
func pluralAt(s string, i int) bool {
	return s[i] == 's' && (i+1 == len(s) || !isLower(s[i+1]))
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// anchor makes the fragment of an entry's section in the docs of its Go name:
// RateLimited becomes rate-limited.
func anchor(name string) string { return strings.ToLower(strings.Join(words(name), "-")) }
