package simulation

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestProbe(t *testing.T) {
	w := Standard()
	for _, v := range Vendors() {
		for _, d := range Drivers() {
			t.Run(v.Name+"/"+d.Name, func(t *testing.T) {
				t.Parallel()
				start := time.Now()
				var tr *Trace
				synctest.Test(t, func(*testing.T) { tr = Run(&w, &v, &d) })
				t.Logf("%-10s %-20s %+v  %v", v.Name, d.Name, tr.Measure(), time.Since(start))
				if v.Name == "forlena" {
					t.Log(tr.Load)
				}
			})
		}
	}
}
