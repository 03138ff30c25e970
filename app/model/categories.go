package model

import "punto/app/desk"

// categories is the default tree. Its codes never change; its paths do.
func categories() []desk.Category {
	const n1, here, net, apps, servers, outside = "n1", "soporte", "redes", "aplicaciones", "servidores", "proveedor"
	i, r, q := desk.Incident, desk.Request, desk.Question
	c := func(code string, k desk.CaseKind, group string, impact, urgency int, es, en, pt string) desk.Category {
		return desk.Category{Code: code, Kind: k, Group: group, Level1: group == n1, Impact: impact, Urgent: urgency, Path: words(es, en, pt)}
	}
	return []desk.Category{
		c("cuentas.clave", i, n1, 4, 2, "Cuentas › Contraseña vencida o bloqueada", "Accounts › Password expired or locked", "Contas › Senha vencida ou bloqueada"),
		c("cuentas.alta", r, servers, 4, 4, "Cuentas › Alta de usuario", "Accounts › New user", "Contas › Novo usuário"),
		c("cuentas.baja", r, servers, 4, 3, "Cuentas › Baja de usuario", "Accounts › Remove user", "Contas › Remover usuário"),
		c("cuentas.permisos", r, servers, 4, 3, "Cuentas › Permisos de carpeta o sistema", "Accounts › Access rights", "Contas › Permissões"),
		c("cuentas.firma", i, n1, 4, 3, "Cuentas › Firma o certificado digital", "Accounts › Digital certificate", "Contas › Certificado digital"),
		c("correo.no_envia", i, n1, 4, 2, "Correo › No envía ni recibe", "E-mail › Does not send or receive", "E-mail › Não envia nem recebe"),
		c("correo.lleno", i, n1, 4, 3, "Correo › Buzón lleno", "E-mail › Mailbox full", "E-mail › Caixa cheia"),
		c("correo.config", r, n1, 4, 4, "Correo › Configurar en un equipo", "E-mail › Set up on a device", "E-mail › Configurar em um equipamento"),
		c("correo.sospechoso", i, servers, 3, 2, "Correo › Mensaje sospechoso", "E-mail › Suspicious message", "E-mail › Mensagem suspeita"),
		c("impresoras.cola", i, n1, 3, 2, "Impresoras › Cola de impresión detenida", "Printers › Print queue stopped", "Impressoras › Fila de impressão parada"),
		c("impresoras.atasco", i, here, 3, 3, "Impresoras › Atasco o falla mecánica", "Printers › Jam or mechanical fault", "Impressoras › Atolamento ou falha mecânica"),
		c("impresoras.toner", r, here, 3, 3, "Impresoras › Tóner o insumos", "Printers › Toner or supplies", "Impressoras › Toner ou suprimentos"),
		c("impresoras.instalar", r, n1, 4, 4, "Impresoras › Instalar o conectar", "Printers › Install or connect", "Impressoras › Instalar ou conectar"),
		c("impresoras.despacho", i, here, 2, 2, "Impresoras › Impresora de despacho", "Printers › Dispatch printer", "Impressoras › Impressora de expedição"),
		c("equipos.no_enciende", i, here, 4, 2, "Equipos › No enciende", "Computers › Does not start", "Equipamentos › Não liga"),
		c("equipos.lento", i, n1, 4, 3, "Equipos › Lento", "Computers › Slow", "Equipamentos › Lento"),
		c("equipos.pantalla", i, here, 4, 3, "Equipos › Pantalla o monitor", "Computers › Screen or monitor", "Equipamentos › Tela ou monitor"),
		c("equipos.perifericos", i, n1, 4, 3, "Equipos › Teclado, ratón o audífonos", "Computers › Keyboard, mouse or headset", "Equipamentos › Teclado, mouse ou fone"),
		c("equipos.nuevo", r, here, 4, 4, "Equipos › Entrega o cambio de equipo", "Computers › New or replacement device", "Equipamentos › Entrega ou troca"),
		c("equipos.traslado", r, here, 4, 4, "Equipos › Traslado de puesto", "Computers › Move a workplace", "Equipamentos › Mudança de posto"),
		c("equipos.garantia", i, outside, 4, 3, "Equipos › Reparación por garantía", "Computers › Warranty repair", "Equipamentos › Reparo em garantia"),
		c("red.sin_conexion", i, net, 3, 1, "Red › Sin conexión", "Network › No connection", "Rede › Sem conexão"),
		c("red.enlace", i, net, 1, 1, "Red › Enlace de sede caído", "Network › Site link down", "Rede › Link da unidade fora"),
		c("red.lenta", i, net, 2, 3, "Red › Lentitud", "Network › Slow", "Rede › Lentidão"),
		c("red.wifi", i, n1, 4, 3, "Red › Wi-Fi", "Network › Wi-Fi", "Rede › Wi-Fi"),
		c("red.vpn", i, n1, 4, 2, "Red › VPN no conecta", "Network › VPN does not connect", "Rede › VPN não conecta"),
		c("red.punto", r, net, 4, 4, "Red › Punto de red nuevo", "Network › New outlet", "Rede › Novo ponto de rede"),
		c("telefonia.anexo", i, net, 4, 2, "Telefonía › Anexo sin tono", "Telephony › Extension dead", "Telefonia › Ramal sem tom"),
		c("telefonia.movil", r, outside, 4, 4, "Telefonía › Equipo móvil", "Telephony › Mobile phone", "Telefonia › Celular"),
		c("aplicaciones.erp_acceso", i, n1, 4, 2, "Aplicaciones › ERP: acceso", "Applications › ERP: access", "Aplicações › ERP: acesso"),
		c("aplicaciones.erp_error", i, apps, 3, 2, "Aplicaciones › ERP: error al grabar", "Applications › ERP: error on saving", "Aplicações › ERP: erro ao gravar"),
		c("aplicaciones.erp_lento", i, apps, 2, 3, "Aplicaciones › ERP: lento", "Applications › ERP: slow", "Aplicações › ERP: lento"),
		c("aplicaciones.ofimatica", i, n1, 4, 3, "Aplicaciones › Ofimática", "Applications › Office suite", "Aplicações › Pacote de escritório"),
		c("aplicaciones.instalar", r, n1, 4, 4, "Aplicaciones › Instalar programa", "Applications › Install software", "Aplicações › Instalar programa"),
		c("aplicaciones.informe", r, apps, 4, 4, "Aplicaciones › Informe o consulta de datos", "Applications › Report or data query", "Aplicações › Relatório ou consulta"),
		c("aplicaciones.uso", q, n1, 4, 4, "Aplicaciones › Cómo se hace", "Applications › How to", "Aplicações › Como fazer"),
		c("archivos.recuperar", r, servers, 4, 3, "Archivos › Recuperar archivo", "Files › Restore a file", "Arquivos › Recuperar arquivo"),
		c("archivos.espacio", i, servers, 3, 3, "Archivos › Sin espacio", "Files › Out of space", "Arquivos › Sem espaço"),
		c("seguridad.virus", i, servers, 2, 1, "Seguridad › Virus o secuestro de datos", "Security › Virus or ransomware", "Segurança › Vírus ou sequestro de dados"),
		c("seguridad.perdida", i, servers, 4, 1, "Seguridad › Equipo perdido o robado", "Security › Lost or stolen device", "Segurança › Equipamento perdido ou roubado"),
		c("consulta.general", q, n1, 4, 4, "Consulta general", "General question", "Consulta geral"),
	}
}
