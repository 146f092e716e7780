package apierr

import (
	"slices"
	"strings"
)

// What is printed of a vendor's text unasked, by Error and its like. A text is
// printed whole or not at all, and nothing of a text that is not is printed.
const (
	maxIdentifier = 64 // bytes
	maxDigits     = 10 // of a code: ten hold any 32-bit number; cards, accounts and phones have more
	maxNumbers    = 3  // of a code that is not short
	minRandom     = 16 // letters and digits below which a code is not looked at any closer
)

// identifier returns s if it is short and of letters, digits and "_-." only,
// as identifiers are and prose, URLs and quoted input are not, and ""
// otherwise. It is the rule for request ids, which are random by nature and
// stand where the catalog says that there is one.
func identifier(s string) string {
	if len(s) > maxIdentifier {
		return ""
	}
	for i := range len(s) {
		if classOf(s[i]) == otherChar {
			return ""
		}
	}
	return s
}

// codeText returns s if it is an identifier and made of words and numbers, as
// codes are, and "" otherwise. It is the rule for codes that no catalog lists.
// A vendor may well put a key or a token where a code is expected, a proxy may
// do so with what was sent to it, and such a text is told by one of these:
//
//   - it begins as the keys of a well-known service do
//   - it has more than 10 digits
//   - it has 16 letters and digits or more and four numbers or more
//   - it has 16 letters and digits or more, digits or both cases among them,
//     and its words are shorter than 3.5 characters on average. A word is
//     letters or digits without a break; a capital after a small letter begins
//     a word.
//
// RATE_LIMITED, invalid-api-key, AADSTS50011, 2147942405 and
// InvalidOAuth2TokenProviderException are printed; sk_live_4eC39HqLyjWDarjtT1zd,
// AKIAZ7WQ4N5TXB2LMQ6D, a UUID, a hash and a JWT are not. It is a rule of thumb:
// random letters of one case, and a short password, look like a code to it.
func codeText(s string) string {
	if identifier(s) == "" || looksRandom(s) || slices.ContainsFunc(keyPrefixes, func(p string) bool { return strings.HasPrefix(s, p) }) {
		return ""
	}
	return s
}

// keyPrefixes begin the keys and tokens of services that mark theirs, for
// scanners to find them.
var keyPrefixes = []string{
	"AKIA", "ASIA", "AIza", "eyJ", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "npm_", "pypi-",
	"sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "pk_test_", "sk-", "whsec_", "xoxa-", "xoxb-", "xoxp-", "xoxr-", "xoxs-", "SG.", "dop_v1_", "shpat_",
}

func looksRandom(s string) bool {
	var seen [4]int // by charClass
	words, numbers, last := 0, 0, separator
	for i := range len(s) {
		class := classOf(s[i])
		seen[class]++
		switch {
		case class == separator:
		case last == separator, (class == digit) != (last == digit), class == capital && last == small:
			words++
			if class == digit {
				numbers++
			}
		}
		last = class
	}
	size := len(s) - seen[separator]
	mixed := seen[digit] > 0 || seen[small] > 0 && seen[capital] > 0
	short := mixed && 7*words > 2*size
	return seen[digit] > maxDigits || size >= minRandom && (numbers > maxNumbers || short)
}

// A charClass is what a byte of an identifier is.
type charClass uint8

const (
	separator charClass = iota
	small
	capital
	digit
	otherChar // not of an identifier
)

func classOf(c byte) charClass {
	switch {
	case 'a' <= c && c <= 'z':
		return small
	case 'A' <= c && c <= 'Z':
		return capital
	case '0' <= c && c <= '9':
		return digit
	case c == '_' || c == '-' || c == '.':
		return separator
	}
	return otherChar
}
