// Package pages reads the generated pages as their readers' tools do: with a
// Markdown parser. It is in a module of its own, so that errgen does not depend
// on one.
package pages
