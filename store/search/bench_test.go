package search

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// The cases of the benchmark are put together from what a Spanish-speaking
// desk writes: few things fail in many offices, so the common words stand in a
// fifth of all cases and more, as they do in life.
var (
	things  = strings.Split("la impresora|el correo electrónico|la contraseña|el teléfono|la conexión a internet|el sistema de facturación|la carpeta compartida|el monitor|la computadora portátil|el escáner|la videoconferencia|el certificado digital|la planilla de sueldos|el antivirus|la red inalámbrica|el servidor de archivos|la aplicación contable|el módulo de inventarios|la cuenta de usuario|el respaldo", "|")
	fails   = strings.Split("no funciona|no enciende|muestra un mensaje de error|está muy lenta|se cierra sola|no responde|pide la clave a cada rato|dejó de sincronizar|no reconoce el cable|hace ruido|imprime hojas en blanco|no abre los archivos adjuntos|rechaza el usuario|se reinicia sin aviso|perdió la configuración", "|")
	offices = strings.Split("contabilidad|tesorería|recursos humanos|almacén central|gerencia general|ventanilla única|archivo|sala de reuniones|mesa de partes|laboratorio|biblioteca|recepción", "|")
	steps   = strings.Split("Se verificó el cable de red y se reinició el equipo.|Se restableció la contraseña y el usuario confirmó el acceso.|Se actualizó el controlador desde el sitio del fabricante.|Se derivó al grupo de soporte en sitio por falta de repuesto.|El usuario indica que ocurre desde el lunes por la mañana.|Se liberó espacio en el disco y se vació la cola de impresión.|Se configuró nuevamente el perfil del usuario.|Queda pendiente la respuesta del proveedor.|Se realizó una prueba con otro equipo y funcionó correctamente.|La señal es débil en el segundo piso; se cambió el canal.", "|")
	firsts  = strings.Split("Rosa|Juan|María|José|Ana|Luis|Carmen|Pedro|Lucía|Jorge|Elena|Raúl|Sofía|Óscar|Inés|Hugo|Noemí|Iván|Julia|Andrés", "|")
	lasts   = strings.Split("Quispe|Mamani|Flores|Ibáñez|Rojas|Choque|Vargas|Núñez|Condori|Peña|Aguilar|Gutiérrez|Zárate|Muñoz|Salinas|Paredes|Cárdenas|Ríos|Ayala|Téllez", "|")
)

func pick(r *rand.Rand, from []string) string {
	f := r.Float64()
	return from[int(f*f*float64(len(from)))] // the first ones more often
}

func caseDoc(r *rand.Rand, i int) Doc {
	thing, fail, place := pick(r, things), pick(r, fails), pick(r, offices)
	name := pick(r, firsts) + " " + pick(r, lasts) + " " + pick(r, lasts)
	var body strings.Builder
	fmt.Fprintf(&body, "%s de %s informa que %s %s. Equipo PC-%04d, interno %d. ", name, place, thing, fail, r.IntN(4000), 1000+r.IntN(9000))
	for range 2 + r.IntN(5) {
		body.WriteString(pick(r, steps) + " ")
	}
	return Doc{
		Ref: fmt.Sprintf("case-%06d", i), Kind: KindCase, Lang: Spanish,
		Title: thing + " de " + place + " " + fail, Body: body.String(), Keys: []string{fmt.Sprintf("B-%d-%d", i, i%10)},
	}
}

// question is what is typed at such a desk, from two words to a whole line,
// the worst of them nothing but common words.
func question(r *rand.Rand, docs int) Query {
	q := Query{Kinds: []string{KindCase}, Lang: Spanish, Limit: 20}
	switch r.IntN(7) {
	case 0:
		q.Text = pick(r, things) + " " + pick(r, fails)
	case 1:
		q.Text = pick(r, firsts) + " " + pick(r, lasts)
	case 2:
		q.Text = fmt.Sprintf("B-%d", r.IntN(docs))
	case 3:
		q.Text = fold(pick(r, things)+" "+pick(r, offices)) + " " + pick(r, steps)
	case 4:
		w := pick(r, things) + " " + pick(r, fails)
		q.Text, q.Typing = w[:len(w)*3/4], true
	case 5:
		q.Text = fmt.Sprintf("%s %s, %s, equipo PC-%04d", pick(r, things), pick(r, fails), pick(r, offices), r.IntN(4000))
	case 6:
		q.Text = caseDoc(r, r.IntN(docs)).Body // pasted whole, as Similar is asked
	}
	return q
}

// BenchmarkSearchOf200000Cases feeds an index on disk, then asks. It reports
// the rate of feeding, the size on disk and in memory, and the 50th and 99th
// percentile of a question in milliseconds. The goal is a p99 of 50 ms.
func BenchmarkSearchOf200000Cases(b *testing.B) {
	const docs, seed = 200_000, 4217
	b.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	dir := filepath.Join(b.TempDir(), "search")
	x, err := Open(dir, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	start := time.Now()
	for i := 0; i < docs; i += 2000 {
		batch := make([]Doc, 2000)
		for j := range batch {
			batch[j] = caseDoc(r, i+j)
		}
		if err := x.Put(b.Context(), batch...); err != nil {
			b.Fatal(err)
		}
	}
	if err := x.Sync(); err != nil {
		b.Fatal(err)
	}
	fed := time.Since(start)
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	var took []time.Duration
	for b.Loop() {
		for range 300 {
			q := question(r, docs)
			t := time.Now()
			hits, err := x.Query(b.Context(), q)
			took = append(took, time.Since(t))
			if err != nil {
				b.Fatal(err)
			}
			if len(hits) == 0 {
				b.Fatalf("%q found nothing", q.Text)
			}
		}
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(float64(docs)/fed.Seconds(), "docs/s")
	b.ReportMetric(float64(folderBytes(b, dir))/1e6, "MB-disk")
	b.ReportMetric(float64(mem.HeapInuse)/1e6, "MB-heap")
	b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
	b.ReportMetric(ms(took[len(took)-1]), "max-ms")
}

func folderBytes(b *testing.B, dir string) (sum int64) {
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := os.Stat(path)
		if err == nil {
			sum += info.Size()
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	return sum
}
