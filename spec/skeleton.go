package spec

import (
	"bytes"
	"fmt"
	"strings"
	"text/template"
	"time"

	"github.com/errgen/errgen/templates"
)

var skeleton = template.Must(template.New("catalog").Parse(templates.Catalog))

// Skeleton returns a catalog to begin with, whose facts were checked today. It has
// no problems, not even warnings. The error says why a name is none for a vendor.
func Skeleton(vendor string, today time.Time) ([]byte, error) {
	_, problems := Load("", fmt.Appendf(nil, "errgen: v1\nvendor: %q\n", vendor))
	for _, p := range problems {
		if p.Line == 2 { // the others are about what is missing
			return nil, fmt.Errorf("%s; %s", p.Text, p.Mend)
		}
	}
	var b bytes.Buffer
	title := strings.ToUpper(vendor[:1]) + vendor[1:] + " API"
	err := skeleton.Execute(&b, struct{ Vendor, Title, Checked string }{vendor, title, today.Format(time.DateOnly)})
	return b.Bytes(), err
}
