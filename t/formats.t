#!/usr/bin/env node
// SPDX-License-Identifier: ISC
// formats: one ledger through every format, and the numbers compared: what
// JSON says of assets, grades, ports, packets and what needs a person, CSV,
// nmap's XML, Prometheus, HTML and the terminal say too. Then each with the
// eyes of those who read it: nmap's DTD, ndiff, nmap.xsl, a spreadsheet.
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { spawnSync } = require("child_process");

process.chdir(path.join(__dirname, ".."));
const build = process.env.B || "build";
const dir = fs.mkdtempSync(path.join(os.tmpdir(), "gantry-formats-"));
process.on("exit", () => fs.rmSync(dir, { recursive: true }));

let n = 0;
function check(what, offending) {
	const bad = [].concat(offending || []).filter((x) => x !== "");
	n++;
	console.log(`${bad.length ? "not ok" : "ok"} ${n} - ${what}`);
	for (const line of bad.slice(0, 20))
		console.log("#   " + String(line).replace(/\n/g, "\n#   "));
}
function skip(what, why) {
	console.log(`ok ${++n} - ${what} # SKIP ${why}`);
}
function run(program, args, env) {
	return spawnSync(program, args, {
		env: Object.assign({}, process.env, env),
		encoding: "utf8", timeout: 120000, maxBuffer: 1 << 26,
	});
}
function has(program) {
	return !run("sh", ["-c", `command -v ${program}`]).status;
}
function same(what, got, want) {
	return JSON.stringify(got) === JSON.stringify(want) ? ""
	    : `${what}: ${JSON.stringify(got)}, not ${JSON.stringify(want)}`;
}

const made = run(`${build}/t/reports`, [],
    { REPORTS_DIR: dir, CK_FORK: "no" });
if (made.error || made.status !== 0) {
	console.log("Bail out! the fixture cannot be written");
	process.exit(1);
}
const read = (name) => fs.readFileSync(path.join(dir, name), "utf8");
const report = JSON.parse(read("report.json"));
const assets = report.assets;

// --- what JSON says ----------------------------------------------------------

const open = (a) => a.ports.filter((p) => p.state === "open").length;
const spoke = (a) => ["answered", "heard"].includes(a.standing) ||
    a.verdict.fingerprint !== null;
const grade = (a) => a.verdict.fingerprint !== null ? a.verdict.grade
    : ["silent", "excluded"].includes(a.standing) ? a.standing : "none";
const fact = (a, key) => (a.facts.find((f) => f.key === key) || {}).value;
const tally = (list) => list.reduce((t, x) =>
    Object.assign(t, { [x]: (t[x] || 0) + 1 }), {});
const alerted = assets.filter((a) => a.alerts.length > 0);

check("the fixture has all kinds of assets", [
	...["answered", "silent", "excluded"].filter(
	    (s) => !assets.some((a) => a.standing === s)),
	...["confirmed", "none"].filter(
	    (g) => !assets.some((a) => grade(a) === g)),
	alerted.length >= 3 ? "" : "nobody is needed",
	assets.some((a) => fact(a, "host.packets_peak")) ? "" : "no load",
]);

// --- CSV ---------------------------------------------------------------------

// A reader of RFC 4180 that allows nothing else.
function csvParse(text) {
	const rows = [];
	let row = [], at = 0;
	while (at < text.length) {
		let cell = "";
		if (text[at] === '"') {
			for (at++; ; at++) {
				if (at >= text.length)
					throw new Error("a quote without end");
				if (text[at] !== '"')
					cell += text[at];
				else if (text[at + 1] === '"')
					cell += text[++at];
				else
					break;
			}
			at++;
		} else {
			while (at < text.length && !',"\r\n'.includes(text[at]))
				cell += text[at++];
		}
		row.push(cell);
		if (text[at] === ",") {
			at++;
		} else if (text.startsWith("\r\n", at)) {
			at += 2;
			rows.push(row);
			row = [];
		} else {
			throw new Error(`at ${at}: ${text.slice(at, at + 20)}`);
		}
	}
	if (row.length)
		throw new Error("the last line does not end");
	return rows;
}

