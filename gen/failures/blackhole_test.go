package failures

import (
	"context"
	"syscall"
)

// waitForEnd keeps a connection from being made until there is no time left.
func waitForEnd(ctx context.Context, _, _ string, _ syscall.RawConn) error {
	<-ctx.Done()
	return nil
}
