package host

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
	"punto/app/rooms"
	"punto/packaging/yardstick"
	"punto/store"
	"punto/sync/site"
	"punto/sync/stream"
)

// The benchmarks of the goals of sync.md, section 5. Each prints the figure, that
// of raw Badger in the same run, and their ratio. That of one durable command is
// BenchmarkOpenCase; of the store alone, BenchmarkDurableCommit.

// benchEvents is PUNTO_BENCH_EVENTS, 60,000 when it is not set.
func benchEvents(b *testing.B) int {
	b.Helper()
	n := 60_000
	if s := os.Getenv("PUNTO_BENCH_EVENTS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	return n
}

// held is how many events a log holds.
func held(db *store.DB) (n uint64) {
	for _, seq := range db.Vector() {
		n += seq
	}
	return n
}

// history makes the call of a case and the case with its eight events.
func history(i int) (phone.Call, app.CaseHistory) {
	at := time.Date(2025, 3, 3, 12, 0, 0, 0, time.UTC).Add(time.Duration(i) * 97 * time.Second)
	call := phone.Call{PBX: "bench", UniqueID: fmt.Sprint(i), Queue: "mesa", Caller: fmt.Sprint(4000 + i%400), OfferedAt: at, QueuedAt: at, AnsweredAt: at.Add(9 * time.Second),
		EndedAt: at.Add(3 * time.Minute), Wait: 9 * time.Second, Talk: 171 * time.Second, Agent: "Ana Soto", Outcome: phone.Completed}
	step := func(minutes int, k desk.Kind, who, group, text string) app.CaseStep {
		return app.CaseStep{At: at.Add(time.Duration(minutes) * time.Minute).UnixMilli(), Kind: k, Agent: who, Group: group, Level: 1, Text: text}
	}
	second := fmt.Sprint("Técnico ", i%12)
	return call, app.CaseHistory{Ref: fmt.Sprint("B", i), At: at.UnixMilli(), Person: fmt.Sprint("Usuario ", i%400), Area: fmt.Sprint("Área ", i%9), Group: "Mesa", Agent: "Ana Soto",
		Opened: desk.Opened{Subject: fmt.Sprintf("La impresora del puesto %d no responde desde la mañana", i), Category: "impresoras.cola", Kind: desk.Incident, Modality: desk.ByPhone,
			Impact: 2, Urgency: 2, Priority: 3, Level: 1, Lang: "es", Call: app.CallID("bench", fmt.Sprint(i))},
		Steps: []app.CaseStep{step(1, desk.CaseTaken, "Ana Soto", "Mesa", ""), step(2, desk.CaseNoted, "Ana Soto", "", "Se reinicia la cola y se vacía el registro; el usuario prueba otra vez."),
			step(4, desk.CaseHandedOff, "Ana Soto", "Soporte", "no se resuelve por teléfono"), step(20, desk.CaseTaken, second, "Soporte", ""),
			step(35, desk.CaseNoted, second, "", "Se cambia el rodillo y se limpia el cabezal."), step(50, desk.CaseNoted, second, "", "Página de prueba correcta."),
			step(55, desk.CaseResolved, second, "", "Rodillo cambiado, imprime bien.")}}
}

const perHistory = 9

// fill imports histories until the log of a seat holds about as many events;
// from is the first history, and the next one is given.
func (s *seat) fill(b *testing.B, from, events int) int {
	b.Helper()
	for goal := held(s.db) + uint64(events); held(s.db) < goal; {
		var calls app.ImportCalls
		var cases app.ImportCases
		for range min(500, (int(goal-held(s.db))+perHistory-1)/perHistory) {
			c, h := history(from)
			calls.Calls, cases.Cases = append(calls.Calls, c), append(cases.Cases, h)
			from++
		}
		s.do(b, calls)
		s.do(b, cases)
	}
	return from
}

// live writes events by commands as agents do: a thousand cases are open at once,
// and each gets its eight events among those of the others.
func (s *seat) live(b *testing.B, events int) {
	b.Helper()
	const writers, open = 16, 1000
	ctx := s.admin(b)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 3))
			ids, n := make([]desk.ID, open/writers), make([]int, open/writers)
			for i := range events / writers {
				k := r.IntN(len(ids))
				var err error
				if n[k] == 0 {
					var got app.Receipt
					got, err = s.Do(ctx, app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprintf("No imprime en el puesto %d", i), Category: "impresoras.cola"}})
					ids[k] = got.ID
				} else {
					_, err = s.Do(ctx, app.AddNote{Case: ids[k], Text: "Se reinicia la cola y se vacía el registro; el usuario prueba otra vez."})
				}
				if n[k] = (n[k] + 1) % 8; err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// against reports a rate, that of raw Badger before and after it, and the ratio.
