package gen

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/errgen/errgen/templates/apierr"
)

// Names of the support package's constants.
var (
	classNames = map[apierr.Class]string{
		apierr.Unknown: "Unknown", apierr.Invalid: "Invalid", apierr.Unauthenticated: "Unauthenticated",
		apierr.Forbidden: "Forbidden", apierr.NotFound: "NotFound", apierr.Conflict: "Conflict",
		apierr.Precondition: "Precondition", apierr.Throttled: "Throttled", apierr.Quota: "Quota",
		apierr.Transient: "Transient",
	}
	retryNames = map[apierr.Retry]string{
		apierr.Never: "Never", apierr.Backoff: "Backoff", apierr.WaitReset: "WaitReset",
		apierr.RefreshOnce: "RefreshOnce", apierr.Reconcile: "Reconcile",
	}
	repeatNames = map[apierr.Repeat]string{
		apierr.RepeatIdempotent: "RepeatIdempotent", apierr.RepeatAny: "RepeatAny",
	}
	unitNames = map[apierr.Unit]string{
		apierr.Seconds: "Seconds", apierr.Milliseconds: "Milliseconds", apierr.Minutes: "Minutes",
		apierr.Unix: "Unix", apierr.UnixMilli: "UnixMilli", apierr.RFC3339: "RFC3339",
		apierr.HTTPDate: "HTTPDate", apierr.RetryAfter: "RetryAfter", apierr.Clock: "Clock", apierr.Span: "Span",
		apierr.ISO8601: "ISO8601", apierr.RateLimitField: "RateLimitField",
	}
	failureNames = map[apierr.Failure]string{
		apierr.FailureOther: "FailureOther", apierr.FailureCanceled: "FailureCanceled", apierr.FailureScheme: "FailureScheme",
		apierr.FailureDNSNotFound: "FailureDNSNotFound", apierr.FailureDNS: "FailureDNS", apierr.FailureRefused: "FailureRefused",
		apierr.FailureUnreachable: "FailureUnreachable", apierr.FailureConnectTimeout: "FailureConnectTimeout",
		apierr.FailureCertificate: "FailureCertificate", apierr.FailureTLS: "FailureTLS",
		apierr.FailureStreamRefused: "FailureStreamRefused", apierr.FailureReset: "FailureReset",
		apierr.FailureEOF: "FailureEOF", apierr.FailureTimeout: "FailureTimeout",
	}
)

// tables makes the file with the compiled catalog.
func (g *generator) tables() *file {
	f := g.newFile(g.pkg(), g.p.Vendor)
	f.Add(comment("This package and the support package were generated for each other."))
	f.Const().Id("_").Op("=").Add(g.support("GeneratedV1"))
	f.Line()
	g.places(f)
	f.Add(comment("catalog drives decoding and deciding."))
	f.Var().Id("catalog").Op("=").Op("&").Add(g.support("Catalog")).Add(g.catalog().block())
	return f
}

// places makes the constants that name the places of values.
func (g *generator) places(f *file) {
	if len(g.p.Places) == 1 {
		return
	}
	f.Add(comment("Places of values in a response, see catalog.Places."))
	f.Const().DefsFunc(func(group *jen.Group) {
		for i, name := range g.p.Places[1:] {
			if i == 0 {
				group.Id(name).Add(g.support("At")).Op("=").Iota().Op("+").Lit(1)
			} else {
				group.Id(name)
			}
		}
	})
	f.Line()
}

func (g *generator) catalog() fields {
	t := g.p.Tables
	var f fields
	f.add("Vendor", jen.Lit(t.Vendor))
	f.add("DocsURL", text(g.docsURL()))
	if t.Format == apierr.XML {
		f.add("Format", g.support("XML"))
	}
	f.add("MaxBody", size(t.MaxBody))
	f.add("FailWhen", g.matches(t.FailWhen))
	f.add("Places", list(g.support("Place"), t.Places[1:], g.place))
	f.add("Code", g.ats(t.Code))
	f.add("Message", g.ats(t.Message))
	f.add("RequestID", g.ats(t.RequestID))
	f.add("Items", list(g.support("Items"), t.Items, g.items))
	f.add("Refine", list(g.support("Refine"), t.Refine, g.refine))
	if t.Override.Header != "" {
		f.add("Override", g.support("Override").Add(g.override(&t.Override).inline()))
	}
	if delay := g.delay(&t.Delay); len(delay) > 0 {
		f.add("Delay", g.support("Delay").Add(delay.block()))
	}
	f.add("Rules", list(g.support("Rule"), t.Rules, g.rule))
	f.add("Entries", list(g.support("Entry"), t.Entries, g.entry))
	f.add("Limits", list(g.support("Window"), t.Limits, g.window))
	f.add("Transport", list(g.support("Failing"), t.Transport, g.failing))
	f.add("MaxRetries", number(t.MaxRetries))
	f.add("Backoff", g.support("Curve").Add(g.curve(&t.Backoff).inline()))
	if t.Breaker.Failures > 0 {
		f.add("Breaker", g.support("Breaker").Values(pair("Failures", jen.Lit(t.Breaker.Failures)), pair("Open", duration(t.Breaker.Open))))
	}
	f.add("Idempotency", text(t.Idempotency))
	f.add("Messages", list(g.support("UserText"), t.Messages, userText))
	if len(g.p.Common) > 0 {
		f.add("Build", jen.Id("build").Index(jen.Id("Details")))
	}
	return f
}

