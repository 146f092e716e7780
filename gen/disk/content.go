package disk

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"strings"
)

// content is what inspect found in a file.
type content struct {
	sum       string
	empty     bool
	generated bool // bears Marker
}

// inspect reads a file once, whatever its size.
func (t *tree) inspect(name string) (content, error) {
	f, err := t.openFile(name, os.O_RDONLY)
	if err != nil {
		return content{}, err
	}
	defer f.Close()
	head := make([]byte, headSize)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return content{}, err
	}
	hash := sha256.New()
	hash.Write(head[:n])
	if _, err := io.Copy(hash, f); err != nil {
		return content{}, err
	}
	return content{sum: hex.EncodeToString(hash.Sum(nil)), empty: n == 0, generated: marked(head[:n])}, nil
}

const headSize = 2048 // what counts as a file's first lines

// marked reports whether data bears Marker among its first lines.
func marked(data []byte) bool {
	head := data[:min(len(data), headSize)]
	for line := range strings.Lines(string(head)) {
		line = strings.TrimSpace(line)
		for _, comment := range [][2]string{{"//", ""}, {"#", ""}, {"<!--", "-->"}} {
			text, open := strings.CutPrefix(line, comment[0])
			text, closed := strings.CutSuffix(text, comment[1])
			if open && closed && strings.TrimSpace(text) == Marker {
				return true
			}
		}
	}
	return false
}
