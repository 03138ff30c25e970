// Package vectors runs files of test vectors, of this project and of others, against
// the pure rooms: what each computes is compared with what the file expects. It
// computes nothing itself.
package vectors

// Report is the outcome of a run. Listed are those whose source follows a convention
// that is not ours, with the reason.
type Report struct {
	Passed   int      `json:"passed"`
	Failed   int      `json:"failed"`
	Failures []string `json:"failures"`
	Listed   []string `json:"listed"`
}
