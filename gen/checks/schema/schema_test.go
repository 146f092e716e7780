package schema

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/errgen/errgen/spec"
)

const root = "../../.."

// compiler returns a compiler that knows the schema by [spec.SchemaID].
func compiler(t *testing.T) *jsonschema.Compiler {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(spec.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(spec.SchemaID, doc); err != nil {
		t.Fatal(err)
	}
	return c
}

// compile compiles the schema, or the part of it at a JSON pointer. It fails
// when that is no schema by the meta-schema of its draft.
func compile(t *testing.T, c *jsonschema.Compiler, pointer string) *jsonschema.Schema {
	t.Helper()
	s, err := c.Compile(spec.SchemaID + pointer)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogs at %s (%v)", pattern, err)
	}
	return files
}

func parse(t *testing.T, file string) *yaml.Node {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil || len(doc.Content) != 1 {
		t.Fatalf("%s: %v", file, err)
	}
	return doc.Content[0]
}

// TestCatalogsAreValid validates every catalog of the repository.
func TestCatalogsAreValid(t *testing.T) {
	s := compile(t, compiler(t), "")
	for _, pattern := range []string{"spec/catalogs/*.yaml", "spec/testdata/rules/ok/*.yaml", "spec/testdata/vendors/*.yaml", "spec/replay/testdata/*.yaml", "gen/testdata/*.yaml"} {
		for _, file := range glob(t, pattern) {
			if err := s.Validate(editorValue(parse(t, file))); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

// shapeRules are the rules that look at the shape of a value, as the schema
// does.
var shapeRules = map[string]bool{
	"unknown-key": true, "missing-key": true, "wrong-type": true, "bad-value": true,
	"bad-path": true, "bad-duration": true, "bad-status": true,
}

// unseen are problems of these rules that the schema cannot see.
var unseen = map[string]string{
	"in the whole body":                "a path that is too long only once it is put behind the envelope's root",
	"put the smaller status first":     "an order of numbers",
	`"017" is not a number of retries`: "YAML has made a number of it",
	`"0429" is not an HTTP status`:     "YAML has made a number of it",
}

// TestLintFixtures holds that the schema finds each problem of shape in the
// lint fixtures at its place, and none in a fixture that has none.
func TestLintFixtures(t *testing.T) {
	s := compile(t, compiler(t), "")
	seen, passed := map[string]bool{}, map[string]bool{} // rules, texts in unseen
	for _, file := range glob(t, "spec/testdata/rules/*/*.yaml") {
		problems := lint(t, file)
		if readable := len(problems) == 0 || !strings.HasPrefix(problems[0].Rule, "yaml-"); !readable {
			continue
		}
		node := parse(t, file)
		broken := failures(t, s.Validate(editorValue(node)))
		shaped := false
		for _, p := range problems {
			if text := unseenText(p); text != "" {
				passed[text] = true
				continue
			}
			if !shapeRules[p.Rule] {
				continue
			}
			shaped, seen[p.Rule] = true, true
			if !broken.has(p, placesAt(node, p.Pos)) {
				t.Errorf("the schema does not find this:\n%s\nbut\n%s", p, broken)
			}
		}
		if !shaped && len(broken) > 0 {
			t.Errorf("%s has no problem of shape, but\n%s", file, broken)
		}
	}
	for rule := range shapeRules {
		if !seen[rule] {
			t.Errorf("no fixture has a problem of the rule %s that the schema finds", rule)
		}
	}
	for text, why := range unseen {
		if !passed[text] {
			t.Errorf("no fixture has the problem %q, which the schema does not see: %s", text, why)
		}
	}
}

func lint(t *testing.T, file string) spec.Problems {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, problems := spec.Load(filepath.ToSlash(file), src)
	return problems
}

// unseenText is what is written of the problem in unseen.
func unseenText(p spec.Problem) string {
	for text := range unseen {
		if strings.Contains(p.String(), text) {
			return text
		}
	}
	return ""
}

// A node is one schema within the schema.
type node struct {
	Description string
	Default     *any
	Examples    []any
	Properties  map[string]node
	Defs        map[string]node `json:"$defs"`
	AnyOf       []node          `json:"anyOf"`
}

// TestKeys holds that every key in the schema, and every definition, is
// described and has examples, and that these and its default are valid by it.
func TestKeys(t *testing.T) {
	var whole node
	if err := json.Unmarshal(spec.Schema(), &whole); err != nil {
		t.Fatal(err)
	}
	c := compiler(t)
	count := 0
	var check func(at string, n node)
	var within func(at string, n node)
	check = func(at string, n node) {
		count++
		if n.Description == "" || len(n.Examples) == 0 {
			t.Errorf("%s has no description or no example", at)
		}
		values := n.Examples
		if n.Default != nil {
			values = append(values, *n.Default)
		}
		s := compile(t, c, at)
		for _, v := range values {
			if err := s.Validate(v); err != nil {
				t.Errorf("%s: %v: %v", at, v, err)
			}
		}
		within(at, n)
	}
	within = func(at string, n node) {
		for name, n := range n.Properties {
			check(at+"/properties/"+escape.Replace(name), n)
		}
		for name, n := range n.Defs {
			check(at+"/$defs/"+escape.Replace(name), n)
		}
		for i, n := range n.AnyOf {
			within(at+"/anyOf/"+string(rune('0'+i)), n)
		}
	}
	check("#", whole)
	if count < 150 {
		t.Errorf("only %d keys and definitions were looked at", count)
	}
}

// escape writes a name in a JSON pointer within a URI (RFC 6901, section 6).
var escape = strings.NewReplacer("~", "~0", "/", "~1", ":", "%3A")

// TestTwice holds that the schema is the same every time.
func TestTwice(t *testing.T) {
	if !bytes.Equal(spec.Schema(), spec.Schema()) {
		t.Error("two calls give different schemas")
	}
}
