package disk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// manifest is the record of an earlier run.
type manifest struct {
	raw    []byte // nil when there is none
	hashes map[string][]string
}

func (m manifest) lists(name string) bool { return len(m.hashes[name]) > 0 }

func (m manifest) has(name, sum string) bool { return slices.Contains(m.hashes[name], sum) }

// readManifest reads the manifest of the tree; a tree without one has an empty
// manifest.
func readManifest(t *tree) (manifest, error) {
	info, err := t.lstat(ManifestName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return manifest{}, nil
	case err != nil:
		return manifest{}, t.fault(ManifestName, err)
	case !info.Mode().IsRegular():
		return manifest{}, fmt.Errorf("%s: is not a regular file; move it away and run errgen again", t.show(ManifestName))
	}
	raw, err := t.readFile(ManifestName)
	if err != nil {
		return manifest{}, t.fault(ManifestName, err)
	}
	m, line, err := parseManifest(raw)
	if err != nil {
		return manifest{}, fmt.Errorf("%s:%d: %w", t.show(ManifestName), line, err)
	}
	return m, nil
}

// parseManifest reads what formatManifest writes, and also a manifest in which
// a merge has left its conflict markers: it then holds what either side lists.
// That loses nothing, for an entry only permits, and a file is removed only if
// it has one of the hashes listed for it. Of anything else the line and what is
// wrong are returned.
func parseManifest(raw []byte) (m manifest, line int, err error) {
	m = manifest{raw: raw, hashes: map[string][]string{}}
	if raw == nil {
		m.raw = []byte{}
	}
	for text := range strings.Lines(string(raw)) {
		line++
		text = strings.TrimRight(text, "\r\n")
		if text == "" || isConflictMarker(text) {
			continue
		}
		sum, name, ok := strings.Cut(text, "  ")
		if !ok || !isSum(sum) {
			return manifest{}, line, errors.New("is not a hash, two spaces and a path; restore the file from version control, or delete it and remove stale files by hand")
		}
		if err := checkName(name); err != nil {
			return manifest{}, line, err
		}
		if !slices.Contains(m.hashes[name], sum) {
			m.hashes[name] = append(m.hashes[name], sum)
		}
	}
	return m, 0, nil
}

func isConflictMarker(text string) bool {
	for _, mark := range []string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"} {
		if rest, ok := strings.CutPrefix(text, mark); ok && (rest == "" || rest[0] == ' ') {
			return true
		}
	}
	return false
}

func isSum(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == sha256.Size && strings.ToLower(s) == s
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// formatManifest renders the hashes by path, sorted by path; nothing for none.
func formatManifest(sums map[string]string) []byte {
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		b.WriteString(sums[name])
		b.WriteString("  ")
		b.WriteString(name)
		b.WriteByte('\n')
	}
	return b.Bytes()
}
