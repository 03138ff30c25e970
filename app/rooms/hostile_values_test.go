package rooms_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/app/sla"
)

// filler fills values by reflection, now with what a field is made for and now with
// what nobody should write.
type filler struct {
	*rand.Rand
	ids  []desk.ID
	tame int // of ten values so many are plausible
	bad  int // the value that is not, counted down
}

var plausible = map[string][]string{"Zone": {"America/Lima", "UTC"}, "Lang": {"es", "en"}, "Langs": {"es"}, "Reason": {"user", "third_party"}, "Category": {"impresoras.cola", ""},
	"Number": {""}, "Clock": {"resolve", "resolve/1"}, "Field": {"subject", "1"}, "By": {"", "due", "opened", "group", "category"}, "Month": {"2026-11", "2026-02"},
	"Login": {""}, "Password": {""}, "Fields": {"person"}, "Index": {"established"}, "Levels": {"strict"}, "Date": {"2026-12-25", "12-25"}, "Text": {"no imprime"}}

var nasty = []string{"", "\x00", "admin\x00\x00", "\xff\xfe", "=cmd|' /C calc'!A0", strings.Repeat("x", 501), strings.Repeat("ñ", 70_000), strings.Repeat("a\n", 60_000), "\u202e", "../../etc/passwd", "Local", "{\"a\":1}", "%s%n%d", "9999-99", "0000-00", "-1"}

var nastyNumbers = []int64{0, 1, -1, 2, 5, 99, 255, 1 << 31, 1<<31 - 1, -62_200_000_000_000, desk.Latest, desk.Latest + 1, 1 << 53, 1 << 60, math.MaxInt64, math.MinInt64, 253_402_300_800_000}

