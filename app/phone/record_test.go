package phone_test

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"punto/app/phone"
)

// gather reads calls by their id, and what is rejected.
func gather(t *testing.T, calls iter.Seq2[phone.Call, error]) (cs map[string]phone.Call, bad []phone.RowError) {
	t.Helper()
	cs = map[string]phone.Call{}
	for c, err := range calls {
		var row *phone.RowError
		switch {
		case errors.As(err, &row):
			bad = append(bad, *row)
		case err != nil:
			t.Fatal(err)
		default:
			if _, twice := cs[c.UniqueID]; twice {
				t.Errorf("call %s came out twice", c.UniqueID)
			}
			cs[c.UniqueID] = c
		}
	}
	return cs, bad
}

// truth is how each call of the capture's second pass ended, by the caller's number.
var truth = map[string]struct {
	outcome    phone.Outcome
	wait, talk float64 // seconds
}{
	"0981234501": {phone.Completed, 2, 6.5}, "0981234502": {phone.Completed, 1, 5.5}, "0981234503": {phone.Completed, 9, 6.5}, "0981234504": {phone.Completed, 2, 6.5},
	"0981234505": {phone.Abandoned, 6.5, 0}, "0981234506": {phone.Abandoned, 1.5, 0}, "0981234507": {phone.Abandoned, 3.5, 0}, "0981234508": {phone.Abandoned, 8.5, 0},
	"0981234509": {phone.Abandoned, 8.5, 0}, "0981234510": {phone.Busy, 0, 0}, "0981234511": {phone.Overflow, 6, 0}, "0981234513": {phone.Completed, 1, 3},
	"0981234514": {phone.Completed, 1, 8}, "0981234515": {phone.Withdrawn, 3, 0}, "0981234516": {phone.Completed, 1, 23.5}, "0981234517": {phone.Abandoned, 19.5, 0},
}

func near(d time.Duration, sec float64) bool {
	return d.Seconds()-sec <= 1.1 && d.Seconds()-sec >= -1.1
}

func secondPass(c phone.Call) bool {
	return c.OfferedAt.Unix() >= 1795388550 && c.OfferedAt.Unix() < 1795388900
}

func TestRecordsOfChannelsAreOneCallEach(t *testing.T) {
	cs, bad := gather(t, phone.CDR{PBX: "pbx"}.Read(unpack(t, "asterisk-live/ast20.cdr-Master.csv.gz"), time.UTC))
	if len(bad) > 0 {
		t.Errorf("rejected %v", bad)
	}
	n := 0
	for _, c := range cs {
		want := truth[c.Caller]
		if !secondPass(c) || c.Caller == "0981234512" { // out of hours, the record does not say why it ended
			continue
		}
		n++
		switch want.outcome {
		case phone.Overflow, phone.Withdrawn: // records do not know why a call left the queue
			if c.Outcome != phone.Unknown || c.Doubts&phone.NoWait == 0 {
				t.Errorf("%s ended %v: nothing says so", c.Caller, c.Outcome)
			}
			continue
		}
		if c.Outcome != want.outcome || !near(c.Wait, want.wait) || !near(c.Talk, want.talk) {
			t.Errorf("%s came out as %v, waited %v, talked %v: %+v expected", c.Caller, c.Outcome, c.Wait, c.Talk, want)
		}
	}
	if n != 16 {
		t.Errorf("%d calls, not 16, of 44 rows", n)
	}
	if c := cs["1795388659.168"]; c.Agent != "Local/101@agents" || c.To != "6000" || c.Queue != "mesa" || c.Name != "Usuario 13" || c.Dialled != "5000" {
		t.Errorf("the call that was passed on came out as %+v", c)
	}
	if c := cs["1795388967.197"]; c.Agent != "SIP/201" || !near(c.Wait, 1) || !near(c.Talk, 14) {
		t.Errorf("the call to a SIP phone came out as %+v", c)
	}
}

