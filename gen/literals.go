package gen

import (
	"strconv"
	"time"

	"github.com/dave/jennifer/jen"
)

// list is a slice literal with an element a line, or nil when it is empty.
func list[T any](of *jen.Statement, elements []T, literal func(i int, e *T) jen.Code) jen.Code {
	if len(elements) == 0 {
		return nil
	}
	items := make([]jen.Code, len(elements))
	for i := range elements {
		items[i] = literal(i, &elements[i])
	}
	return jen.Index().Add(of).Add(block(items...))
}

func text(s string) jen.Code {
	if s == "" {
		return nil
	}
	return jen.Lit(s)
}

func number(n int) jen.Code {
	if n == 0 {
		return nil
	}
	return jen.Lit(n)
}

// size is a number of bytes in its largest whole unit, or nil for none.
func size(n int) jen.Code {
	switch {
	case n == 0:
		return nil
	case n%(1<<20) == 0:
		return jen.Lit(n >> 20).Op("<<").Lit(20)
	case n%(1<<10) == 0:
		return jen.Lit(n >> 10).Op("<<").Lit(10)
	}
	return jen.Lit(n)
}

func truth(b bool) jen.Code {
	if !b {
		return nil
	}
	return jen.True()
}

func float(f float64) jen.Code {
	if f == 0 {
		return nil
	}
	return jen.Lit(f)
}

// duration is a duration in its largest whole unit, or nil for none.
func duration(d time.Duration) jen.Code {
	if d == 0 {
		return nil
	}
	for _, unit := range []struct {
		of   time.Duration
		name string
	}{
		{time.Hour, "Hour"},
		{time.Minute, "Minute"},
		{time.Second, "Second"},
		{time.Millisecond, "Millisecond"},
		{time.Microsecond, "Microsecond"},
	} {
		switch {
		case d == unit.of:
			return jen.Qual("time", unit.name)
		case d%unit.of == 0:
			return jen.Op(strconv.FormatInt(int64(d/unit.of), 10)).Op("*").Qual("time", unit.name)
		}
	}
	return jen.Op(strconv.FormatInt(int64(d), 10))
}

func texts(s []string) jen.Code {
	if len(s) == 0 {
		return nil
	}
	items := make([]jen.Code, len(s))
	for i := range s {
		items[i] = jen.Lit(s[i])
	}
	return jen.Index().String().Values(items...)
}