func (f *filler) fill(v reflect.Value, name string, deep int) {
	f.bad--
	good := f.IntN(10) < f.tame && f.bad != 0
	pick := func(n int) int { return f.IntN(n) }
	switch v.Type() {
	case reflect.TypeFor[time.Time]():
		t := time.Date(2026, 11, 23, 9, pick(60), 0, 0, time.UTC)
		if !good {
			t = []time.Time{{}, time.Unix(1<<50, 0), time.Unix(-1<<50, 0), time.Date(-5000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(40000, 1, 1, 0, 0, 0, 0, time.UTC), time.UnixMilli(desk.Latest + 1)}[pick(6)]
		}
		v.Set(reflect.ValueOf(t))
		return
	case reflect.TypeFor[desk.ID]():
		if good && len(f.ids) > 0 && pick(2) == 0 {
			v.Set(reflect.ValueOf(f.ids[pick(len(f.ids))]))
		}
		return
	case reflect.TypeFor[time.Duration]():
		d := time.Duration(pick(600)) * time.Second
		if !good {
			d = time.Duration(nastyNumbers[pick(len(nastyNumbers))])
		}
		v.SetInt(int64(d))
		return
	}
	switch v.Kind() {
	case reflect.String:
		s := "algo " + strconv.Itoa(pick(50))
		if p := plausible[name]; good && p != nil {
			s = p[pick(len(p))]
		} else if !good {
			s = nasty[pick(len(nasty))]
		}
		v.SetString(s)
	case reflect.Bool:
		v.SetBool(pick(2) == 0)
	case reflect.Int, reflect.Int64:
		n := int64(pick(5))
		if strings.HasSuffix(name, "At") || name == "Wake" {
			n = []int64{0, time.Date(2026, 11, 23, 9, pick(60), 0, 0, time.UTC).UnixMilli()}[pick(2)]
		}
		if !good {
			n = nastyNumbers[pick(len(nastyNumbers))]
		}
		v.SetInt(n)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n := uint64(pick(4))
		if !good {
			n = []uint64{200, 255, 60_000, 1 << 40, math.MaxUint64}[pick(5)]
		}
		v.SetUint(n & (1<<v.Type().Bits() - 1))
	case reflect.Float64:
		v.SetFloat([]float64{0.5, 80, math.NaN(), math.Inf(1), -1e308}[pick(5)])
	case reflect.Slice:
		n := pick(3)
		if !good && deep < 2 {
			n = []int{0, 70, 300}[pick(3)]
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			f.fill(v.Index(i), name, deep+1)
		}
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i), name, deep+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range pick(3) {
			k, x := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			f.fill(k, name, deep+1)
			f.fill(x, name, deep+1)
			v.SetMapIndex(k, x)
		}
	case reflect.Pointer:
		if pick(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			f.fill(v.Elem(), name, deep+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if x := v.Type().Field(i); x.IsExported() {
				f.fill(v.Field(i), x.Name, deep+1)
			}
		}
	}
}

// answers asks everything: each answer must come, be it a failure that says why,
// and travel as JSON.
func (f *filler) answers(t *testing.T, r *replica, after string) {
	t.Helper()
	owner := r.Owner(t.Context())
	ask := func(q app.Query, hostile bool) app.Answer {
		a, err := r.Ask(owner, q)
		var known *app.Error
		if err != nil && (!errors.As(err, &known) || known.Code == app.Internal || !hostile && known.Code != app.NotFound && !strings.Contains(known.Msg, "time zone")) {
			t.Fatalf("after %s %s answers %.500v", after, app.NameOf(q), err)
		}
		if b, err := json.Marshal(a); err != nil || len(b) > 60<<20 {
			t.Fatalf("after %s the answer of %s takes %d bytes: %.500v", after, app.NameOf(q), len(b), err)
		}
		return a
	}
	plain := []app.Query{app.Status{}, app.TheModel{}, app.Nodes{}, app.Conflicts{}, app.Refused{}, app.Alarms{}, app.Digest{}, app.Calls{Limit: 1000}, app.Month{Month: "2026-11"}, app.Month{Month: "2026-12"},
		app.Who{Text: "4471"}, app.Search{Text: "impresora"}, app.Promise{Impact: 2, Urgency: 2}, app.Surveys{}, app.SurveysToRead{}, app.SurveyResults{Month: "2026-11", By: "agent"}}
	for _, by := range []string{"due", "opened", "group", "agent", "person", "category"} {
		plain = append(plain, app.Cases{By: by, Limit: 1000})
	}
	for x := desk.CaseType; x <= desk.AlarmType; x++ {
		if x != desk.CaseType && x != desk.CallType && x != desk.CalendarType && x != desk.ModelType && x != desk.OrganisationType && x != desk.NodeType && x != desk.AlarmType {
			plain = append(plain, app.Records{Type: x, Limit: 1000})
		}
	}
	for _, q := range plain {
		ask(q, false)
	}
	f.ids = f.ids[:min(len(f.ids), 40)]
	for _, c := range ask(app.Cases{By: "opened", Limit: 30}, false).(app.CasesAnswer).Rows {
		f.ids = append(f.ids, c.ID)
		ask(app.OneCase{ID: c.ID}, false)
		ask(app.Explain{ID: c.ID}, false)
	}
	for _, p := range ask(app.Records{Type: desk.PersonType}, false).(app.RecordsAnswer).People {
		f.ids = append(f.ids, p.ID)
		ask(app.OnePerson{ID: p.ID}, false)
	}
	for _, name := range app.QueryNames() {
		if name == "Month" {
			continue // a month of any year is asked for below
		}
		q, _ := app.NewQuery(name)
		f.fill(reflect.ValueOf(q).Elem(), "", 0)
		ask(app.AsQuery(q), true)
	}
	ask(app.Month{Month: nasty[f.IntN(len(nasty))]}, true)
}

func schedules(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("PUNTO_HOSTILE")); err == nil {
		return n
	}
	if testing.Short() {
		return 200
	}
	return 1500
}

func newFiller(t *testing.T) *filler {
	seed := rand.Uint64()
	if s, err := strconv.ParseUint(os.Getenv("PUNTO_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("PUNTO_SEED=%d", seed)
		}
	})
	return &filler{Rand: rand.New(rand.NewPCG(seed, 11))}
}