// The same log in another layout is of the same calls, once its columns are named.
func TestRecordsInALayoutOfOnesOwn(t *testing.T) {
	const names = "clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,disposition,uniqueid,linkedid,sequence"
	want, _ := gather(t, phone.CDR{PBX: "pbx"}.Read(unpack(t, "asterisk-live/ast20.cdr-Master.csv.gz"), time.UTC))
	own, bad := gather(t, phone.CDR{PBX: "pbx", Columns: names}.Read(unpack(t, "asterisk-live/ast20.cdr-Custom.csv.gz"), time.UTC))
	if len(bad) > 0 || !reflect.DeepEqual(own, want) {
		t.Errorf("%d calls and %v rejected: %d expected", len(own), bad, len(want))
	}
	text, err := io.ReadAll(unpack(t, "asterisk-live/ast20.cdr-Custom.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	headed, bad := gather(t, phone.CDR{PBX: "pbx"}.Read(strings.NewReader(names+"\n"+string(text)), time.UTC))
	for id, c := range headed {
		c.Line--
		headed[id] = c
	}
	if len(bad) > 0 || !reflect.DeepEqual(headed, want) {
		t.Errorf("with a heading: %d calls and %v rejected", len(headed), bad)
	}
}

const freepbx = `calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,accountcode,uniqueid,userfield,did,linkedid,sequence
2026-10-05 09:00:00,"""Ana"" <0981>",0981,600,ext-queues,PJSIP/trunk-00000001,PJSIP/201-00000002,Queue,"600,t,,,120",75,60,ANSWERED,3,,1791190800.1,,225550101,1791190800.1,1
2026-10-05 09:10:00,"""Ana"" <0981>",0981,600,ext-queues,PJSIP/trunk-00000003,,Queue,"600,t,,,120",40,0,NO ANSWER,3,,1791191400.3,,225550101,1791191400.3,2
2026-10-05 09:20:00,"""Luis"" <201>",201,0977,from-internal,PJSIP/201-00000004,PJSIP/trunk-00000005,Dial,"PJSIP/0977@trunk",30,20,ANSWERED,3,,1791192000.4,,,1791192000.4,3
2026-10-05 09:30:00,x,0982,600,ext-queues,PJSIP/trunk-00000006,,Busy,,2,0,BUSY,3,,1791192600.6,,225550101,1791192600.6,4
bad,x,0982,600,ext-queues,PJSIP/trunk-00000007,,Queue,600,2,0,BUSY,3,,1791192700.7,,,1791192700.7,5
`

func TestATableOfFreePBXLeavesOutWhatAgentsDialled(t *testing.T) {
	skipped := 0
	cs, bad := gather(t, phone.CDR{PBX: "p", Skip: func(int) { skipped++ }}.Read(strings.NewReader(freepbx), time.UTC))
	if len(cs) != 3 || skipped != 1 || len(bad) != 1 || bad[0].Line != 6 {
		t.Fatalf("%d calls, %d skipped, %v rejected: 3, 1 and line 6 expected", len(cs), skipped, bad)
	}
	if c := cs["1791190800.1"]; c.Wait != 15*time.Second || c.Talk != time.Minute || c.Dialled != "225550101" || c.Agent != "PJSIP/201" || c.Queue != "600" {
		t.Errorf("the answered call came out as %+v", c)
	}
	if c := cs["1791191400.3"]; c.Outcome != phone.Abandoned || c.Wait != 40*time.Second {
		t.Errorf("the lost call came out as %+v", c)
	}
	if c := cs["1791192600.6"]; c.Outcome != phone.Busy {
		t.Errorf("the busy call came out as %+v", c)
	}
}

func TestTheLogOfChannelsTellsEveryCallOfTheQueue(t *testing.T) {
	cs, bad := gather(t, phone.CEL{PBX: "pbx"}.Read(unpack(t, "asterisk-live/ast20.cel-Master.csv.gz"), time.UTC))
	if len(bad) > 0 {
		t.Errorf("rejected %v", bad)
	}
	n := 0
	for _, c := range cs {
		want, ok := truth[c.Caller]
		if !ok || !secondPass(c) {
			continue
		}
		n++
		if want.outcome == phone.Withdrawn {
			want.outcome = phone.Abandoned // the log has no reasons, and it was no overflow by its time
		}
		if c.Outcome != want.outcome || !near(c.Wait, want.wait) || !near(c.Talk, want.talk) {
			t.Errorf("%s came out as %v, waited %v, talked %v: %+v expected", c.Caller, c.Outcome, c.Wait, c.Talk, want)
		}
	}
	if n != 16 {
		t.Errorf("%d calls, not 16", n)
	}
	if c := cs["1795388659.168"]; c.Agent != "Local/101@agents" || c.To != "6000" || c.Queue != "mesa" || c.Dialled != "5000" {
		t.Errorf("the call that was passed on came out as %+v", c)
	}
}

// Whatever tells of a call, in whatever order and however often, it is one call, and
// what the most exact source says holds.
func TestAllSourcesTellOneCall(t *testing.T) {
	events, _, _ := read(t, text(t, "asterisk-live/ast20.queue_log.gz"))
	log := calls(events)
	cdr, _ := gather(t, phone.CDR{PBX: "pbx"}.Read(unpack(t, "asterisk-live/ast20.cdr-Master.csv.gz"), time.UTC))
	cel, _ := gather(t, phone.CEL{PBX: "pbx"}.Read(unpack(t, "asterisk-live/ast20.cel-Master.csv.gz"), time.UTC))
	r := rand.New(rand.NewPCG(7, 7))
	both := 0
	for id, l := range log {
		all := []phone.Call{l, l}
		for _, m := range []map[string]phone.Call{cdr, cel} {
			if c, ok := m[id]; ok {
				all = append(all, c, c)
				both++
			} else {
				t.Errorf("%s is in the log but not in the records", id)
			}
		}
		want := phone.Merge(all...)
		if want.Outcome != l.Outcome || want.Agent != l.Agent || want.Wait != l.Wait || want.Talk != l.Talk || want.Dialled == "" {
			t.Errorf("%s: the log says %+v, all together %+v", id, l, want)
		}
		for range 50 {
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			if got := phone.Merge(all...); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: in another order %+v, not %+v", id, got, want)
			}
		}
	}
	if both != 2*len(log) {
		t.Errorf("%d of %d tellings met", both, 2*len(log))
	}
}

// A log that breaks off while a call goes on is completed by the record of it.
func TestARecordCompletesWhatALogBrokeOff(t *testing.T) {
	events, _, _ := read(t, "1795388574|c|mesa|NONE|ENTERQUEUE||0981|1|U\n1795388583|c|mesa|Ana|CONNECT|9|x|2\n")
	part := phone.Fold(events)
	at := func(sec int64) time.Time { return time.Unix(sec, 0).UTC() }
	record := phone.Call{PBX: "pbx", UniqueID: "c", Agent: "SIP/1", OfferedAt: at(1795388570), AnsweredAt: at(1795388570), EndedAt: at(1795388600),
		Outcome: phone.Completed, Talk: 30 * time.Second, Doubts: phone.NoWait, Rank: phone.FromSummary, Dialled: "600"}
	c := phone.Merge(record, part)
	if c.Outcome != phone.Completed || c.Wait != 9*time.Second || c.Talk != 17*time.Second || c.Agent != "Ana" || c.Doubts != 0 || c.Dialled != "600" || c.Caller != "0981" {
		t.Errorf("together they came out as %+v", c)
	}
}

func text(t *testing.T, name string) string {
	t.Helper()
	b, err := io.ReadAll(unpack(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A queue_log that is rotated in the middle of calls reads on with what is known.
func TestALogIsReadOnFromAnyLine(t *testing.T) {
	whole := text(t, "asterisk-live/ast20.queue_log.gz")
	lines := strings.SplitAfter(whole, "\n")
	want, _, _ := read(t, whole)
	for cut := 1; cut < len(lines); cut++ {
		events, _, _ := read(t, strings.Join(lines[:cut], ""))
		for e, err := range (phone.QueueLog{PBX: "pbx", Known: events}).Read(strings.NewReader(strings.Join(lines[cut:], ""))) {
			if err != nil {
				t.Fatal(err)
			}
			e.Line += cut
			events = append(events, e)
		}
		if !reflect.DeepEqual(events, want) {
			t.Fatalf("cut before line %d, the events come out otherwise", cut+1)
		}
	}
}

func FuzzCDR(f *testing.F) {
	f.Add(freepbx)
	f.Add(`"","0981","5000","ctx","""U"" <0981>","Local/1;1","","Queue","mesa,t,,,25","2026-11-22 22:58:55",,"2026-11-22 22:59:03",8,6,"ANSWERED","DOC","1.1","","","1.1",3` + "\n")
	f.Add("channel,disposition,start\nx,y,1795388574.5\n\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		for c, err := range (phone.CDR{PBX: "p"}).Read(strings.NewReader(text), time.UTC) {
			if err == nil {
				sane(t, c)
			}
		}
	})
}

func FuzzCEL(f *testing.F) {
	row := func(kind, at, app, data string) string {
		return fmt.Sprintf(`"%s","%s","U","0981","","5000","ctx","SIP/1-1","%s","%s","1.1","1.1","SIP/2-2","",""`+"\n", kind, at, app, data)
	}
	f.Add(row("CHAN_START", "1795388574.1", "", "") + row("APP_START", "1795388575.1", "Queue", "mesa,t,,,25") + row("BRIDGE_ENTER", "1795388577.1", "Queue", "mesa") +
		row("BRIDGE_EXIT", "1795388587.1", "Queue", "mesa") + row("HANGUP", "1795388588.1", "", ""))
	f.Add("eventtype,eventtime,uniqueid,appname,appdata\nAPP_START,2026-01-01 00:00:00,1,Queue,q\nHANGUP,2025-01-01 00:00:00,1,,\n")
	f.Fuzz(func(t *testing.T, text string) {
		for c, err := range (phone.CEL{PBX: "p"}).Read(strings.NewReader(text), time.UTC) {
			if err == nil {
				sane(t, c)
			}
		}
	})
}
