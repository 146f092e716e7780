package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/errgen/errgen/templates/apierr"
)

// detailNeeds tells, for each type, which other keys it takes.
var detailNeeds = map[Type]struct{ unit, of bool }{
	TypeDuration: {unit: true}, TypeTime: {unit: true},
	TypeList: {of: true}, TypeObject: {of: true},
}

// unitsOf are the names of the units that a duration or a time may have.
func unitsOf(t Type) []string {
	return slices.DeleteFunc(apierr.Units(), func(name string) bool {
		u, _ := apierr.ParseUnit(name)
		return t == TypeDuration && !u.Relative() || t == TypeTime && !u.Instant()
	})
}

func checkDetails(l *linter, id string) {
	l.c.eachDetail(func(d *Detail) {
		needs := detailNeeds[d.Type]
		switch {
		case d.Failed():
		case d.Type == "":
			l.report(d.Pos, id, fmt.Sprintf("the detail %q has no type", d.Wire), "add type: one of "+strings.Join(typeWords(), ", "))
		case needs.unit && d.Unit == apierr.UnitNone:
			l.report(d.Pos, id, fmt.Sprintf("the detail %q is a %s without a unit", d.Wire, d.Type), "add unit: one of "+strings.Join(unitsOf(d.Type), ", "))
		case !needs.unit && d.Has("unit"):
			l.report(d.At("unit"), id, fmt.Sprintf("the detail %q is of the type %s, which has no unit", d.Wire, d.Type), "remove unit, or make the type duration or time")
		case d.Type == TypeDuration && d.Unit.Instant():
			l.report(d.At("unit"), id, fmt.Sprintf("%s is an instant, not a duration", d.Unit), "make the type time")
		case d.Type == TypeTime && d.Unit.Relative():
			l.report(d.At("unit"), id, fmt.Sprintf("%s is a duration, not an instant", d.Unit), "make the type duration")
		case needs.of && len(d.Of) == 0 && d.OfType == "":
			l.report(d.Pos, id, fmt.Sprintf("the %s %q does not say of what", d.Type, d.Wire), "add of: string, or of: with the fields of each")
		case !needs.of && d.Has("of"):
			l.report(d.At("of"), id, fmt.Sprintf("the detail %q is of the type %s, which has no parts", d.Wire, d.Type), "remove of, or make the type list or object")
		case d.Type == TypeObject && d.OfType != "":
			l.report(d.At("of"), id, fmt.Sprintf("the fields of the object %q have no names", d.Wire), "write of: {field: type}, or make the type any")
		case d.Has("split") && d.OfType != TypeString:
			l.report(d.At("split"), id, "only a list of strings comes in one text", "write type: list, of: string")
		case d.Type == TypeList && detailNeeds[d.OfType] != struct{ unit, of bool }{}:
			l.report(d.At("of"), id, fmt.Sprintf("one word does not say enough of a list of the type %s", d.OfType), "name the fields of each element, of: {field: type}, or make it of: any")
		case (d.Type == TypeList || d.Type == TypeObject) && !d.Has("split") && d.inText() != nil:
			l.report(d.inText().At("header"), id, fmt.Sprintf("a header holds no %s", d.Type), "make the type string")
		}
	})
}

// inText is the first place of the detail that holds nothing but text, or nil.
func (d *Detail) inText() *Place {
	places := d.places()
	for i := range places {
		if places[i].Has("header") || places[i].Has("join") {
			return &places[i]
		}
	}
	return nil
}
