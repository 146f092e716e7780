package apierr

import "strings"

// pickText returns the text in the language asked for, else in the closest
// parent of it, else the first (RFC 4647, section 3.4, lookup).
func pickText(texts []UserText, lang string) string {
	if len(texts) == 0 {
		return ""
	}
	for lang != "" {
		for _, t := range texts {
			if strings.EqualFold(t.Lang, lang) {
				return t.Text
			}
		}
		lang = lang[:max(strings.LastIndexByte(lang, '-'), 0)]
	}
	return texts[0].Text
}
