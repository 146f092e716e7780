package apierr

import (
	"strings"
	"time"
)

// monthOf returns the month of a name, 1 for Jan, and 0 for one that is none.
func monthOf(name string) int {
	switch name {
	case "Jan":
		return 1
	case "Feb":
		return 2
	case "Mar":
		return 3
	case "Apr":
		return 4
	case "May":
		return 5
	case "Jun":
		return 6
	case "Jul":
		return 7
	case "Aug":
		return 8
	case "Sep":
		return 9
	case "Oct":
		return 10
	case "Nov":
		return 11
	case "Dec":
		return 12
	}
	return 0
}

// isWeekday reports whether a name is that of a day, short or in full.
func isWeekday(name string) bool {
	switch name {
	case "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
		"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday":
		return true
	}
	return false
}

// parseHTTPDate reads the three forms of RFC 9110, section 5.6.7. base decides
// the century of a two-digit year.
func parseHTTPDate(s string, base time.Time) (time.Time, bool) {
	comma := strings.IndexByte(s, ',')
	switch {
	case comma < 0:
		return parseAsctime(s)
	case comma == len("Sun"):
		return parseIMFDate(s)
	default:
		return parseRFC850(s, base)
	}
}

// parseIMFDate reads Sun, 06 Nov 1994 08:49:37 GMT.
func parseIMFDate(s string) (time.Time, bool) {
	if len(s) != len("Sun, 06 Nov 1994 08:49:37 GMT") || s[7] != ' ' || s[11] != ' ' || s[16] != ' ' || s[25:] != " GMT" {
		return time.Time{}, false
	}
	c := civil{day: twoDigits(s, 5), month: monthOf(s[8:11]), year: century*twoDigits(s, 12) + twoDigits(s, 14)}
	return c.utc(isWeekday(s[:3]) && s[3:5] == ", " && c.clock(s, 17) && c.day >= 0 && c.year >= 0)
}

// parseRFC850 reads Sunday, 06-Nov-94 08:49:37 GMT. Of the instants it can
// stand for, it is the last one that is not more than 50 years after base.
func parseRFC850(s string, base time.Time) (time.Time, bool) {
	f := fieldReader{rest: s}
	var c civil
	f.weekday(strings.IndexByte(s, ','))
	f.literal(", ")
	c.day = f.number(2)
	f.literal("-")
	c.month = f.month()
	f.literal("-")
	year := f.number(2)
	f.literal(" ")
	f.clock(&c)
	f.literal(" GMT")

	latest := base.UTC().AddDate(50, 0, 0)
	c.year = latest.Year()/100*100 + year
	if c.date().After(latest) {
		c.year -= 100
	}
	return c.utc(f.done())
}

// parseAsctime reads Sun Nov  6 08:49:37 1994.
func parseAsctime(s string) (time.Time, bool) {
	f := fieldReader{rest: s}
	var c civil
	f.weekday(len("Sun"))
	f.literal(" ")
	c.month = f.month()
	f.literal(" ")
	width := 2
	if strings.HasPrefix(f.rest, " ") {
		f.literal(" ")
		width = 1
	}
	c.day = f.number(width)
	f.literal(" ")
	f.clock(&c)
	f.literal(" ")
	c.year = f.number(4)
	return c.utc(f.done())
}

// parseRFC3339 reads 2026-04-01T00:00:00.000Z and what [RFC3339] allows
// besides.
func parseRFC3339(s string) (time.Time, bool) {
	const clock = len("2026-04-01T")
	if len(s) < clock+len("00:00:00") || s[4] != '-' || s[7] != '-' || s[10]|0x20 != 't' && s[10] != ' ' {
		return time.Time{}, false
	}
	c := civil{year: century*twoDigits(s, 0) + twoDigits(s, 2), month: twoDigits(s, 5), day: twoDigits(s, 8)}
	wellFormed := c.clock(s, clock) && c.year >= 0 && c.month >= 0 && c.day >= 0
	f := fieldReader{rest: s[clock+len("00:00:00"):]}
	c.part = f.fraction(".,")
	c.offset = f.zone()
	return c.utc(wellFormed && f.done())
}

const century = 100

// clock reads 08:49:37 at s[i:].
func (c *civil) clock(s string, i int) bool {
	c.hour, c.minute, c.second = twoDigits(s, i), twoDigits(s, i+3), twoDigits(s, i+6)
	return s[i+2] == ':' && s[i+5] == ':' && c.hour >= 0 && c.minute >= 0 && c.second >= 0
}

// twoDigits returns the number of the two digits at s[i:]. It is below zero, even
// if it is added to another's hundredfold, when they are none.
func twoDigits(s string, i int) int {
	tens, ones := s[i]-'0', s[i+1]-'0'
	if tens > 9 || ones > 9 {
		return -century * century
	}
	return int(tens)*10 + int(ones)
}