// What is measured, and nothing else, is profiled into PUNTO_BENCH_PROFILE.
func against(b *testing.B, fs [][]byte, ours func() time.Duration) time.Duration {
	b.Helper()
	before := yardstick.Batch(b, b.TempDir(), fs)
	runtime.GC()
	if path := os.Getenv("PUNTO_BENCH_PROFILE"); path != "" {
		f, err := os.Create(path)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
	}
	took := ours()
	pprof.StopCPUProfile()
	base := (before + yardstick.Batch(b, b.TempDir(), fs)) / 2
	b.ReportMetric(float64(len(fs)), "events")
	b.ReportMetric(float64(len(fs))/took.Seconds(), "events/s")
	b.ReportMetric(float64(len(fs))/base.Seconds(), "raw-events/s")
	b.ReportMetric(float64(base)/float64(took), "x-raw")
	return took
}

// behind is a site of two: a holds some events more than the stopped b.
func behind(b *testing.B, more func(a *seat)) (a, n *seat, since desk.Vector) {
	b.Helper()
	a = founded(b)
	a.do(b, app.SaveAgent{Agent: desk.Agent{Name: unsigned, Role: desk.AgentRole}})
	next := a.fill(b, 0, 5000)
	n = a.join(b, "ventanilla")
	until(b, "the same log on both", func() bool { return held(a.db) == held(n.db) && len(n.db.Vector()) == 2 })
	if err := n.Close(); err != nil {
		b.Fatal(err)
	}
	since = a.db.Vector()
	if more == nil {
		a.fill(b, next, benchEvents(b))
	} else {
		more(a)
	}
	if err := a.Fed(context.Background()); err != nil { // its search is not to run beside what is measured
		b.Fatal(err)
	}
	return a, n, since
}

// fetched opens a copy of a folder with the engine and no search, and takes all
// that a holds over one peering. It gives when the log was durable and when all views
// and indexes were derived. Beside may write meanwhile; nil = nobody does.
func fetched(b *testing.B, a *seat, dir string, beside func(context.Context, *engine.Engine)) (durable, whole time.Duration) {
	b.Helper()
	to := filepath.Join(b.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		b.Fatal(err)
	}
	db, err := store.Open(b.Context(), store.Options{Dir: to})
	if err != nil {
		b.Fatal(err)
	}
	eng, err := rooms.Open(b.Context(), engine.Config{Log: db})
	if err != nil {
		b.Fatal(err)
	}
	conf, err := stream.LoadMembership(to)
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Checked(); err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := eng.Run(ctx); err != nil {
			b.Error(err)
		}
	})
	var writing sync.WaitGroup
	fetching, over := context.WithCancel(b.Context())
	if beside != nil {
		writing.Go(func() { beside(fetching, eng) })
	}
	from := time.Now()
	err = stream.Fetch(b.Context(), a.address, conf, db.Key(), &site.Replica{Log: db, Judge: eng, Check: conf.Check}, nil)
	durable = time.Since(from)
	if err != nil || held(db) < held(a.db) {
		b.Fatal(err, held(db), held(a.db))
	}
	if err := eng.Settled(b.Context()); err != nil {
		b.Fatal(err)
	}
	whole = time.Since(from)
	over()
	writing.Wait()
	if x, y := sum(b, db), sum(b, a.db); x != y && beside == nil {
		b.Fatal("the two hold the same events and fold them otherwise")
	}
	stop()
	running.Wait()
	if err := eng.Close(); err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return durable, whole
}

// caughtUp tells both times of one catching up as ratios to raw Badger.
func caughtUp(b *testing.B, fs [][]byte, a, n *seat, beside func(context.Context, *engine.Engine)) {
	b.Helper()
	var durable time.Duration
	whole := against(b, fs, func() (whole time.Duration) {
		durable, whole = fetched(b, a, n.dir, beside)
		return whole
	})
	b.ReportMetric(float64(len(fs))/durable.Seconds(), "log-events/s")
	b.ReportMetric(whole.Seconds()/durable.Seconds(), "whole-to-log")
}

// unsigned is an agent without login and password, who need not sign in on each
// workstation.
const unsigned = "Rosa Quispe"

