package simulation

// reasons says why a driver is better than the plain policy in a figure. A test
// fails when there is a loss without a reason here, or a reason without a loss.
var reasons = map[[2]string]string{}
