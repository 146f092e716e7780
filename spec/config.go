package spec

// A Config is an errgen.yaml: which catalogs a repository has, and where what
// they generate goes. All paths are relative to the file, with slashes.
type Config struct {
	Node
	Version  string
	Catalogs []string // files and patterns as in path.Match
	Out      string   // folder of the generated packages
	Docs     string   // folder of the generated pages; "none" for no pages
	Apierr   string   // import path of an apierr that another folder has
	DocsURL  string   // where the pages are published
}

var configShape = object[Config]("a configuration", []key[Config]{
	field("errgen", func(c *Config) *string { return &c.Version }, word("the version of the configuration", "v1"), "the version of the configuration, v1", "v1").required(),
	field("catalogs", func(c *Config) *[]string { return &c.Catalogs }, list(relativePath), "catalog files, or patterns such as spec/catalogs/*.yaml", "[api/errors/*.yaml]").required(),
	field("out", func(c *Config) *string { return &c.Out }, relativePath, "the folder of the generated packages", "internal/errs").def("."),
	field("docs", func(c *Config) *string { return &c.Docs }, relativePath, "the folder of the generated pages, or none for no pages", "docs/errors").without("the folder docs in out"),
	field("apierr", func(c *Config) *string { return &c.Apierr }, importPath, "the import path of an apierr that is generated elsewhere", "example.com/app/internal/errs/apierr").without("it is generated into out"),
	field("docs_url", func(c *Config) *string { return &c.DocsURL }, httpsURL, "where the pages are published", "https://docs.example.com/errors"),
}).named("configuration", "The file errgen.yaml at the root of a repository. Paths are relative to it, with slashes.",
	"errgen: v1\ncatalogs: [api/errors/*.yaml]\nout: internal/errs\ndocs: docs/errors")

var (
	relativePath = pattern("a relative path", `[^/\\:\x00-\x1f][^\\:\x00-\x1f]*`, "write it relative to this file, with slashes")
	importPath   = pattern("an import path", `[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*`, "write it as in an import: example.com/app/errs/apierr")
)

// LoadConfig reads an errgen.yaml. The config is nil when a problem keeps it
// from being used. LoadConfig never panics, whatever src holds.
func LoadConfig(file string, src []byte) (*Config, Problems) {
	r := newReader(file, src)
	root := r.parseYAML(src)
	if root == nil {
		return nil, r.problems.Sort()
	}
	c := &Config{}
	configShape.read(r, root, c)
	if r.problems.Err() != nil {
		return nil, r.problems.Sort()
	}
	return c, r.problems.Sort()
}