const csvRows = csvParse(read("assets.csv"));
const csv = csvRows.slice(1).map((cells) =>
    Object.fromEntries(csvRows[0].map((name, i) => [name, cells[i]])));
check("CSV: every line has every column",
    csvRows.filter((r) => r.length !== csvRows[0].length));
check("CSV: the same assets, verdicts, ports and needs", [
	same("addresses", csv.map((c) => c.address),
	    assets.map((a) => a.address)),
	...assets.map((a, i) => same(a.address, [csv[i].grade,
	    csv[i].fingerprint, csv[i].probability, csv[i].open_ports,
	    csv[i].standing, csv[i].mac, csv[i].packets_peak],
	[grade(a), a.verdict.fingerprint || "",
	    a.verdict.fingerprint === null ? ""
		: a.verdict.probability.toFixed(6), String(open(a)),
	    a.standing, a.mac || "",
	    fact(a, "host.packets_peak") === undefined ? ""
		: String(parseInt(fact(a, "host.packets_peak"), 10) || 0)])),
	same("needs", csv.filter((c) => c.needs_a_person !== "").length,
	    alerted.length),
	...assets.map((a, i) => same("alerts", csv[i].needs_a_person
	    .replace(/^'/, ""), a.alerts.join("; "))),
]);
check("CSV: no cell is a formula",
    csvRows.flat().filter((c) => /^[=+\-@\t\r]/.test(c)));
check("CSV: printable ASCII and line ends alone",
    /^(?:[ -~]|\r\n)*$/.test(read("assets.csv")) ? "" : "no");

// --- nmap's XML --------------------------------------------------------------

const xml = read("nmap.xml");
function unescape(s) {
	return s.replace(/&(lt|gt|quot|apos|amp|#\d+);/g, (m, name) => ({
		lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" })[name] ||
	    String.fromCharCode(Number(name.slice(1))));
}
const hosts = xml.split("<host ").slice(1);
const first = (text, pattern) => {
	const m = text.match(pattern);
	return m ? unescape(m[1]) : null;
};
check("nmap XML: the same assets, verdicts, ports and needs", [
	same("addresses", hosts.map((h) => first(h, /addr="([^"]*)"/)),
	    assets.map((a) => a.address)),
	...assets.map((a, i) => same(a.address, [
		first(hosts[i], /<elem key="grade">([^<]*)</),
		first(hosts[i], /<elem key="fingerprint">([^<]*)</),
		first(hosts[i], /<elem key="probability">([^<]*)</),
		(hosts[i].match(/<state state="open"/g) || []).length,
		first(hosts[i], /addr="([^"]*)" addrtype="mac"/),
		(hosts[i].match(/<table key="needs a person">/g) || []).length,
	], [grade(a), a.verdict.fingerprint,
		a.verdict.fingerprint === null ? null
		    : a.verdict.probability.toFixed(6), open(a),
		a.mac && a.mac.toUpperCase(), Number(a.alerts.length > 0)])),
	same("total", Number(first(xml, /<hosts [^>]*total="(\d+)"/)),
	    Math.max(report.run.addresses, assets.length)),
]);
if (has("xmllint") && fs.existsSync("/usr/share/nmap/nmap.dtd")) {
	const r = run("xmllint", ["--noout", "--nonet", "--dtdvalid",
	    "/usr/share/nmap/nmap.dtd", path.join(dir, "nmap.xml")]);
	check("nmap XML: valid by nmap's DTD", r.stderr + (r.error || ""));
	fs.writeFileSync(path.join(dir, "bad.xml"),
	    xml.replace(/<status /, "<condition "));
	check("and what is not valid would be complained of",
	    run("xmllint", ["--noout", "--nonet", "--dtdvalid",
		"/usr/share/nmap/nmap.dtd", path.join(dir, "bad.xml")])
		.status === 0 ? "taken as valid" : "");
} else {
	skip("nmap XML: valid by nmap's DTD", "no xmllint or no nmap here");
}
if (has("xsltproc") && fs.existsSync("/usr/share/nmap/nmap.xsl")) {
	const r = run("xsltproc", ["--nonet", "/usr/share/nmap/nmap.xsl",
	    path.join(dir, "nmap.xml")]);
	check("nmap XML: nmap.xsl makes its page of it", [
		r.status === 0 ? "" : r.stderr,
		...assets.filter((a) => a.standing === "answered" &&
		    !r.stdout.includes(a.address)).map((a) => a.address),
		/<script>alert/.test(r.stdout) ? "the attack is markup" : "",
	]);
} else {
	skip("nmap XML: nmap.xsl makes its page of it", "no xsltproc here");
}
if (has("ndiff")) {
	const other = path.join(dir, "other.xml");
	fs.writeFileSync(other, xml.replace('portid="104"', 'portid="105"'));
	const none = run("ndiff", [path.join(dir, "nmap.xml"),
	    path.join(dir, "nmap.xml")]);
	const some = run("ndiff", [path.join(dir, "nmap.xml"), other]);
	check("nmap XML: ndiff finds no difference to itself, and one", [
		none.status === 0 ? "" : `${none.status}: ${none.stderr}`,
		some.status === 1 ? "" : `${some.status}: ${some.stderr}`,
		/^-104\/tcp/m.test(some.stdout) &&
		    /^\+105\/tcp/m.test(some.stdout) ? "" : some.stdout,
	]);
} else {
	skip("nmap XML: ndiff finds no difference to itself", "no ndiff here");
}

// --- Prometheus --------------------------------------------------------------

const prom = read("metrics.prom");
const sample =
    /^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)+)\})? (-?[0-9.]+)$/;
