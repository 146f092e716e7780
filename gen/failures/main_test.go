package failures

import (
	"io"
	"log"
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails when a goroutine is left after all tests.
func TestMain(m *testing.M) {
	log.SetOutput(io.Discard) // net/http logs what servers send unasked
	goleak.VerifyTestMain(m)
}
