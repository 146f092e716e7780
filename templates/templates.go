// Package templates holds what files are made of: the Markdown templates of the
// docs, the support package that is emitted as it is, and a catalog to begin with.
package templates

import "embed"

// Catalog is the template of a new catalog.
//
//go:embed catalog.yaml.tmpl
var Catalog string

// Support holds the support package and the packages below it, under
// "apierr". Tests are in it too and are not emitted.
//
//go:embed apierr
var Support embed.FS

// Markdown holds the templates of the pages. What they are executed with is
// Markdown already; they only arrange it.
//
//go:embed *.md.tmpl
var Markdown embed.FS