// civil is a date and time as it is written, valid or not.
type civil struct {
	year, month, day     int
	hour, minute, second int
	part                 time.Duration // of a second, up to a whole one
	offset               time.Duration // from UTC, east is positive
}

// date returns the instant. A value out of its range counts on into the next,
// but for months.
func (c *civil) date() time.Time {
	// Years that begin in March have the odd day at their end. The 400 years
	// keep the divisions above zero.
	year, month := c.year+400, c.month-3
	if month < 0 {
		year, month = year-1, month+12
	}
	const before1970 = 719469 + 146097 // days from the first of March 400 years before the year 0, counted from 1
	days := 365*year + year/4 - year/100 + year/400 + (153*month+2)/5 + c.day - before1970
	second := ((int64(days)*24+int64(c.hour))*60+int64(c.minute))*60 + int64(c.second)
	return time.Unix(second, int64(c.part-c.offset)).UTC()
}

// utc returns the instant if the text was well formed, the date and time are
// possible and the year in UTC has four digits.
func (c *civil) utc(wellFormed bool) (time.Time, bool) {
	if !wellFormed || c.month < 1 || c.month > 12 || c.day < 1 || c.hour > 23 || c.minute > 59 || c.second > 60 {
		return time.Time{}, false
	}
	t := c.date()
	// A leap second comes before midnight in UTC; time.Date makes it the
	// midnight.
	leapElsewhere := c.second == 60 && (t.Hour() != 0 || t.Minute() != 0)
	atEdge := c.year <= 0 || c.year >= 9999 // where an offset may lead out of the range
	if c.day > 28 && c.day > lastDay(c.year, c.month) || leapElsewhere || atEdge && (t.Year() < 0 || t.Year() > 9999) {
		return time.Time{}, false
	}
	return t, true
}

// lastDay returns how many days a month has.
func lastDay(year, month int) int {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	}
	return 31
}

// fieldReader reads a text of fixed fields from left to right. Once something does
// not fit, bad is set for good and all further results are without meaning.
type fieldReader struct {
	rest string
	bad  bool
}

// done reports whether all of the text was read and fitted.
func (f *fieldReader) done() bool { return !f.bad && f.rest == "" }

// literal reads exactly this text.
func (f *fieldReader) literal(text string) {
	if !strings.HasPrefix(f.rest, text) {
		f.bad = true
		return
	}
	f.rest = f.rest[len(text):]
}

// number reads a number of exactly width digits.
func (f *fieldReader) number(width int) int {
	if len(f.rest) < width {
		f.bad = true
		return 0
	}
	n := 0
	for _, c := range []byte(f.rest[:width]) {
		f.bad = f.bad || !isDigit(c)
		n = n*10 + int(c) - '0'
	}
	f.rest = f.rest[width:]
	return n
}

// weekday reads the name of a day, which is that long.
func (f *fieldReader) weekday(length int) {
	f.bad = f.bad || !isWeekday(f.cut(length))
}

// month reads the name of a month.
func (f *fieldReader) month() int {
	return monthOf(f.cut(len("Jan"))) // no month is none of a date
}

// cut reads so many bytes.
func (f *fieldReader) cut(length int) string {
	if length < 0 || len(f.rest) < length {
		f.bad = true
		return ""
	}
	text := f.rest[:length]
	f.rest = f.rest[length:]
	return text
}

// clock reads 08:49:37.
func (f *fieldReader) clock(c *civil) {
	c.hour = f.number(2)
	f.literal(":")
	c.minute = f.number(2)
	f.literal(":")
	c.second = f.number(2)
}

// fraction reads a fraction of a second that begins with one of the marks, if
// there is one.
func (f *fieldReader) fraction(marks string) time.Duration {
	part, rest, ok := readFraction(f.rest, marks, time.Second)
	f.rest, f.bad = rest, f.bad || !ok
	return part
}

// zone reads Z, an offset from UTC, or nothing, which is UTC too.
func (f *fieldReader) zone() time.Duration {
	if f.rest == "" || f.rest == "Z" || f.rest == "z" {
		f.rest = ""
		return 0
	}
	sign := time.Duration(1)
	if f.rest[0] == '-' {
		sign = -1
	} else if f.rest[0] != '+' {
		f.bad = true
	}
	f.rest = f.rest[1:]
	hours, minutes := f.number(2), 0
	if f.rest != "" {
		f.rest = strings.TrimPrefix(f.rest, ":")
		minutes = f.number(2)
	}
	f.bad = f.bad || hours > 23 || minutes > 59
	return sign * (time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute)
}
