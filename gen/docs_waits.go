package gen

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/templates/apierr"
)

// Retry rules and waits in words.

// retryFull is a retry rule in sentences.
func (d *docs) retryFull(o apierr.Outcome) markdown {
	switch {
	case o.Retry != apierr.Backoff && o.Retry != apierr.RefreshOnce:
		return retryWords[o.Retry]
	case o.Repeat == apierr.RepeatIdempotent:
		text := retryWords[o.Retry][:len(retryWords[o.Retry])-1] + ", if the request is idempotent"
		if d.Idempotency.Header != "" {
			text += " or has the header " + code(d.Idempotency.Header)
		}
		return text + ": it may have been carried out."
	case o.Retry == apierr.Backoff && o.Class == apierr.Throttled:
		return retryWords[o.Retry] + " The request was not carried out, so that any may be sent again."
	case o.Retry == apierr.Backoff:
		return retryWords[o.Retry] + " Any request may be sent again."
	}
	return retryWords[o.Retry]
}

// A pause is what decides how long to wait for one kind of error.
type pause struct {
	delay      *apierr.Delay
	backoff    *apierr.Curve
	ownDelay   bool // not the catalog's
	ownBackoff bool
}

// pause makes a pause of what an entry or a status row has, nil where it has
// nothing of its own.
func (d *docs) pause(delay *apierr.Delay, backoff *apierr.Curve) pause {
	return pause{cmp.Or(delay, &d.Tables.Delay), cmp.Or(backoff, &d.Tables.Backoff), delay != nil, backoff != nil}
}

// wait is how long to wait, in sentences; nothing for an error that no wait
// mends. When a limit is reset is no matter of the catalog's general default,
// floor and cap.
func (d *docs) wait(o apierr.Outcome, p pause) markdown {
	if o.Retry != apierr.Backoff && o.Retry != apierr.WaitReset {
		return ""
	}
	bounds := apierr.Delay{}
	if p.ownDelay || o.Retry == apierr.Backoff {
		bounds = *p.delay
	}
	var otherwise markdown
	if o.Retry == apierr.Backoff {
		otherwise = computed(p.backoff, d.Tables.MaxRetries)
	}
	switch {
	case bounds.Default > 0 && p.ownBackoff && otherwise != "":
		otherwise = span(bounds.Default) + ", or what is computed where that is longer: " + otherwise
	case bounds.Default > 0:
		otherwise = span(bounds.Default)
	}
	asked := d.sources(p.delay.Sources)
	switch {
	case asked == "":
		return sentences(otherwise, floor(bounds.Min), ceiling(bounds.Max))
	case otherwise != "":
		otherwise = "otherwise " + otherwise
	}
	return sentences("as the server asks in "+asked, otherwise, floor(bounds.Min), ceiling(bounds.Max))
}

func floor(least time.Duration) markdown {
	if least == 0 {
		return ""
	}
	return "never less than " + span(least)
}

func ceiling(most time.Duration) markdown {
	if most == 0 {
		return ""
	}
	return "never more than " + span(most)
}

// sentences makes a sentence of each text that is not empty.
func sentences(texts ...markdown) markdown {
	var out []markdown
	for _, text := range texts {
		if text != "" {
			out = append(out, markdown(strings.ToUpper(string(text[:1])))+text[1:]+".")
		}
	}
	return joined(out, " ")
}

// sources names the places where the server says how long to wait.
func (d *docs) sources(sources []apierr.Source) markdown {
	var text []markdown
	for i := range sources {
		s := &sources[i]
		text = append(text, d.place(s.At)+" ("+unitWords[s.Unit]+")")
	}
	return joined(text, ", else ")
}

// computed is a backoff in words: 1s, 2s, 4s … up to 15s, plus up to 250ms of
// jitter.
func computed(c *apierr.Curve, retries int) markdown {
	text := growth(c)
	if n := len(c.Steps); n > 0 {
		steps := make([]markdown, n)
		for i, s := range c.Steps {
			steps[i] = span(s)
		}
		text = joined(steps, ", ")
		if n == 1 {
			text += " each time"
		} else if n < retries {
			text += ", then " + span(c.Steps[n-1]) + " each time"
		}
	}
	if text == "" {
		return ""
	}
	return text + jitterWords(c.Jitter)
}

// growth is an exponential backoff in words.
func growth(c *apierr.Curve) markdown {
	first, limit := c.Wait(1), c.Max
	switch {
	case first == 0:
		return ""
	case c.Wait(2) == first:
		return span(first) + " each time"
	}
	clipped := limit > apierr.DefaultMaxWait
	if limit == 0 {
		limit = apierr.DefaultMaxWait
	}
	text := span(first)
	for retry := 2; retry <= 3 && c.Wait(retry) < limit; retry++ {
		text += ", " + span(c.Wait(retry))
	}
	text += " … up to " + span(limit)
	if clipped {
		text += ", but no longer than the policy's " + code("MaxWait") + ", " + span(apierr.DefaultMaxWait) + " unless set"
	}
	return text
}

func jitterWords(j apierr.Jitter) markdown {
	switch {
	case j.Full:
		return ", or any shorter time (full jitter)"
	case j.Add > 0 && j.Part > 0:
		return ", plus up to " + span(j.Add) + " and " + percentage(j.Part) + " of jitter"
	case j.Add > 0:
		return ", plus up to " + span(j.Add) + " of jitter"
	case j.Part > 0:
		return ", plus up to " + percentage(j.Part) + " of jitter"
	}
	return ""
}

func span(d time.Duration) markdown { return markdown(spec.Span(d)) }

func percentage(part float64) markdown {
	return markdown(strconv.FormatFloat(part*100, 'g', 4, 64) + "%")
}
