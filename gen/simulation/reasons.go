package simulation

// reasons says why a driver is better than the plain policy in a figure. A test
// fails when there is a loss without a reason here, or a reason without a loss.
var reasons = map[[2]string]string{
	{"succeeded", "go-retryablehttp"}: "FormaMail says in a header how long to wait, and so it waits as long, too. " +
		"It tries five times where FormaMail's document says three, and repeats each POST whatever became of the first.",
	{"requests per success", "aws-sdk-go-v2"}: "It retries twice, the policy four times, as forlena's document says. " +
		"That costs requests while the server is down, and saves calls otherwise.",
	{"peak", "aws-sdk-go-v2"}: "Two retries within six seconds leave fewer calls waiting for the server than the four " +
		"that the documents of these vendors advise. A budget does more.",
	{"recovered after", "go-retryablehttp"}: "It repeats a POST that was turned away with a 503. The policy does not, " +
		"as a 503 does not tell that nothing was done. And the waits that genesys documents are longer.",
	{"recovered after", "aws-sdk-go-v2"}: "Few calls are waiting when the server comes back, and it repeats a POST " +
		"that was turned away with a 503. The policy does not, as a 503 does not tell that nothing was done.",
	{"fails in outage after", "go-retryablehttp"}: "The waits are the same, 1 s, 2 s, 4 s and 8 s, and the policy adds jitter to them.",
	{"fails in outage after", "aws-sdk-go-v2"}: "It gives up after two retries, where forlena and genesys advise four; " +
		"its jitter makes waits shorter, that of the policy makes them longer.",
}