// passed over: they derive passwords, write outside the desk or end the right to
// write.
var passedOver = map[string]bool{"CreateDesk": true, "SignIn": true, "SignOut": true, "SetPassword": true, "Backup": true, "AttachFile": true, "RevokeNode": true}

// Whatever the fields of a command hold, it is carried out or refused with words,
// and every question is answered afterwards, here and on a replica, which folds the
// same.
func TestNoValueOfACommandBreaksAnAnswer(t *testing.T) {
	f := newFiller(t)
	rs := replicas(t, 2)
	a, b := rs[0], rs[1]
	a.do(app.RequireFields{Fields: []string{"nothing"}})
	admin := a.agent(desk.AdministratorRole)
	done := map[string]int{}
	names := app.CommandNames()
	last := ""
	for i := range schedules(t) {
		name := names[f.IntN(len(names))]
		if f.IntN(4) == 0 {
			name = []string{"OpenCase", "RegisterCase", "SavePerson", "ImportCalls", "ImportCases", "SeeCall"}[f.IntN(6)]
		}
		if passedOver[name] {
			continue
		}
		f.tame, f.bad = []int{5, 9, 10, 10}[f.IntN(4)], f.IntN(15)
		c, _ := app.NewCommand(name)
		f.fill(reflect.ValueOf(c).Elem(), "", 0)
		if s, ok := c.(*app.SaveAgent); ok {
			s.Password, s.Agent.Login, s.ID = "", "", desk.ID{}
		}
		ctx := a.Owner(t.Context())
		if f.IntN(2) == 0 {
			ctx = a.as(admin)
		}
		_, err := a.Do(ctx, app.AsCommand(c))
		var known *app.Error
		if err != nil && (!errors.As(err, &known) || known.Code == app.Internal) {
			t.Fatalf("%s failed: %.500v\n%.2000v", name, err, c)
		}
		if err == nil {
			done[name]++
		}
		last = name
		if i%100 == 99 {
			f.answers(t, a, last)
		}
	}
	f.answers(t, a, last)
	b.takes(a)
	f.answers(t, b, "merging")
	alike(t, a, b)
	total := 0
	for _, n := range done {
		total += n
	}
	if total < schedules(t)/20 {
		t.Errorf("only %d commands were carried out: %v", total, done)
	}
	t.Logf("carried out: %v", done)
}

func alike(t *testing.T, rs ...*replica) {
	t.Helper()
	var sums []string
	for _, r := range rs {
		d, err := r.log.Checksum()
		if err != nil {
			t.Fatal(err)
		}
		if err := r.log.Rebuild(t.Context(), r.Engine); err != nil {
			t.Fatal(err)
		}
		again, err := r.log.Checksum()
		if err != nil {
			t.Fatal(err)
		}
		if d != again {
			t.Error("a rebuild gives another state")
		}
		sums = append(sums, fmt.Sprintf("%x", d))
	}
	for _, s := range sums {
		if s != sums[0] {
			t.Errorf("the replicas differ: %v", sums)
		}
	}
}

// bodies that events carry.
var bodies = map[desk.Kind][]any{desk.CaseOpened: {desk.Opened{}}, desk.CaseEdited: {desk.Edited{}}, desk.CaseAssigned: {desk.Moved{}}, desk.CaseTaken: {desk.Moved{}},
	desk.CaseHandedOff: {desk.Moved{}}, desk.CaseSuspended: {desk.Said{}}, desk.CaseResumed: {desk.Said{}}, desk.CaseNoted: {desk.Said{}}, desk.CaseContacted: {desk.Said{}},
	desk.CaseResolved: {desk.Solved{}}, desk.CaseReopened: {desk.Said{}}, desk.CaseClosed: {desk.Said{}}, desk.CaseMerged: {desk.Joined{}}, desk.CaseAbsorbed: {desk.Joined{}},
	desk.CaseSplit: {desk.Joined{}}, desk.CaseLinked: {desk.Joined{}}, desk.CaseExcused: {desk.Said{}}, desk.FileAttached: {desk.File{}}, desk.CaseStepped: {desk.Stepped{}}, desk.CallRecorded: {phone.Call{}},
	desk.CallSeen: {callSeen{}}, desk.ConflictSettled: {desk.Settled{}}, desk.EventUndone: {desk.Undo{}}, desk.ClockStepped: {desk.Step{}}, desk.SurveyInvited: {desk.Invited{}}, desk.SurveyAnswered: {desk.Answered{}},
	desk.ReportCommented: {desk.Commented{}}, desk.ReportIssued: {desk.Issued{}}}

