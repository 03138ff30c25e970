package demo

// story is what happens in one category: how often, how it is told, and how it
// ends.
type story struct {
	category string
	weight   int
	told     []string
	solved   string
}

// stories cover the default service model.
func stories() []story {
	return []story{
		{"cuentas.clave", 190, []string{"Contraseña vencida, no puede entrar", "Cuenta bloqueada después de varios intentos", "Olvidó la contraseña al volver de vacaciones"}, "Se desbloqueó la cuenta y se cambió la contraseña con el usuario"},
		{"correo.no_envia", 95, []string{"El correo no envía mensajes", "No recibe correo desde la mañana", "Correo pide contraseña todo el tiempo"}, "Se rehízo el perfil de correo"},
		{"correo.lleno", 60, []string{"Buzón lleno, rebotan los mensajes", "Aviso de buzón casi lleno"}, "Se archivó el correo antiguo"},
		{"correo.config", 35, []string{"Configurar correo en el teléfono", "Configurar correo en equipo nuevo"}, "Se configuró la cuenta"},
		{"correo.sospechoso", 22, []string{"Mensaje sospechoso que pide datos bancarios", "Correo con adjunto extraño del proveedor"}, "Se bloqueó el remitente y se avisó a los usuarios"},
		{"impresoras.cola", 110, []string{"La cola de impresión queda en pausa", "Manda a imprimir y no sale nada", "Documentos trabados en la impresora"}, "Se vació la cola y se reinició el servicio"},
		{"impresoras.atasco", 55, []string{"Atasco de papel que vuelve", "Impresora hace ruido y se detiene"}, "Se cambió el rodillo"},
		{"impresoras.toner", 45, []string{"Sin tóner en la impresora del pasillo", "Impresiones claras, pide tóner"}, "Se cambió el tóner"},
		{"impresoras.instalar", 30, []string{"Instalar impresora en equipo nuevo", "Conectar impresora por red"}, "Se instaló la impresora"},
		{"impresoras.despacho", 48, []string{"No imprime en la impresora de guías de despacho", "Guías salen corridas en la impresora de despacho"}, "Se recalibró la impresora de guías"},
		{"equipos.no_enciende", 40, []string{"El equipo no enciende", "Equipo se apaga solo"}, "Se cambió la fuente de poder"},
		{"equipos.lento", 85, []string{"Equipo muy lento al iniciar", "Todo lento desde la actualización"}, "Se quitaron programas de inicio y se liberó disco"},
		{"equipos.pantalla", 32, []string{"Monitor sin señal", "Pantalla parpadea"}, "Se cambió el cable de video"},
		{"equipos.perifericos", 38, []string{"Teclado no responde", "Audífonos sin sonido en las llamadas"}, "Se cambió el dispositivo"},
		{"equipos.nuevo", 18, []string{"Equipo para persona que ingresa el lunes", "Cambio de equipo por renovación"}, "Se entregó el equipo"},
		{"equipos.traslado", 14, []string{"Traslado de puesto al segundo piso"}, "Se trasladó el puesto"},
		{"equipos.garantia", 10, []string{"Reparación por garantía del portátil"}, "El proveedor cambió la placa"},
		{"red.sin_conexion", 46, []string{"Sin red en la oficina de operaciones", "Equipo sin conexión después del corte"}, "Se cambió el puerto del conmutador"},
		{"red.enlace", 6, []string{"Enlace de la sede caído", "Sede sin servicio de datos"}, "El operador repuso el enlace"},
		{"red.lenta", 34, []string{"La red está lenta en toda el área", "Archivos compartidos muy lentos"}, "Se limitó una copia que ocupaba el enlace"},
		{"red.wifi", 52, []string{"No conecta al Wi-Fi de visitas", "Wi-Fi se corta en la sala de reuniones"}, "Se volvió a registrar el equipo en la red"},
		{"red.vpn", 88, []string{"La VPN no conecta desde casa", "VPN se desconecta cada pocos minutos"}, "Se actualizó el cliente de VPN"},
		{"red.punto", 9, []string{"Punto de red nuevo para la bodega"}, "Se instaló el punto de red"},
		{"telefonia.anexo", 28, []string{"Anexo sin tono", "No entran llamadas al anexo"}, "Se repuso el anexo en la central"},
		{"telefonia.movil", 8, []string{"Equipo móvil para el supervisor de turno"}, "Se entregó el equipo móvil"},
		{"aplicaciones.erp_acceso", 92, []string{"No puede entrar al ERP", "ERP dice que el usuario no existe"}, "Se repuso el acceso"},
		{"aplicaciones.erp_error", 58, []string{"El ERP no graba las guías", "Error al cerrar la orden de compra"}, "Se corrigió el dato maestro"},
		{"aplicaciones.erp_lento", 30, []string{"El ERP está muy lento", "Informe del ERP no termina"}, "Se reorganizó la tabla"},
		{"aplicaciones.ofimatica", 62, []string{"La planilla no calcula", "El documento se abre como solo lectura"}, "Se reparó la instalación"},
		{"aplicaciones.instalar", 33, []string{"Instalar programa de planos", "Instalar lector de documentos"}, "Se instaló el programa"},
		{"aplicaciones.informe", 12, []string{"Consulta de ventas por sede"}, "Se envió el informe"},
		{"aplicaciones.uso", 42, []string{"Cómo combinar correspondencia", "Cómo compartir una carpeta"}, "Se explicó paso a paso"},
		{"archivos.recuperar", 24, []string{"Recuperar archivo borrado ayer", "Recuperar carpeta de contratos"}, "Se recuperó de la copia de anoche"},
		{"archivos.espacio", 15, []string{"Carpeta compartida sin espacio"}, "Se amplió la cuota"},
		{"seguridad.virus", 7, []string{"Aviso de virus en el equipo"}, "Se limpió el equipo y se cambió la contraseña"},
		{"seguridad.perdida", 4, []string{"Portátil perdido en el aeropuerto"}, "Se bloqueó y borró el equipo a distancia"},
		{"consulta.general", 36, []string{"Horario de atención de la mesa", "Estado de un caso anterior"}, "Se informó al usuario"},
	}
}

