package gen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/templates/apierr"
)

// The parts of a vendor's page that are not about one entry.

// envelope says where the parts of an error are.
func (d *docs) envelope() []markdown {
	var out []markdown
	for _, part := range []struct {
		name markdown
		at   []apierr.At
	}{{"Code", d.Tables.Code}, {"Message", d.Tables.Message}, {"Request ID", d.Tables.RequestID}} {
		if len(part.at) == 0 {
			continue
		}
		places := make([]markdown, len(part.at))
		for i, at := range part.at {
			places[i] = d.place(at)
		}
		out = append(out, "**"+part.name+":** "+joined(places, ", else "))
	}
	for _, items := range d.Tables.Items {
		text := "**Items:** each of " + d.place(items.Each)
		for _, part := range []struct {
			name markdown
			at   []apierr.At
		}{{"code", items.Code}, {"field", items.Field}, {"message", items.Message}} {
			if len(part.at) > 0 {
				text += ", its " + part.name + " at " + d.below(items.Each, part.at)
			}
		}
		out = append(out, text)
	}
	for _, inner := range d.Tables.Refine {
		out = append(out, "**Inner errors:** each of "+d.place(inner.Each)+", its code at "+d.below(inner.Each, inner.Code)+"; the last that is listed here decides what the error is")
	}
	if n := d.Tables.MaxBody; n > 0 {
		out = append(out, markdown("**Read:** the first "+sizeWords(n)+" of a body; a longer one is decoded by status and headers"))
	}
	if when := d.when(d.Tables.FailWhen); when != "" {
		out = append(out, "**Errors below 400:** when "+when)
	}
	return out
}

// below says where a value is in one of several, which is @.
func (d *docs) below(each apierr.At, ats []apierr.At) markdown {
	return markdown(strings.ReplaceAll(string(d.anyPlace(ats)), d.Tables.Places[each].Path, "@"))
}

// status makes the table of the catalog's status rows.
func (d *docs) status() markdown {
	rows := slices.Clone(d.Catalog.Status)
	slices.SortStableFunc(rows, func(a, b spec.StatusRow) int { return a.From - b.From })
	var cells [][]markdown
	for i := range rows {
		row := &rows[i]
		for j := range d.Tables.Rules {
			if rule := &d.Tables.Rules[j]; rule.From == row.From && rule.To == row.To {
				cells = append(cells, []markdown{
					statusRange(row.From, row.To), classRef(rule.Outcome.Class), retryBrief(rule.Outcome),
					d.ruleWait(rule), prose(row.Meaning), prose(row.Action),
				})
			}
		}
	}
	return table([]string{"Status", "Class", "Retry", "Wait", "What happened", "What to do"}, cells)
}

// ruleWait is what a status row has to say about waiting, without what holds
// for the whole catalog.
func (d *docs) ruleWait(r *apierr.Rule) markdown {
	if r.Outcome.Retry != apierr.Backoff && r.Outcome.Retry != apierr.WaitReset {
		return ""
	}
	var text []markdown
	general := &d.Tables.Delay
	if r.Delay != nil {
		if asked := d.sources(r.Delay.Sources); asked != d.sources(general.Sources) {
			text = append(text, "as the server asks in "+asked)
		}
		if r.Delay.Default != general.Default {
			text = append(text, span(r.Delay.Default)+" if the server asks for none")
		}
		if r.Delay.Min != general.Min {
			text = append(text, floor(r.Delay.Min))
		}
		if r.Delay.Max != general.Max {
			text = append(text, ceiling(r.Delay.Max))
		}
	}
	if r.Backoff != nil {
		text = append(text, "computed: "+computed(r.Backoff, d.Tables.MaxRetries))
	}
	return joined(text, "; ")
}

// otherStatuses says what errors are for which there is neither an entry nor a
// status row.
func (d *docs) otherStatuses() markdown {
	var text []markdown
	for _, s := range statusClasses(func(status int) bool {
		return slices.ContainsFunc(d.Tables.Rules, func(r apierr.Rule) bool { return r.From <= status && status <= r.To })
	}) {
		text = append(text, s.words+" "+classRef(s.class))
	}
	return joined(text, "; ")
}

// A statusClass is some statuses of a class.
type statusClass struct {
	words markdown
	class apierr.Class
}