type callSeen struct {
	Event phone.CallEvent `cbor:"1,keyasint"`
	Case  desk.ID         `cbor:"2,keyasint,omitempty"`
}

var hostileNouns = map[desk.Type]any{desk.PersonType: desk.Person{}, desk.AreaType: desk.Area{}, desk.SiteType: desk.Site{}, desk.AssetType: desk.Asset{}, desk.GroupType: desk.Group{},
	desk.ContractType: desk.Contract{}, desk.CalendarType: sla.Calendar{}, desk.ModelType: desk.Model{}, desk.ArticleType: desk.Article{}, desk.OrganisationType: desk.Organisation{}, desk.AlarmType: desk.Alarm{}, desk.SurveyType: desk.Survey{}, desk.ProposalType: desk.Proposal{}, desk.FollowType: desk.Follow{}, desk.DefinitionType: desk.Definition{}}

// event makes one that no engine would write.
func (f *filler) event(t *testing.T, stamp desk.Stamp) desk.Event {
	t.Helper()
	e := desk.Event{Stamp: stamp, Version: 1, At: time.Date(2026, 11, 23, 10, f.IntN(60), 0, 0, time.UTC).UnixMilli()}
	if f.IntN(10) >= f.tame {
		e.At = nastyNumbers[f.IntN(len(nastyNumbers))]
	}
	e.Entity.ID = f.ids[f.IntN(len(f.ids))]
	var body any
	if f.IntN(3) == 0 {
		types := []desk.Type{desk.PersonType, desk.AreaType, desk.SiteType, desk.AssetType, desk.GroupType, desk.ContractType, desk.CalendarType, desk.ModelType, desk.ArticleType, desk.OrganisationType, desk.AlarmType, desk.SurveyType, desk.ProposalType, desk.FollowType, desk.DefinitionType}
		e.Kind, e.Entity.Type = desk.RecordPatched, types[f.IntN(len(types))]
		if e.Entity.Type == desk.ModelType || e.Entity.Type == desk.OrganisationType {
			e.Entity.ID = desk.ID{}
		}
		v := reflect.New(reflect.TypeOf(hostileNouns[e.Entity.Type])).Elem()
		f.fill(v, "", 0)
		p, err := desk.Diff[any](struct{}{}, v.Interface())
		if err != nil {
			return f.event(t, stamp)
		}
		body = p
	} else {
		kinds := []desk.Kind{}
		for k := desk.NoKind; k < 40; k++ {
			if bodies[k] != nil {
				kinds = append(kinds, k)
			}
		}
		e.Kind = kinds[f.IntN(len(kinds))]
		if f.IntN(3) == 0 {
			e.Kind = desk.CaseOpened
		}
		e.Entity.Type = desk.CaseType
		switch e.Kind {
		case desk.CallSeen, desk.CallRecorded:
			e.Entity.Type = desk.CallType
		case desk.ClockStepped:
			e.Entity.Type = desk.PersonType
		case desk.SurveyInvited, desk.SurveyAnswered:
			e.Entity.Type = desk.InvitationType
		case desk.ReportCommented, desk.ReportIssued:
			e.Entity.Type = desk.ReportType
		}
		v := reflect.New(reflect.TypeOf(bodies[e.Kind][0])).Elem()
		f.fill(v, "", 0)
		body = v.Interface()
	}
	var err error
	if e.Body, err = desk.Encode(body); err != nil || len(e.Body) > desk.MaxEventBytes {
		return f.event(t, stamp)
	}
	return e
}