const lines = prom.trimEnd().split("\n");
const series = lines.filter((l) => l[0] !== "#").map((l) => l.match(sample));
const metric = (name, labels) => {
	const s = series.find((m) => m && m[1] === "gantry_" + name &&
	    (labels === undefined || m[2] === labels));
	return s ? Number(s[3]) : undefined;
};
check("Prometheus: every line is of its format", [
	prom.endsWith("\n") ? "" : "no end",
	...lines.filter((l) => l[0] !== "#" && !sample.test(l)),
	...series.filter((m) => m && (!prom.includes(`# TYPE ${m[1]} gauge`) ||
	    !prom.includes(`# HELP ${m[1]} `))).map((m) => m[1]),
	...Object.entries(tally(series.map((m) => m && m[1] + m[2])))
	    .filter(([, times]) => times > 1).map(([name]) => "twice " + name),
]);
const standings = tally(assets.map((a) => a.standing));
const grades = tally(assets.filter(spoke).map((a) => a.verdict.grade));
const peaks = assets.map((a) => Number(fact(a, "host.packets_peak")))
    .filter((x) => !isNaN(x));
check("Prometheus: the same numbers", [
	...["answered", "heard", "silent", "excluded"].map((s) => same(s,
	    metric("assets", `standing="${s}"`), standings[s] || 0)),
	...["none", "possible", "probable", "confirmed"].map((g) => same(g,
	    metric("assets_graded", `grade="${g}"`), grades[g] || 0)),
	same("needs", metric("assets_need_a_person"), alerted.length),
	same("packets", metric("packets_sent"), report.run.packets_sent),
	same("talks", metric("talks"), report.run.talks),
	same("facts", metric("facts"), report.run.facts),
	same("scope", metric("scope_addresses"), report.run.addresses),
	same("halted", metric("hosts_halted"),
	    report.run.halted.filter((h) => h.address !== null).length),
	same("peak", metric("host_packets_peak"), Math.max(0, ...peaks)),
	same("outcome",
	    metric("run_outcome", `outcome="${report.run.outcome}"`), 1),
	same("devices", series.filter((m) => m && m[1] === "gantry_devices")
	    .reduce((sum, m) => sum + Number(m[3]), 0),
	assets.filter((a) => a.verdict.fingerprint !== null).length),
]);