// statusClasses says which statuses fall into which class by default, without
// those that are taken. What most of a hundred are comes last and is called
// 5xx when all are, else other 4xx.
func statusClasses(taken func(status int) bool) []statusClass {
	var all []statusClass
	for hundred := 400; hundred < 600; hundred += 100 {
		rest := apierr.ClassOf(hundred + 99)
		some, whole := false, true
		first := len(all)
		for status := hundred; status < hundred+100; status++ {
			class := apierr.ClassOf(status)
			some = some || class == rest && !taken(status)
			if taken(status) || class != rest {
				whole = false
			}
			if !taken(status) && class != rest {
				all = addStatus(all, first, class, status)
			}
		}
		words := markdown(fmt.Sprintf("%dxx", hundred/100))
		if !whole {
			words = "other " + words
		}
		if some {
			all = append(all, statusClass{words, rest})
		}
	}
	return all
}

// addStatus adds a status to those of its class from first on.
func addStatus(all []statusClass, first int, class apierr.Class, status int) []statusClass {
	for i := first; i < len(all); i++ {
		if all[i].class == class {
			all[i].words += ", " + statusRange(status, status)
			return all
		}
	}
	return append(all, statusClass{statusRange(status, status), class})
}

// transport makes the table of failures in which no response came.
func (d *docs) transport() markdown {
	var rows [][]markdown
	for _, f := range d.Tables.Transport {
		if f.Failure.NotSent() {
			f.Outcome.Repeat = apierr.RepeatAny
		}
		rows = append(rows, []markdown{code(f.Failure.String()), failureWords[f.Failure], retryBrief(f.Outcome)})
	}
	return table([]string{"Failure", "What happened", "Retry"}, rows)
}

// limits makes the table of rate-limit headers.
func (d *docs) limits() markdown {
	var rows [][]markdown
	for i := range d.Tables.Limits {
		w := &d.Tables.Limits[i]
		reset := d.headerWords(w.Reset)
		if reset != "" {
			reset += " (" + unitWords[w.ResetUnit] + ")"
		}
		warn := make([]markdown, len(w.Warn))
		for j, part := range w.Warn {
			warn[j] = percentage(part)
		}
		if w.Header != "" {
			field := code(d.spelled(w.Header))
			policy := code(d.spelled(w.Header) + "-Policy")
			rows = append(rows, []markdown{
				code(w.Name) + ", or as the server names it", field + " or " + policy, field, "", field + " (seconds)",
				joined(warn, ", "), prose(d.Catalog.Limits[i].Meaning),
			})
			continue
		}
		rows = append(rows, []markdown{
			code(w.Name), d.headerWords(w.Limit), d.headerWords(w.Remaining), d.headerWords(w.Used), reset,
			joined(warn, ", "), prose(d.Catalog.Limits[i].Meaning),
		})
	}
	return table([]string{"Limit", "Allowed", "Left", "Used", "Reset", "Warns below", "Meaning"}, rows)
}

// headerWords names a header where no other place can be meant.
func (d *docs) headerWords(at apierr.At) markdown {
	if at == 0 {
		return ""
	}
	return markdown(strings.TrimPrefix(string(d.place(at)), "the header "))
}

// retries says how often and when a request is sent again.
func (d *docs) retries() []markdown {
	t := d.Tables
	var out []markdown
	if t.MaxRetries == 0 {
		out = append(out, "**Retries:** none")
	} else {
		out = append(out, "**Retries:** up to "+markdown(strconv.Itoa(t.MaxRetries))+", after the first attempt")
	}
	general := apierr.Outcome{Retry: apierr.Backoff}
	out = append(out, "**Wait:** "+d.wait(general, d.pause(nil, nil)))
	if o := &t.Override; o.Header != "" {
		var says []markdown
		if len(o.Retry) > 0 {
			says = append(says, anyCode(o.Retry)+" asks for a retry, of any request")
		}
		if len(o.Stop) > 0 {
			says = append(says, anyCode(o.Stop)+" forbids one")
		}
		out = append(out, "**Override:** the header "+code(d.Override.Header)+" decides, whatever the error is: "+joined(says, "; "))
	}
	if t.Idempotency != "" {
		out = append(out, "**Idempotency:** a request with the header "+code(d.Idempotency.Header)+" may be sent again whatever its method")
	}
	if b := t.Breaker; b.Failures > 0 {
		out = append(out, markdown(fmt.Sprintf("**Circuit breaker:** the vendor advises one that opens after %d failures in a row, for %s", b.Failures, span(b.Open))))
	}
	return out
}