func (g *generator) place(i int, p *apierr.Place) jen.Code {
	var f fields
	f.add("Path", text(p.Path))
	f.add("Header", text(p.Header))
	f.add("Scheme", text(p.Scheme))
	f.add("Item", text(p.Item))
	f.add("Key", text(p.Key))
	f.add("Param", text(p.Param))
	f.add("Lines", truth(p.Lines))
	f.add("Join", g.ats(p.Join))
	f.add("With", text(p.With))
	f.add("After", text(p.After))
	f.add("Before", text(p.Before))
	f.add("Known", truth(p.Known))
	f.add("When", g.matches(p.When))
	return pair(g.p.Places[i+1], f.inline())
}

func (g *generator) items(_ int, i *apierr.Items) jen.Code {
	f := fields{pair("Each", g.at(i.Each))}
	f.add("Code", g.ats(i.Code))
	f.add("Field", g.ats(i.Field))
	f.add("Message", g.ats(i.Message))
	return f.inline()
}

func (g *generator) refine(_ int, r *apierr.Refine) jen.Code {
	return fields{pair("Each", g.at(r.Each)), pair("Code", g.ats(r.Code))}.inline()
}

func (g *generator) override(o *apierr.Override) fields {
	f := fields{pair("Header", jen.Lit(o.Header))}
	f.add("Retry", texts(o.Retry))
	f.add("Stop", texts(o.Stop))
	return f
}

// at refers to a place, or is nil for none.
func (g *generator) at(at apierr.At) jen.Code {
	if at == 0 {
		return nil
	}
	return jen.Id(g.p.Places[at])
}

func (g *generator) ats(ats []apierr.At) jen.Code {
	if len(ats) == 0 {
		return nil
	}
	items := make([]jen.Code, len(ats))
	for i, at := range ats {
		items[i] = g.at(at)
	}
	return jen.Index().Add(g.support("At")).Values(items...)
}

func (g *generator) outcome(o apierr.Outcome) jen.Code {
	f := fields{
		pair("Class", g.support(classNames[o.Class])),
		pair("Retry", g.support(retryNames[o.Retry])),
	}
	if o.Retry == apierr.Backoff {
		f.add("Repeat", g.support(repeatNames[o.Repeat]))
	} else if o.Repeat != apierr.RepeatIdempotent {
		f.add("Repeat", g.support(repeatNames[o.Repeat]))
	}
	return g.support("Outcome").Add(f.inline())
}

func (g *generator) delay(d *apierr.Delay) fields {
	var f fields
	f.add("Sources", list(g.support("Source"), d.Sources, g.source))
	f.add("Default", duration(d.Default))
	f.add("Min", duration(d.Min))
	f.add("Max", duration(d.Max))
	return f
}

func (g *generator) source(_ int, s *apierr.Source) jen.Code {
	return fields{pair("At", g.at(s.At)), pair("Unit", g.support(unitNames[s.Unit]))}.inline()
}

func (g *generator) curve(c *apierr.Curve) fields {
	var f fields
	if len(c.Steps) > 0 {
		steps := make([]jen.Code, len(c.Steps))
		for i, s := range c.Steps {
			steps[i] = duration(s)
		}
		f.add("Steps", jen.Index().Qual("time", "Duration").Values(steps...))
	}
	f.add("Base", duration(c.Base))
	f.add("Factor", float(c.Factor))
	f.add("Max", duration(c.Max))
	var j fields
	j.add("Add", duration(c.Jitter.Add))
	j.add("Part", float(c.Jitter.Part))
	j.add("Full", truth(c.Jitter.Full))
	if len(j) > 0 {
		f.add("Jitter", g.support("Jitter").Add(j.inline()))
	}
	return f
}