// Whatever a workstation that lies writes, every question is answered elsewhere,
// what is out of bounds is listed with its reason, and replicas agree.
func TestNoEventOfAnotherBreaksAnAnswer(t *testing.T) {
	f := newFiller(t)
	rs := replicas(t, 3)
	liar, b, c := rs[0], rs[1], rs[2]
	for i := range 12 {
		f.ids = append(f.ids, desk.DerivedID("case", strconv.Itoa(i)), liar.do(app.SavePerson{Person: desk.Person{Name: fmt.Sprint("U", i)}}).ID)
	}
	f.ids = append(f.ids, liar.do(app.SaveGroup{Group: desk.Group{Name: "G", Level: 2}}).ID)
	meet(rs...)
	for round := range 10 {
		n := schedules(t) / 20
		err := liar.log.Update(t.Context(), func(tx desk.Tx) error {
			for range n {
				f.tame, f.bad = []int{5, 9, 10, 10}[f.IntN(4)], f.IntN(15)
				e := f.event(t, tx.Newest()+1)
				if err := tx.Append(&e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		b.takes(liar)
		f.answers(t, b, fmt.Sprint("round ", round))
	}
	c.takes(b)
	f.answers(t, c, "taking all at once")
	alike(t, b, c)
	refused, err := b.Ask(b.Owner(t.Context()), app.Refused{})
	if err != nil {
		t.Fatal(err)
	}
	values := 0
	for _, r := range refused.(app.RefusedAnswer).Rows {
		if r.Reason == "values" {
			values++
		}
	}
	if values == 0 {
		t.Error("nothing was kept aside for its values")
	}
	// the site works on: what is written now comes after all of it
	id := c.does(c.as(c.admin()), app.OpenCase{Opened: desk.Opened{Subject: "sigue"}}).ID
	b.takes(c)
	if x, err := b.Ask(b.Owner(t.Context()), app.OneCase{ID: id}); err != nil || x.(app.OneCaseAnswer).Case.Subject != "sigue" {
		t.Errorf("a case opened afterwards: %v", err)
	}
}

// A stamp near the end of its range would have everybody's clock run over.
func TestNobodyAdoptsAStampOfAnotherAge(t *testing.T) {
	rs := replicas(t, 2)
	liar, b := rs[0], rs[1]
	body, err := desk.Encode(desk.Opened{Subject: "x"})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []desk.Stamp{desk.LatestStamp + 1, 1 << 62, 1<<63 - 2} {
		err = liar.log.Update(t.Context(), func(tx desk.Tx) error {
			return tx.Append(&desk.Event{Stamp: s, Kind: desk.CaseOpened, Version: 1, Entity: desk.Entity{Type: desk.CaseType, ID: desk.DerivedID("x", fmt.Sprint(s))}, At: b.clock.UnixMilli(), Body: body})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Merge(t.Context(), b.from(liar)); err != nil {
		t.Fatal(err)
	}
	if n := b.log.Newest(); n > desk.LatestStamp {
		t.Fatalf("the clock has adopted %x", n)
	}
	admin := b.as(b.admin())
	first := b.does(admin, app.OpenCase{Opened: desk.Opened{Subject: "uno"}}).ID
	b.does(admin, app.AddNote{Case: first, Text: "dos"})
	if a, err := b.Ask(b.Owner(t.Context()), app.Cases{By: "opened"}); err != nil || len(a.(app.CasesAnswer).Rows) != 1 {
		t.Errorf("%+v, %v", a, err)
	}
}

// admin is the administrator, signed in here.
func (r *replica) admin() desk.ID {
	r.t.Helper()
	return r.does(r.t.Context(), app.SignIn{Login: "admin", Password: "sala de mando"}).ID
}

// Whoever fills a case or a record until its view does not fit any more keeps
// nobody from merging, reading and going on.
func TestNothingGrowsUntilNobodyCanTakeIt(t *testing.T) {
	rs := replicas(t, 3)
	liar, b, c := rs[0], rs[1], rs[2]
	kase := desk.Entity{Type: desk.CaseType, ID: desk.DerivedID("case", "big")}
	who := desk.Entity{Type: desk.PersonType, ID: desk.DerivedID("person", "big")}
	write := func(k desk.Kind, ent desk.Entity, actor string, body any) {
		raw, err := desk.Encode(body)
		if err != nil {
			t.Fatal(err)
		}
		err = liar.log.Update(t.Context(), func(tx desk.Tx) error {
			return tx.Append(&desk.Event{Stamp: tx.Newest() + 1, Kind: k, Version: 1, Entity: ent, Actor: desk.DerivedID(actor), At: b.clock.UnixMilli(), Body: raw})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	write(desk.CaseOpened, kase, "x", desk.Opened{Subject: "uno", Number: "A-0001-1"})
	for i := range 30 {
		text := strings.Repeat(string(rune('a'+i%26)), 59_000)
		write(desk.CaseEdited, kase, fmt.Sprint("agent", i), desk.Edited{Text: &text}) // nobody has seen the others'
		p := desk.Patch{1: []byte("\x61x")}
		if p[uint64(1000+i)], _ = desk.Encode(strings.Repeat("f", 200_000)); i > 0 { // fields of a version to come
			delete(p, 1)
		}
		write(desk.RecordPatched, who, "x", p)
	}
	b.takes(liar)
	f := newFiller(t)
	f.answers(t, b, "what has grown")
	admin := b.as(b.admin())
	b.does(admin, app.AddNote{Case: kase.ID, Text: "sigue"})
	b.does(admin, app.TakeCase{Case: kase.ID})
	b.does(admin, app.SavePerson{ID: who.ID, Person: desk.Person{Name: "Ana"}})
	c.takes(b)
	alike(t, b, c)
	if x, err := c.Ask(c.Owner(t.Context()), app.OneCase{ID: kase.ID}); err != nil || x.(app.OneCaseAnswer).Case.Status != desk.InProgress || len(x.(app.OneCaseAnswer).Timeline) < 33 {
		t.Errorf("%v", err)
	}
}

// Rows that are long on purpose come a page at a time, and none is left out.
func TestLongRowsComeInPages(t *testing.T) {
	b := newBench(t)
	const n = 120
	for i := range n / 10 {
		var c app.ImportRecords
		for j := range 10 {
			c.Articles = append(c.Articles, desk.Article{Ref: fmt.Sprint(i, "-", j), Title: fmt.Sprint("T", i, "-", j), Body: strings.Repeat("x", desk.MaxBody-1)})
		}
		b.do(c)
	}
	seen, pages := map[desk.ID]bool{}, 0
	for after := []byte(nil); ; pages++ {
		a := ask[app.RecordsAnswer](b, app.Records{Type: desk.ArticleType, After: after, Limit: 1000})
		raw, err := json.Marshal(a)
		if err != nil || len(raw) > 8<<20 {
			t.Fatalf("a page takes %d bytes: %v", len(raw), err)
		}
		for _, x := range a.Articles {
			seen[x.ID] = true
		}
		if after = a.Next; after == nil {
			break
		}
	}
	if len(seen) != n || pages == 0 {
		t.Errorf("%d articles in %d pages", len(seen), pages+1)
	}
}

// One case whose view cannot be read is shown as such among the others.
func TestABadRowIsShownAsSuch(t *testing.T) {
	b := newBench(t)
	var ids []desk.ID
	for range 3 {
		ids = append(ids, b.do(app.OpenCase{Opened: desk.Opened{Subject: "x"}}).ID)
	}
	err := b.log.Update(t.Context(), func(tx desk.Tx) error {
		return tx.PutView(desk.Entity{Type: desk.CaseType, ID: ids[1]}, []byte("\xff no view"))
	})
	if err != nil {
		t.Fatal(err)
	}
	a := ask[app.CasesAnswer](b, app.Cases{By: "opened"})
	bad := 0
	for _, r := range a.Rows {
		if r.Bad {
			bad++
			if r.ID != ids[1] {
				t.Errorf("the bad row is %v", r)
			}
		}
	}
	if len(a.Rows) != 3 || bad != 1 {
		t.Errorf("%d rows, %d bad", len(a.Rows), bad)
	}
}
