package failures

import (
	"github.com/errgen/errgen/templates/apierr"
	"golang.org/x/net/http2"
)

// http2Rows are what can go wrong with a connection that speaks HTTP/2. What
// the server says it has not processed, net/http itself sends again at once,
// and then with waits of its own, unless it is kept from it. That the first
// request of a connection meets a GOAWAY with an error, it leaves to the caller.
var http2Rows = []row{
	{name: "REFUSED_STREAM", serve: frames(rst(http2.ErrCodeRefusedStream)), want: apierr.FailureStreamRefused, get: resent(2), post: again(2), keyed: resent(2), bare: once(1)},
	{name: "RST_STREAM, INTERNAL_ERROR", serve: frames(rst(http2.ErrCodeInternal)), want: apierr.FailureReset, get: again(2), post: once(1), keyed: again(2)},
	{name: "RST_STREAM, CANCEL", serve: frames(rst(http2.ErrCodeCancel)), want: apierr.FailureReset, get: again(2), post: once(1), keyed: again(2)},
	{name: "RST_STREAM, ENHANCE_YOUR_CALM", serve: frames(rst(http2.ErrCodeEnhanceYourCalm)), want: apierr.FailureReset, get: again(2), post: once(1), keyed: again(2)},
	{name: "RST_STREAM in the body", serve: frames(rstInBody), want: apierr.FailureReset, get: once(1), post: once(1), keyed: once(1)},

	// net/http takes it for a connection that is being shut down, and would send
	// even a POST again that may have been carried out (golang/go#47635).
	{name: "RST_STREAM, PROTOCOL_ERROR", serve: frames(rst(http2.ErrCodeProtocol)), want: apierr.FailureReset, get: resent(2), post: once(1), keyed: resent(2)},
	{name: "RST_STREAM, PROTOCOL_ERROR, after an interim response", serve: frames(rstAfterHints), want: apierr.FailureReset, get: resent(2), post: once(1), keyed: resent(2)},

	{name: "GOAWAY, not processed", serve: frames(goAway(0, http2.ErrCodeNo)), want: apierr.FailureStreamRefused, get: resent(2), post: again(2), keyed: resent(2), bare: once(1)},
	{name: "GOAWAY with an error, not processed", serve: frames(goAway(0, http2.ErrCodeEnhanceYourCalm)), want: apierr.FailureStreamRefused, get: again(2), post: again(2), keyed: again(2)},
	{name: "GOAWAY, perhaps processed", serve: frames(goAway(1, http2.ErrCodeNo)), want: apierr.FailureReset, get: again(2), post: once(1), keyed: again(2)},
	{name: "GOAWAY with an error, perhaps processed", serve: frames(goAway(1, http2.ErrCodeInternal)), want: apierr.FailureReset, get: again(2), post: once(1), keyed: again(2)},

	{name: "connection ended in a stream", serve: frames(cutStream), want: apierr.FailureEOF, get: again(2), post: once(1), keyed: again(2)},
	{name: "connection reset in a stream", serve: frames(resetConn), want: apierr.FailureReset, get: again(2), post: once(1), keyed: again(2)},
	{name: "connection ended in the body", serve: frames(cutInBody), want: apierr.FailureEOF, get: once(1), post: once(1), keyed: once(1)},
	{name: "HTTP/1.1 in place of frames", serve: frames(notFrames), want: apierr.FailureOther, get: once(1), post: once(1), keyed: once(1)},
}

func init() {
	for i := range http2Rows {
		http2Rows[i].url, http2Rows[i].client = "https:", speaksHTTP2
	}
}

// xnet returns the rows for the transport of golang.org/x/net/http2, which has
// errors of its own.
func xnet(rows []row) []row {
	out := make([]row, len(rows))
	for i, r := range rows {
		r.name, r.xnet = "x/net: "+r.name, true
		out[i] = r
	}
	return out
}
