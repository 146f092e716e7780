package spec

import (
	"testing"

	"gopkg.in/yaml.v3"
)

// TestWrecked guards against rules that go on with what could not be read:
// whatever stands in the place of any value of a catalog, every problem is
// sound, and so has a place in the file.
func TestWrecked(t *testing.T) {
	wrecks := map[string]yaml.Node{
		"nothing":          {Kind: yaml.ScalarNode, Tag: "!!null"},
		"a word":           {Kind: yaml.ScalarNode, Value: "zzz"},
		"an empty list":    {Kind: yaml.SequenceNode, Style: yaml.FlowStyle},
		"a list":           {Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: "zzz"}}},
		"an empty mapping": {Kind: yaml.MappingNode, Style: yaml.FlowStyle},
		"a mapping":        {Kind: yaml.MappingNode, Style: yaml.FlowStyle, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: "zzz"}, {Kind: yaml.ScalarNode, Value: "zzz"}}},
	}
	for _, file := range append(fixtures(t, "ok"), "testdata/vendors/azure-arm.yaml") {
		var doc yaml.Node
		if err := yaml.Unmarshal(open(t, file), &doc); err != nil {
			t.Fatal(err)
		}
		eachNode(&doc, func(value *yaml.Node) {
			was := *value
			for name, wreck := range wrecks {
				*value = wreck
				src, err := yaml.Marshal(&doc)
				if err != nil {
					t.Fatal(err)
				}
				p, problems := Load("a.yaml", src)
				if (p == nil) != (problems.Err() != nil) {
					t.Errorf("%s, %s in line %d: program %t, errors %v", file, name, was.Line, p != nil, problems.Err())
				}
				checkProblems(t, problems)
			}
			*value = was
		})
	}
}

// eachNode calls f for each value below a document.
func eachNode(n *yaml.Node, f func(*yaml.Node)) {
	for i, c := range n.Content {
		if n.Kind != yaml.MappingNode || i%2 == 1 {
			f(c)
		}
		eachNode(c, f)
	}
}
