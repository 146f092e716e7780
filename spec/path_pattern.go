package spec

// pathPattern describes the paths that [apierr.ParseRelativePath] reads, for
// editors: a regular expression that Go and JavaScript read alike, and so
// without classes of Unicode. It takes every character beyond ASCII for a
// letter, and every escape of four hexadecimal digits for a character.
const pathPattern = `^[$@](?:` + pathStep + `){0,16}$`

const (
	pathStep = `\.\*|\.\.?` + pathName + `|\.\.\[` + pathQuoted + `\]|\[(?:\*|` + pathIndex + `|` + pathQuoted + `|` + pathFilter + `)\]`

	// A name without quotes: letters, digits, _ and -, the first a letter or _.
	pathName = `[^\x00-@\[-^\x60{-\x7f][^\x00-,./:-@\[-^\x60{-\x7f]*`

	pathIndex  = `(?:0|[1-9]\d{0,4})`
	pathQuoted = `(?:'(?:[^'\\\x00-\x1f]|\\(?:['bfnrt/\\]|u[0-9A-Fa-f]{4}))*'|"(?:[^"\\\x00-\x1f]|\\(?:["bfnrt/\\]|u[0-9A-Fa-f]{4}))*")`
	pathFilter = `\?@(?:\.` + pathName + `|\[(?:` + pathIndex + `|` + pathQuoted + `)\]){0,4}==(?:` + pathQuoted + `|true|false|` + pathNumber + `)`
	pathNumber = `-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?`
)