func (g *generator) rule(_ int, r *apierr.Rule) jen.Code {
	f := fields{pair("From", jen.Lit(r.From)), pair("To", jen.Lit(r.To)), pair("Outcome", g.outcome(r.Outcome))}
	f.add("Firm", truth(r.Firm))
	g.own(&f, r.Delay, r.Backoff)
	if r.Delay == nil && r.Backoff == nil {
		return f.inline()
	}
	return f.block()
}

// own adds a delay and a backoff that differ from the catalog's.
func (g *generator) own(f *fields, d *apierr.Delay, c *apierr.Curve) {
	if d != nil {
		f.add("Delay", jen.Op("&").Add(g.support("Delay")).Add(g.delay(d).block()))
	}
	if c != nil {
		f.add("Backoff", jen.Op("&").Add(g.support("Curve")).Add(g.curve(c).inline()))
	}
}

func (g *generator) entry(i int, e *apierr.Entry) jen.Code {
	f := fields{pair("Name", jen.Lit(e.Name))}
	f.add("Code", text(e.Code))
	if len(e.Status) > 0 {
		statuses := make([]jen.Code, len(e.Status))
		for i, s := range e.Status {
			statuses[i] = jen.Lit(s)
		}
		f.add("Status", jen.Index().Int().Values(statuses...))
	}
	f.add("When", g.matches(e.When))
	f.add("Outcome", g.outcome(e.Outcome))
	g.own(&f, e.Delay, e.Backoff)
	f.add("Meaning", text(e.Meaning))
	f.add("Action", text(e.Action))
	f.add("Anchor", text(e.Anchor))
	f.add("Messages", list(g.support("UserText"), e.Messages, userText))
	if part := &g.p.Parts[i]; len(part.Fields) > 0 {
		f.add("Build", jen.Id("build").Index(jen.Id(part.Name+"Details")))
	}
	return f.block()
}

func userText(_ int, t *apierr.UserText) jen.Code {
	return jen.Values(pair("Lang", jen.Lit(t.Lang)), pair("Text", jen.Lit(t.Text)))
}

func (g *generator) matches(matches []apierr.Match) jen.Code {
	if len(matches) == 0 {
		return nil
	}
	return list(g.support("Match"), matches, func(_ int, m *apierr.Match) jen.Code {
		conds := make([]jen.Code, len(*m))
		for i := range *m {
			conds[i] = g.cond(&(*m)[i])
		}
		return jen.Values(conds...)
	})
}

func (g *generator) cond(c *apierr.Cond) jen.Code {
	var f fields
	if len(c.Status) > 0 {
		ranges := make([]jen.Code, len(c.Status))
		for i, r := range c.Status {
			ranges[i] = jen.Values(jen.Lit(r[0]), jen.Lit(r[1]))
		}
		f.add("Status", jen.Index().Index(jen.Lit(2)).Int().Values(ranges...))
	}
	f.add("Media", texts(c.Media))
	f.add("At", g.at(c.At))
	f.add("Equals", texts(c.Equals))
	f.add("Contains", texts(c.Contains))
	f.add("Absent", truth(c.Absent))
	return f.inline()
}

func (g *generator) window(_ int, w *apierr.Window) jen.Code {
	f := fields{pair("Name", jen.Lit(w.Name))}
	f.add("Header", text(w.Header))
	f.add("Limit", g.at(w.Limit))
	f.add("Remaining", g.at(w.Remaining))
	f.add("Used", g.at(w.Used))
	if w.Reset != 0 {
		f.add("Reset", g.at(w.Reset))
		f.add("ResetUnit", g.support(unitNames[w.ResetUnit]))
	}
	if len(w.Warn) > 0 {
		warn := make([]jen.Code, len(w.Warn))
		for i, part := range w.Warn {
			warn[i] = jen.Lit(part)
		}
		f.add("Warn", jen.Index().Float64().Values(warn...))
	}
	return f.block()
}

func (g *generator) failing(_ int, t *apierr.Failing) jen.Code {
	return jen.Values(pair("Failure", g.support(failureNames[t.Failure])), pair("Outcome", g.outcome(t.Outcome)))
}

// docsURL is where the vendor's page is published, or "".
func (g *generator) docsURL() string {
	if g.opt.DocsURL == "" {
		return ""
	}
	return strings.TrimSuffix(g.opt.DocsURL, "/") + "/" + g.p.Vendor + ".md"
}