var (
	givenNames = []string{"Rosa", "Hugo", "Luis", "Ana", "Carla", "Pedro", "Elena", "Jorge", "Marta", "Iván", "Lucía", "César", "Paula", "Andrés", "Sofía", "Raúl", "Gloria", "Tomás",
		"Verónica", "Óscar", "Natalia", "Felipe", "Daniela", "Ricardo", "Patricia", "Sebastián", "Ximena", "Gonzalo", "Carolina", "Mauricio"}
	familyNames = []string{"Quispe", "Mamani", "Soto", "Rojas", "Muñoz", "Díaz", "Pérez", "Huamán", "Paredes", "Ramos", "Fuentes", "Salas", "Ferrer", "Lagos", "Núñez", "Cruz", "Vega",
		"Poma", "Castro", "Ibáñez", "Araya", "Cárdenas", "Tapia", "Peña", "Bravo", "Molina", "Flores", "Espinoza"}
	titles = []string{"Analista", "Operador", "Jefatura", "Asistente", "Supervisor de turno", "Ingeniera de planta", "Encargado de bodega", "Secretaria", "Contador", "Técnico", "Compradora"}
	areas  = []string{"Operaciones", "Despacho y bodega", "Administración y finanzas"}
	sites  = []string{"Casa matriz", "Planta norte", "Puerto"}
	agents = []string{"Ana Soto", "Luis Díaz", "Marta Rey", "Iván Poma", "Carla Fuentes", "Pedro Lagos"}
	second = map[string][]string{"soporte": {"Jorge Paredes", "Nadia Cruz"}, "redes": {"César Ramos", "Mario Vega"}, "aplicaciones": {"Lucía Ferrer"}, "servidores": {"Elena Huamán"}}
)

