package apierr

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// An Item is one of several errors in one response. Its fields are the
// vendor's text and may hold anything; its printed forms and JSON show the code
// alone, and that only if it looks like one, as with an [Error].
type Item struct {
	Code    string // empty when not sent
	Field   string // what the error is about; empty when not sent
	Message string // the vendor's own text; empty when not sent
}

// Format writes the code for every verb, or "item" when there is none that may
// be printed.
func (i Item) Format(f fmt.State, verb rune) {
	text := codeText(i.Code)
	if text == "" {
		text = "item"
	}
	formatText(f, verb, text)
}

// MarshalJSON writes what is safe to log, as [Error.MarshalJSON] does.
func (i Item) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Code string `json:"code,omitempty"`
	}{codeText(i.Code)})
}

// SuccessItems returns the failed items of a response that is no error itself, as
// batch endpoints send them. It reads the body as [Catalog.Check] reads that of
// an error, and puts it back; it is nil for a catalog that knows no items. It says nothing of a
// longer body, and looks at the first 1000 elements of a list only, failed or
// not.
//
// Safe for concurrent use with different responses.
func (c *Catalog) SuccessItems(resp *http.Response) []Item {
	if resp == nil || len(c.Items) == 0 || resp.StatusCode == http.StatusSwitchingProtocols {
		return nil
	}
	opened := open(resp, c.maxBody())
	defer opened.putBack(resp, "")
	if opened.came != whole {
		return nil
	}
	return c.DecodeItems(resp.StatusCode, resp.Header, opened.text(c.Format))
}

// DecodeItems returns the failed items of a response, for callers without an
// [http.Response].
func (c *Catalog) DecodeItems(status int, header http.Header, body []byte) []Item {
	if len(c.Items) == 0 || int64(len(body)) > c.maxBody() {
		return nil
	}
	s := c.scan()
	defer putScan(s)
	c.read(s, status, header, body)
	return c.items(Captures{scan: s})
}

// items returns those elements that have a code or a message; nil for none.
func (c *Catalog) items(values Captures) []Item {
	var items []Item
	for i := range c.Items {
		rule := &c.Items[i]
		for row := range values.leaves(rule.Each) {
			code, _ := c.codeOf(row, rule.Code)
			item := Item{Code: code, Message: row.String(rule.Message...)}
			if item.Code == "" && item.Message == "" {
				continue
			}
			if len(rule.Field) > 0 {
				item.Field = row.String(rule.Field...)
			} else {
				item.Field = row.Path(rule.Each)
			}
			items = append(items, item)
		}
	}
	return items
}
