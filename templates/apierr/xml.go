package apierr

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Limits of an XML body.
const (
	maxXMLDepth = 64
	maxXMLNodes = 100_000 // elements and attributes
)

const xmlBlanks = " \t\r\n"

// xmlToJSON returns the JSON text of the same tree as an XML document (XML 1.0,
// fifth edition), an object with the root element as its only member:
//
//   - An element with nothing but text is a string, without blanks around it;
//     an empty one is "".
//   - An element with attributes and no elements is an object: its text, even
//     an empty one, is its first member, called #text, and its attributes are
//     members called @name. Where a text is asked for, it is its text.
//   - An element with elements is an object: its attributes, its elements under
//     their names, and the text that it has besides, if any, as #text. It has
//     no text of its own.
//   - Elements of the same name within one element are an array, which stands
//     where the first of them stood; so are attributes. Where a text is asked
//     for, it is that of the first. Those of a name in lists are an array even
//     if there is but one: a [*], an index or a filter behind the name then
//     finds elements, and not what is in one. That goes for the root element,
//     too.
//   - Prefixes of names, declarations of namespaces, comments, processing
//     instructions and the document type are dropped.
//
// White space and a byte order mark may precede the document. The second result
// is false for what is no well-formed document in UTF-8, refers to entities
// that XML itself does not define, has more than 64 levels or more than 100,000
// elements and attributes.
func xmlToJSON(body []byte, lists *xmlLists) ([]byte, bool) {
	body = bytes.TrimPrefix(bytes.TrimLeft(body, xmlBlanks), []byte("\ufeff"))
	r := xmlReader{tokens: xml.NewDecoder(bytes.NewReader(bytes.TrimLeft(body, xmlBlanks)))}
	document := new(xmlNode)
	if !r.read(document, 0) || len(document.children) != 1 || document.trimmed() != "" {
		return nil, false
	}
	return document.appendJSON(nil, lists), true
}

// An xmlNode is the document, an element or an attribute.
type xmlNode struct {
	name     string
	text     []byte
	children []*xmlNode // the attributes, then the elements
	elements bool       // it has elements
}

type xmlReader struct {
	tokens *xml.Decoder
	nodes  int
}

// read reads what is in a node, up to its end.
func (r *xmlReader) read(n *xmlNode, depth int) bool {
	for {
		token, err := r.tokens.Token()
		if err != nil {
			return depth == 0 && errors.Is(err, io.EOF)
		}
		switch token := token.(type) {
		case xml.EndElement:
			return true
		case xml.CharData:
			n.text = append(n.text, token...)
		case xml.StartElement:
			if depth == maxXMLDepth || !r.element(n, token, depth) {
				return false
			}
		}
	}
}

// element reads an element, after its start tag.
func (r *xmlReader) element(parent *xmlNode, start xml.StartElement, depth int) bool {
	if r.nodes += 1 + len(start.Attr); r.nodes > maxXMLNodes {
		return false
	}
	n := &xmlNode{name: start.Name.Local}
	for _, attr := range start.Attr {
		if attr.Name.Space != "xmlns" && (attr.Name.Space != "" || attr.Name.Local != "xmlns") {
			n.children = append(n.children, &xmlNode{name: "@" + attr.Name.Local, text: []byte(attr.Value)})
		}
	}
	parent.children, parent.elements = append(parent.children, n), true
	return r.read(n, depth+1)
}

func (n *xmlNode) trimmed() string { return strings.Trim(string(n.text), xmlBlanks) }

// appendJSON appends the node's value.
func (n *xmlNode) appendJSON(dst []byte, lists *xmlLists) []byte {
	text := n.trimmed()
	if len(n.children) == 0 {
		return appendJSONString(dst, text)
	}
	dst = append(dst, '{')
	if !n.elements {
		dst = append(appendJSONString(append(dst, `"#text":`...), text), ',')
	}
	for i, group := range n.groups() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendJSONString(dst, group[0].name), ':')
		if len(group) > 1 || lists.has(group[0].name) {
			dst = appendJSONArray(dst, group, lists)
		} else {
			dst = group[0].appendJSON(dst, lists)
		}
	}
	if n.elements && text != "" {
		dst = appendJSONString(append(dst, `,"#text":`...), text)
	}
	return append(dst, '}')
}

func appendJSONArray(dst []byte, nodes []*xmlNode, lists *xmlLists) []byte {
	for i, n := range nodes {
		dst = n.appendJSON(append(dst, "[,"[min(i, 1)]), lists)
	}
	return append(dst, ']')
}

// groups returns the node's children by name, in the order of the first of
// each name.
func (n *xmlNode) groups() [][]*xmlNode {
	groups := make([][]*xmlNode, 0, len(n.children))
	index := make(map[string]int, len(n.children))
	for _, child := range n.children {
		i, ok := index[child.name]
		if !ok {
			i = len(groups)
			index[child.name] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], child)
	}
	return groups
}