// documents are the solution articles: title, then its steps.
func documents() [][2]string {
	return [][2]string{
		{"Cola de impresión en pausa", "1. Abrir Servicios.\n2. Detener «Cola de impresión».\n3. Vaciar la carpeta de documentos pendientes.\n4. Iniciar el servicio y mandar una página de prueba."},
		{"Impresora de guías: salen corridas", "1. Confirmar papel continuo bien puesto.\n2. Recalibrar desde el panel: menú, alineación.\n3. Imprimir una guía de prueba."},
		{"Desbloquear una cuenta", "1. Confirmar la identidad con documento y fecha de ingreso.\n2. Desbloquear la cuenta.\n3. Dar una contraseña de un solo uso.\n4. Acompañar el cambio."},
		{"Contraseña vencida desde fuera de la oficina", "1. Conectar la VPN con la contraseña anterior.\n2. Ctrl Alt Supr, cambiar contraseña.\n3. Bloquear y desbloquear el equipo."},
		{"La VPN no conecta", "1. Probar internet sin VPN.\n2. Actualizar el cliente.\n3. Revisar hora y fecha del equipo.\n4. Borrar el perfil y bajarlo otra vez."},
		{"El correo no envía ni recibe", "1. Revisar que no diga «sin conexión».\n2. Cerrar y abrir en modo seguro.\n3. Rehacer el perfil."},
		{"Buzón lleno", "1. Vaciar eliminados.\n2. Archivar lo anterior al año pasado.\n3. Mostrar cómo ordenar por tamaño."},
		{"Configurar el correo en el teléfono", "1. Agregar cuenta de empresa.\n2. Escribir el correo completo.\n3. Aceptar la política de seguridad."},
		{"Mensaje sospechoso: qué hacer", "1. No abrir enlaces.\n2. Reenviar como adjunto a seguridad.\n3. Si escribió su contraseña, cambiarla ahora."},
		{"Equipo lento al iniciar", "1. Reiniciar, no suspender.\n2. Quitar programas de inicio.\n3. Liberar espacio hasta 20 %."},
		{"Monitor sin señal", "1. Revisar cable y entrada elegida.\n2. Probar otro puerto.\n3. Probar otro monitor."},
		{"Audífonos sin sonido en las llamadas", "1. Elegir el dispositivo en el programa de llamadas.\n2. Probar en otro puerto USB."},
		{"Sin conexión de red por cable", "1. Ver luces del conector.\n2. Probar otro punto.\n3. Derivar a Redes con el número del punto."},
		{"Wi-Fi: registrar el equipo", "1. Olvidar la red.\n2. Conectar con el usuario completo.\n3. Aceptar el certificado."},
		{"Anexo sin tono", "1. Revisar cable del teléfono.\n2. Reiniciar desenchufando 10 s.\n3. Derivar a Redes con el número del anexo."},
		{"No puede entrar al ERP", "1. Confirmar usuario y mandante.\n2. Desbloquear en la consola.\n3. Probar con el usuario en línea."},
		{"El ERP no graba las guías", "1. Pedir número de guía y hora.\n2. Revisar cupo del documento.\n3. Derivar a Aplicaciones con la pantalla."},
		{"La planilla no calcula", "1. Fórmulas, cálculo automático.\n2. Guardar con otro nombre.\n3. Reparar la instalación."},
		{"Documento abierto como solo lectura", "1. Ver quién lo tiene abierto.\n2. Guardar una copia.\n3. Revisar permisos de la carpeta."},
		{"Recuperar un archivo borrado", "1. Papelera.\n2. Versiones anteriores de la carpeta.\n3. Pedir la copia con ruta y fecha."},
		{"Compartir una carpeta", "1. Pedir el visto bueno de la jefatura.\n2. Agregar al grupo, nunca a la persona.\n3. Cerrar sesión y entrar."},
		{"Equipo perdido o robado", "1. Bloquear la cuenta en el acto.\n2. Borrar a distancia.\n3. Denuncia y aviso a seguridad."},
		{"Instalar una impresora por red", "1. Buscar por nombre de sede.\n2. Instalar el controlador de la lista.\n3. Página de prueba."},
		{"Aviso de virus", "1. Desconectar la red.\n2. No apagar.\n3. Derivar a Servidores y cuentas con prioridad."},
	}
}
