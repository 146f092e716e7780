package spec

import (
	"encoding/json"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// editorValue is what an editor makes of a text in YAML, whose version 1.2
// takes some texts without quotes for numbers, booleans or nothing.
func editorValue(src string) any {
	docs, err := documents([]byte(src))
	if err != nil || len(docs) != 1 || len(docs[0].Content) != 1 {
		return nil
	}
	return editorNode(docs[0].Content[0])
}

func editorNode(n *yaml.Node) any {
	switch n.Kind {
	case yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			list = append(list, editorNode(c))
		}
		return list
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = editorNode(n.Content[i+1])
		}
		return m
	}
	switch {
	case n.Style != 0: // quoted, or a block
		return n.Value
	case coreNull.MatchString(n.Value):
		return nil
	case coreBool.MatchString(n.Value):
		return strings.EqualFold(n.Value, "true")
	case jsonNumber.MatchString(n.Value):
		return json.Number(n.Value)
	}
	return n.Value
}

// How the core schema of YAML 1.2 (section 10.3.2) resolves texts. Of its
// numbers, those are enough that JSON writes alike.
var (
	coreNull   = regexp.MustCompile(`^(?:null|Null|NULL|~|)$`)
	coreBool   = regexp.MustCompile(`^(?:true|True|TRUE|false|False|FALSE)$`)
	jsonNumber = regexp.MustCompile(`^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$`)
)