// --- HTML and terminal -------------------------------------------------------

const html = read("report.html");
const rows = [...html.matchAll(/<tr[^>]* data-grade="([^"]*)"[^]*?<\/tr>/g)];
const cell = (row, label) => {
	const m = row[0].match(new RegExp(`data-label="${label}"[^>]*>([^]*?)</td>`));
	return m ? unescape(m[1].replace(/<[^>]*>/g, "")) : null;
};
const byAddress = Object.fromEntries(
    rows.map((r) => [cell(r, "Address"), r]));
const percent = (p) => p >= 0.9995 ? "> 99.9 %" : `${(p * 100).toFixed(1)} %`;
check("HTML: the same assets, verdicts, ports and needs", [
	same("assets", rows.length, assets.length),
	...assets.map((a) => {
		const r = byAddress[a.address];
		return r ? same(a.address, [r[1], cell(r, "Probability"),
		    cell(r, "Open"), / data-person=/.test(r[0])],
		[grade(a), a.verdict.fingerprint === null ? ""
		    : percent(a.verdict.probability),
		a.standing === "answered" ? String(open(a)) : "",
		a.alerts.length > 0]) : "no " + a.address;
	}),
	...["confirmed", "probable", "possible"].map((g) => same(g,
	    Number((html.match(new RegExp(`<dt>${g}</dt><dd>(\\d+)`)) ||
		[])[1]), grades[g] || 0)),
	html.includes(`${report.run.addresses} addresses in scope: ` +
	    `${standings.answered} answered`) ? "" : "completeness",
]);
const terminal = read("terminal.txt");
const told = (a) => terminal.split("\n").find(
    (l) => l.split(/ +/)[0] === a.address) || "";
check("terminal: the same assets and verdicts", [
	...assets.filter((a) => !told(a).split(/ +/).includes(grade(a)))
	    .map((a) => `${a.address}: ${told(a)}`),
	terminal.includes(`${report.run.packets_sent} packets sent`) ? ""
	    : "packets",
	terminal.includes(`${report.run.facts} facts`) ? "" : "facts",
	...alerted.filter((a) => !a.alerts.every((x) => terminal.includes(x)))
	    .map((a) => a.address),
]);

// --- the attack, everywhere --------------------------------------------------

const raw = { "assets.csv": /[^ -~\r\n]/, "nmap.xml": /[^ -~\n]/,
	"metrics.prom": /[^ -~\n]/, "report.json": /[^ -~\n]/,
	"facts.ndjson": /[^ -~\n]/, "terminal.txt": /[^ -~\n]/ };
check("no format lets a control byte or a bidi mark through",
    Object.keys(raw).filter((f) => raw[f].test(read(f))));

// --- a spreadsheet -----------------------------------------------------------

if (has("soffice")) {
	const out = path.join(dir, "sheet");
	fs.mkdirSync(out);
	// Quoted cells are text; every cell quoted again on the way out.
	const r = run("soffice", ["--headless",
	    `-env:UserInstallation=file://${dir}/profile`,
	    "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,0,true,false",
	    "--convert-to",
	    "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false",
	    "--outdir", out, path.join(dir, "assets.csv")]);
	const file = path.join(out, "assets.csv");
	const back = fs.existsSync(file)
	    ? csvParse(fs.readFileSync(file, "utf8").replace(/\r?\n/g, "\r\n"))
	    : [];
	const number = (c) => /^[0-9.]+$/.test(c) ? String(Number(c)) : c;
	check("CSV: through a spreadsheet and back every cell is what it was", [
		back.length === csvRows.length ? "" : r.stderr + r.stdout,
		...back.flatMap((line, i) => line.map((c, j) =>
		    same(csvRows[0][j], number(c), number(csvRows[i][j])))),
	]);
} else {
	skip("CSV: through a spreadsheet and back", "no soffice here");
}
console.log(`1..${n}`);
