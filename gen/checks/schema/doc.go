// Package schema holds the JSON Schema of catalogs against the reader, by a
// validator that others keep. It is in a module of its own, so that errgen does
// not depend on one.
package schema
