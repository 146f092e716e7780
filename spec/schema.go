package spec

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// SchemaID names the JSON Schema of catalogs. It is a name, not an address.
const SchemaID = "urn:errgen:catalog:v1"

// Schema returns the JSON Schema (draft 2020-12) of a catalog, for editors and
// validators: indented JSON, the same bytes every time. It is made of the same
// definitions as the reader. A catalog that the reader takes is valid by it,
// unless YAML makes another value of a text that stands without quotes; the
// schema cannot know what rules beyond the shape of one value find.
func Schema() []byte {
	root := schemaOf(catalogShape.form)
	root.Schema, root.ID = "https://json-schema.org/draft/2020-12/schema", SchemaID
	root.Title = "errgen catalog"
	catalogShape.eachNamed(func(f *form) {
		if f.name != catalogShape.name {
			root.Defs = append(root.Defs, definition{f.name, schemaOf(f)})
		}
	})
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		return nil // cannot happen: the tree holds nothing that JSON has not
	}
	return b.Bytes()
}

// A schema is a JSON Schema, as far as forms need it.
type schema struct {
	Schema        string      `json:"$schema,omitempty"`
	ID            string      `json:"$id,omitempty"`
	Title         string      `json:"title,omitempty"`
	Description   string      `json:"description,omitempty"`
	Ref           string      `json:"$ref,omitempty"`
	Type          any         `json:"type,omitempty"` // a name or several
	Enum          []string    `json:"enum,omitempty"`
	Pattern       string      `json:"pattern,omitempty"`
	Minimum       *float64    `json:"minimum,omitempty"`
	Maximum       *float64    `json:"maximum,omitempty"`
	Items         *schema     `json:"items,omitempty"`
	MinItems      int         `json:"minItems,omitempty"`
	PropertyNames *schema     `json:"propertyNames,omitempty"`
	Properties    definitions `json:"properties,omitempty"`
	Additional    any         `json:"additionalProperties,omitempty"` // false or a schema
	Required      []string    `json:"required,omitempty"`
	AnyOf         []*schema   `json:"anyOf,omitempty"`
	Default       any         `json:"default,omitempty"`
	Examples      []any       `json:"examples,omitempty"`
	Defs          definitions `json:"$defs,omitempty"`
}

// A definition is one of several schemas with a name, in the order of the
// language.
type definition struct {
	name   string
	schema *schema
}

type definitions []definition

// MarshalJSON writes an object.
func (m definitions) MarshalJSON() ([]byte, error) {
	b := bytes.NewBufferString("{")
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	for i, d := range m {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := enc.Encode(d.name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := enc.Encode(d.schema); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// schemaOf is the schema of a form itself, refOf what stands for it elsewhere.
func schemaOf(f *form) *schema {
	f = f.settled()
	s := &schema{Description: f.describe()}
	if f.example != "" {
		s.Examples = []any{editorValue(f.example)}
	}
	switch {
	case f.mapping:
		s.mapping(f)
	case f.names != nil:
		s.table(f)
	case f.each != nil:
		s.Type, s.Items = "array", refOf(f.each)
		if f.filled {
			s.MinItems = 1
		}
	case f.either != nil:
		for _, e := range f.either {
			s.AnyOf = append(s.AnyOf, refOf(e))
		}
	case !f.any:
		s.single(f)
	}
	return s
}

func refOf(f *form) *schema {
	if f = f.settled(); f.name != "" {
		return &schema{Ref: "#/$defs/" + f.name}
	}
	return schemaOf(f)
}

func (s *schema) single(f *form) {
	if s.Type = any(f.types); len(f.types) == 1 {
		s.Type = f.types[0]
	}
	s.Enum, s.Pattern = f.words, f.pattern
	if f.low != f.high {
		s.Minimum, s.Maximum = &f.low, &f.high
	}
}

func (s *schema) mapping(f *form) {
	s.Type, s.Additional = "object", false
	for _, k := range f.keys {
		value := refOf(k.value)
		value.Description = k.describe()
		value.Examples = []any{editorValue(k.example)}
		if k.preset != "" {
			value.Default = editorValue(k.preset)
		}
		s.Properties = append(s.Properties, definition{k.name, value})
		if k.need {
			s.Required = append(s.Required, k.name)
		}
	}
}

// table is a mapping with free keys. Where they are a few words, each is a key
// of its own, so that an editor can offer it.
func (s *schema) table(f *form) {
	names := f.names.settled()
	s.Type = "object"
	if !names.vocabulary() {
		s.PropertyNames, s.Additional = refOf(names), refOf(f.values)
		return
	}
	s.Additional = false
	for _, word := range names.words {
		value := refOf(f.values)
		value.Description = sentence(names.meanings[word])
		value.Examples = []any{editorValue(f.values.settled().example)}
		s.Properties = append(s.Properties, definition{word, value})
	}
}

// describe is what an editor shows of a key.
func (k *keyForm) describe() string {
	text := sentence(k.doc)
	if k.unset != "" {
		text += " Without it: " + plain(k.unset) + "."
	}
	return text
}

// describe is what an editor shows of a named form: a line for each word of a
// vocabulary.
func (f *form) describe() string {
	lines := []string{f.doc}
	for _, word := range f.words {
		if meaning := f.meanings[word]; meaning != "" {
			lines = append(lines, "- "+word+": "+meaning)
		}
	}
	return strings.Join(lines, "\n")
}

// sentence makes a sentence of a phrase.
func sentence(phrase string) string {
	if phrase == "" {
		return ""
	}
	return strings.ToUpper(phrase[:1]) + phrase[1:] + "."
}

// plain is a phrase without the links that it has on the reference page.
func plain(phrase string) string { return links.ReplaceAllString(phrase, "$1") }

var links = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
