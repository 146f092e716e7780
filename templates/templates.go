// Package templates holds what generated files are made of: the Markdown
// templates of the docs, and the support package that is emitted as it is.
package templates

import "embed"

// Support holds the support package and the packages below it, under
// "apierr". Tests are in it too and are not emitted.
//
//go:embed apierr
var Support embed.FS