// unsignedOf is the agent who need not sign in.
func unsignedOf(b *testing.B, s *seat) desk.ID {
	b.Helper()
	x, err := s.Ask(s.Owner(b.Context()), app.Records{Type: desk.AgentType})
	if err != nil {
		b.Fatal(err)
	}
	for _, a := range x.(app.RecordsAnswer).Agents {
		if a.Of.Name == unsigned {
			return a.ID
		}
	}
	b.Fatal("nobody may write without signing in")
	return desk.ID{}
}

// commands opens cases while a log comes in, one every few milliseconds, and tells how
// long each took until it was durable.
func commands(b *testing.B, agent desk.ID) func(context.Context, *engine.Engine) {
	return func(ctx context.Context, e *engine.Engine) {
		var took []time.Duration
		for ctx.Err() == nil {
			from := time.Now()
			if _, err := e.Do(e.As(context.Background(), agent), app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Category: "impresoras.cola"}}); err != nil {
				b.Error(err)
				return
			}
			took = append(took, time.Since(from))
			<-time.After(2 * time.Millisecond)
		}
		slices.Sort(took)
		for name, at := range map[string]int{"command-p50-ms": 500, "command-p99-ms": 990, "command-max-ms": 999} {
			b.ReportMetric(float64(took[len(took)*at/1000].Microseconds())/1000, name)
		}
		b.ReportMetric(float64(len(took)), "commands")
	}
}

func sum(b *testing.B, db *store.DB) [32]byte {
	b.Helper()
	d, err := db.Checksum()
	if err != nil {
		b.Fatal(err)
	}
	return d
}

// BenchmarkCatchUp brings a workstation that holds a part up to date over TLS on
// the loop: verification, fold, views, indexes, every commit synced. Both ends
// share the machine. engine is without the search, as the goal is; live is the
// same of events that agents wrote case by case; host is the whole program, the
// search fed beside it.
func BenchmarkCatchUp(b *testing.B) {
	b.Run("engine", func(b *testing.B) {
		a, n, since := behind(b, nil)
		fs := yardstick.Frames(b, a.db, since)
		for range b.N {
			caughtUp(b, fs, a, n, nil)
		}
	})
	b.Run("live", func(b *testing.B) {
		a, n, since := behind(b, func(a *seat) { a.live(b, benchEvents(b)/3) })
		fs := yardstick.Frames(b, a.db, since)
		for range b.N {
			caughtUp(b, fs, a, n, nil)
		}
	})
	b.Run("commands", func(b *testing.B) {
		a, n, since := behind(b, nil)
		fs := yardstick.Frames(b, a.db, since)
		for range b.N {
			caughtUp(b, fs, a, n, commands(b, unsignedOf(b, a)))
		}
	})
	b.Run("host", func(b *testing.B) {
		a, n, since := behind(b, nil)
		fs := yardstick.Frames(b, a.db, since)
		if b.N > 1 {
			b.Skip("a workstation catches up once: -benchtime=1x")
		}
		took := against(b, fs, func() time.Duration {
			from := time.Now()
			n.start(b)
			for want := held(a.db); held(n.db) < want; {
				<-time.After(2 * time.Millisecond)
			}
			took := time.Since(from)
			if err := n.Fed(context.Background()); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric((time.Since(from) - took).Seconds(), "search-later-s")
			return took
		})
		b.ReportMetric(took.Seconds(), "s")
		if err := n.Close(); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkBulkJoin makes empty folders workstations of a site: enrolment, the
// whole log, everything derived.
func BenchmarkBulkJoin(b *testing.B) {
	a := founded(b)
	a.fill(b, 0, benchEvents(b))
	if err := a.Fed(context.Background()); err != nil {
		b.Fatal(err)
	}
	fs := yardstick.Frames(b, a.db, nil)
	for range b.N {
		took := against(b, fs, func() time.Duration {
			dir, code, from := b.TempDir(), a.do(b, app.Invite{}).Secret, time.Now()
			var fetched time.Time
			err := Join(b.Context(), Joining{Dir: dir, Code: code, Address: a.address, Name: "ventanilla", Listen: "127.0.0.1:0", Progress: func(uint64, uint64) { fetched = time.Now() }})
			took := time.Since(from)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(fetched.Sub(from).Seconds(), "fetch-s")
			b.ReportMetric((took - fetched.Sub(from)).Seconds(), "derive-s")
			return took
		})
		b.ReportMetric(took.Seconds()*1e6/float64(len(fs)), "extrapolated-s/1M-events")
	}
}
