// Command faults tells how sharp the tests are. It plants small faults, as a
// careless colleague would make them, one at a time, runs the tests of the
// packages that should notice, and prints the rate of those caught.
//
// Nothing is written into the work tree: a fault is an overlay of the go command.
// Tests run at their short length.
// Faults are data (the lists in this folder). One whose old text is not in its
// file exactly once is stale; one that does not compile, hangs, or meets tests
// that fail without it, shows nothing: none of these counts as caught.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// verdict is what became of a fault.
type verdict string

// Verdicts.
const (
	caught  verdict = "caught"
	lived   verdict = "lived"
	broken  verdict = "does not compile"
	nothing verdict = "changed nothing"
	hung    verdict = "hung"
	stale   verdict = "stale"
	red     verdict = "tests fail without it"
)

var verdicts = []verdict{caught, lived, broken, nothing, hung, stale, red}

// bench runs go test over one module.
type bench struct {
	root, tags, dir string
	timeout         time.Duration
	sound           map[string]bool // by package and tests: whether they pass without a fault
}

func main() {
	b := bench{sound: map[string]bool{}}
	flag.StringVar(&b.tags, "tags", "migrated_fynedo", "build tags")
	flag.DurationVar(&b.timeout, "timeout", 3*time.Minute, "how long the tests of one package may take with a fault in it")
	run := flag.String("run", "", "only faults whose name or file matches this `expression`")
	shard := flag.String("shard", "", "only every n-th fault, from the i-th on: `i/n`, i from 1")
	least := flag.Float64("least", 90, "fail below this `rate`, in percent")
	list := flag.Bool("list", false, "list the faults and plant none")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	rate, err := b.main(ctx, *run, *shard, *list)
	if err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(2)
	}
	if !*list && rate < *least {
		os.Exit(1)
	}
}

func (b *bench) main(ctx context.Context, run, shard string, list bool) (rate float64, err error) {
	here, err := filepath.Abs(".")
	if err == nil {
		b.root, err = rootOf(here)
	}
	if err != nil {
		return 0, err
	}
	fs, err := chosen(run, shard)
	if err != nil {
		return 0, err
	}
	if list {
		for _, f := range fs {
			fmt.Printf("%-28s %-24s %s\n", f.file, strings.Join(f.tests, " "), f.name)
		}
		return 0, nil
	}
	if b.dir, err = os.MkdirTemp("", "faults"); err != nil {
		return 0, err
	}
	defer os.RemoveAll(b.dir) //nolint:errcheck // a folder of our own in /tmp
	count := map[verdict]int{}
	for _, f := range fs {
		begin := time.Now()
		v, by, err := b.try(ctx, f)
		if err != nil {
			return 0, err
		}
		count[v]++
		fmt.Printf("%-8s %-28s %s  (%s%.0f s)\n", v, f.file, f.name, by, time.Since(begin).Seconds())
	}
	for _, v := range verdicts {
		if count[v] > 0 {
			fmt.Printf("%d %s, ", count[v], v)
		}
	}
	rate = 100 * float64(count[caught]) / float64(max(1, len(fs)))
	fmt.Printf("of %d faults: %.1f %% caught\n", len(fs), rate)
	return rate, nil
}

// chosen are the faults that were asked for.
func chosen(run, shard string) (out []fault, err error) {
	all, err := load()
	if err != nil {
		return nil, err
	}
	match, err := regexp.Compile(run)
	if err != nil {
		return nil, fmt.Errorf("the expression of -run: %w", err)
	}
	i, n := 1, 1
	if shard != "" {
		if k, err := fmt.Sscanf(shard, "%d/%d", &i, &n); k != 2 || err != nil || i < 1 || i > n {
			return nil, fmt.Errorf("%q is no shard: the first of four is 1/4", shard)
		}
	}
	all = slices.DeleteFunc(all, func(f fault) bool { return !match.MatchString(f.name) && !match.MatchString(f.file) })
	for k, f := range all {
		if k%n == i-1 {
			out = append(out, f)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("no fault was chosen: -list shows them all")
	}
	return out, nil
}

// try plants one fault and runs the tests that should notice; by tells which did.
func (b *bench) try(ctx context.Context, f fault) (v verdict, by string, err error) {
	text, differs, err := f.plant(b.root)
	if errors.Is(err, errStale) {
		return stale, err.Error() + ", ", nil
	}
	if err != nil {
		return "", "", err
	}
	if !differs {
		return nothing, "", nil
	}
	overlay, err := b.overlay(f.file, text)
	if err != nil {
		return "", "", err
	}
	v = lived
	for _, p := range f.tests {
		sound, err := b.soundAlone(ctx, p, f)
		if err != nil {
			return "", "", err
		}
		if !sound {
			v = red
			continue
		}
		x, test, err := b.test(ctx, p, f, overlay)
		switch {
		case err != nil:
			return "", "", err
		case x == caught:
			return caught, p + " " + test + ", ", nil
		case x != lived:
			return x, p + ", ", nil
		}
	}
	return v, "", nil
}

// overlay tells the go command to read text in the place of a file.
func (b *bench) overlay(file string, text []byte) (string, error) {
	planted := filepath.Join(b.dir, "planted.go")
	if err := os.WriteFile(planted, text, 0o600); err != nil {
		return "", err
	}
	j, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(b.root, file): planted}})
	if err != nil {
		return "", err
	}
	path := filepath.Join(b.dir, "overlay.json")
	return path, os.WriteFile(path, j, 0o600)
}

// soundAlone tells whether tests pass without any fault; each is asked once.
func (b *bench) soundAlone(ctx context.Context, p string, f fault) (bool, error) {
	key := p + " " + f.run + " " + f.skip
	if ok, known := b.sound[key]; known {
		return ok, nil
	}
	v, by, err := b.test(ctx, p, f, "")
	if err == nil && v != lived {
		fmt.Printf("the tests of %s fail without a fault: %s %s\n", p, v, by)
	}
	b.sound[key] = v == lived
	return v == lived, err
}

// event is a line of go test -json.
type event struct{ Action, Test, Output string }

// test runs the tests of a package that should notice a fault: lived when all pass, caught when one fails,
// and the name of that one.
func (b *bench) test(ctx context.Context, p string, f fault, overlay string) (v verdict, by string, err error) {
	args := []string{"test", "-json", "-short", "-failfast", "-vet=off", "-tags", b.tags, "-timeout", b.timeout.String()}
	if f.run != "" {
		args = append(args, "-run", f.run)
	}
	if f.skip != "" {
		args = append(args, "-skip", f.skip)
	}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "./"+p)...) //nolint:gosec // the packages and names of tests of the list in this folder
	cmd.Dir = b.root
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err = cmd.Run()
	if err := ctx.Err(); err != nil {
		return "", "", err
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return "", "", err
	}
	v, by = judge(&out, err == nil)
	if v == "" {
		return "", "", fmt.Errorf("go test %s ended without a word: %s", p, said.String())
	}
	return v, by, nil
}

// judge reads the events of go test -json; ok when it ended well. "" when they
// tell nothing.
func judge(out *bytes.Buffer, ok bool) (v verdict, by string) {
	if ok {
		return lived, ""
	}
	in := bufio.NewScanner(out)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil {
			continue
		}
		switch {
		case e.Action == "build-fail":
			return broken, ""
		case strings.HasPrefix(e.Output, "panic: test timed out"):
			return hung, e.Test
		case e.Action == "fail":
			v = caught
			if by == "" {
				by, _, _ = strings.Cut(e.Test, "/")
			}
		}
	}
	return v, by
}
