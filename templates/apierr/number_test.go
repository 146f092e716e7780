package apierr

import (
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"
)

func TestParseInt(t *testing.T) {
	for s, want := range map[string]int64{
		"0": 0, "-0": 0, "7": 7, "-7": -7, "+7": 7, "007": 7, " 60 ": 60,
		"3.0": 3, "3.5": 0, "1e3": 1000, "1E+3": 1000, "1.5e1": 15, "1.25e1": 0, "1500e-2": 15, "15e-1": 0, "0.0001e4": 1, "-2.50e2": -250,
		"9223372036854775807": math.MaxInt64, "-9223372036854775808": math.MinInt64, "9007199254740993": 9007199254740993,
		"9223372036854775808": 0, "-9223372036854775809": 0, "9.223372036854775807e18": math.MaxInt64, "1e18": 1e18, "1e19": 0,
		"9223372036854775807000e-3": math.MaxInt64, "0e99999999999999999999": 0, "1e99999999999999999999": 0, "1e-99999999999999999999": 0,
		"": 0, "-": 0, ".": 0, ".5": 0, "1.": 0, "1e": 0, "0x10": 0, "1_000": 0, "12a": 0, "true": 0, "NaN": 0, "1 2": 0, "[1]": 0, "--1": 0,
		strings.Repeat("9", 1<<20): 0, strings.Repeat("0", 1<<20) + "5": 5, "5." + strings.Repeat("0", 1<<20): 5,
		"1" + strings.Repeat("0", 1000) + "e-1000": 1, "0." + strings.Repeat("0", 999) + "1e1000": 1,
	} {
		zero := strings.HasPrefix(strings.TrimLeft(s, "-"), "0") && want == 0 && s != "0x10"
		if got, ok := parseInt(s); got != want || ok != (want != 0 || zero) {
			t.Errorf("parseInt(%.40q) = %d, %v, want %d", s, got, ok, want)
		}
	}
}

func TestParseFloat(t *testing.T) {
	for s, want := range map[string]float64{
		"1": 1, "-0.5": -0.5, "1e3": 1000, " 2.5 ": 2.5, "+1.5": 1.5, "007": 7, "1e400": 0, "-1e400": 0, "1e-400": 0,
		"": 0, "Inf": 0, "NaN": 0, "0x1p4": 0, "1_0": 0, "infinity": 0, "1e": 0, ".5": 0,
	} {
		if got, ok := parseFloat(s); got != want || ok != (want != 0 || s == "1e-400") {
			t.Errorf("parseFloat(%q) = %v, %v, want %v", s, got, ok, want)
		}
	}
}

func TestBool(t *testing.T) {
	c := scanned(t, pathPlaces("$[0]", "$[1]", "$[2]", "$[3]", "$[4]", "$[5]"), `[true,"true","TRUE",false,1,"yes"]`)
	for at, want := range []bool{false, true, true, true, false, false, false} {
		if got := c.Bool(At(at)); got != want {
			t.Errorf("place %d: %v", at, got)
		}
	}
}

// FuzzParseInt compares with exact arithmetic.
func FuzzParseInt(f *testing.F) {
	for _, s := range []string{"0", "-1.50e2", "9223372036854775807", "1e18", "92233720368547758.070e2", "1e-3", "00.100e+1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !json.Valid([]byte(s)) || s == "" || s[0] != '-' && (s[0] < '0' || s[0] > '9') {
			return
		}
		s = strings.TrimSpace(s)
		if _, exp, ok := strings.Cut(strings.ToLower(s), "e"); ok {
			if e, err := strconv.Atoi(exp); err != nil || e > 1000 || e < -1000 {
				return
			}
		}
		want, fits := int64(0), false
		if r, ok := new(big.Rat).SetString(s); ok && r.IsInt() && r.Num().IsInt64() {
			want, fits = r.Num().Int64(), true
		}
		if got, ok := parseInt(s); got != want || ok != fits {
			t.Fatalf("parseInt(%q) = %d, %v, want %d, %v", s, got, ok, want, fits)
		}
	})
}
