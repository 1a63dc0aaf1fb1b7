#!/usr/bin/env node
// SPDX-License-Identifier: ISC
// report: the reports of t/reports.c, looked at with other eyes. The JSON is
// valid by docs/report.schema.json, the HTML is one well-formed page that its
// own security policy lets be seen, and its colours can be read.
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const crypto = require("crypto");
const { spawnSync } = require("child_process");
// Debian keeps its modules here; a node from elsewhere does not look there.
process.env.NODE_PATH = "/usr/share/nodejs";
require("module").Module._initPaths();
const Ajv = require("ajv");

process.chdir(path.join(__dirname, ".."));
const build = process.env.B || "build";
const dir = fs.mkdtempSync(path.join(os.tmpdir(), "gantry-report-"));
process.on("exit", () => fs.rmSync(dir, { recursive: true }));

let n = 0;
function check(what, offending) {
	const bad = [].concat(offending || []).filter((x) => x !== "");
	n++;
	console.log(`${bad.length ? "not ok" : "ok"} ${n} - ${what}`);
	for (const line of bad.slice(0, 20))
		console.log("#   " + String(line).replace(/\n/g, "\n#   "));
}

function run(program, args, env) {
	const r = spawnSync(program, args, {
		env: Object.assign({}, process.env, env),
		encoding: "utf8", timeout: 120000, maxBuffer: 1 << 26,
	});
	if (r.error)
		return String(r.error);
	return r.status === 0 ? "" : `exit ${r.status}: ${r.stdout}${r.stderr}`;
}

function read(name) {
	return fs.readFileSync(path.join(dir, name), "utf8");
}

// --- the schema ------------------------------------------------------------

const schema = JSON.parse(fs.readFileSync("docs/report.schema.json", "utf8"));
const ajv = new Ajv({ allErrors: true });
ajv.addSchema(schema, "report");
const isReport = ajv.compile({ $ref: "report" });

function complaints(valid) {
	return (valid.errors || []).map((e) => `${e.dataPath} ${e.message}`);
}

const keys = [...fs.readFileSync("scanner/facts.def", "utf8")
    .matchAll(/^FACT\(\w+,\s*"([^"]+)"/gm)].map((m) => m[1]);
check("the schema names every key of facts.def, in its order", (() => {
	const named = schema.definitions.factKeys.enum;
	return [
		...keys.filter((k) => !named.includes(k)).map((k) => "lacks " + k),
		...named.filter((k) => !keys.includes(k)).map((k) => "knows " + k),
		keys.join() === named.join() ? "" : "another order",
		keys.length > 50 ? "" : "facts.def could not be read",
	];
})());

function open(node, where, found) {
	if (node === null || typeof node !== "object")
		return found;
	if (node.type === "object" && node.additionalProperties !== false)
		found.push(where);
	for (const key of Object.keys(node))
		open(node[key], `${where}/${key}`, found);
	return found;
}
check("no object of the schema takes what it does not name",
    open(schema, "", []));

// --- the reports -----------------------------------------------------------

check("the fixture can be written", run(`${build}/t/reports`, [],
    { REPORTS_DIR: dir, CK_FORK: "no" }));
const report = JSON.parse(read("report.json"));
check("report.json is valid",
    isReport(report) ? "" : complaints(isReport));
check("the fixture uses what there is to use", (() => {
	const text = JSON.stringify(report);
	const seen = new Set(report.assets.flatMap(
	    (a) => a.facts.map((f) => f.key)));
	return [
		...keys.filter((k) => !seen.has(k)).map((k) => "no " + k),
		...["answered", "silent", "excluded", "holds", "absent",
		    "not looked at", "confirmed", "unprobed", "open"]
		    .filter((w) => !text.includes(`"${w}"`)),
	];
})());

// A schema that took everything would pass all of the above.
const spoilt = {
	"a missing field": (r) => delete r.run.outcome,
	"an unknown field": (r) => { r.assets[0].colour = "grey"; },
	"an unknown key": (r) => { r.assets[0].facts[0].key = "no.such_key"; },
	"a raw control byte": (r) => { r.assets[0].alerts.push("\x1b[2J"); },
	"certainty": (r) => { r.assets[0].verdict.probability = 1; },
	"an unknown state": (r) => { r.assets[0].ports[0].state = "ajar"; },
};
for (const what of Object.keys(spoilt)) {
	const copy = JSON.parse(JSON.stringify(report));
	spoilt[what](copy);
	check(`${what} would be complained of`,
	    isReport(copy) ? "taken as valid" : "");
}

const isFact = ajv.compile({
	type: "object", additionalProperties: false,
	required: ["site", "address", "mac"],
	properties: Object.assign({
		site: { type: "string" },
		address: { $ref: "report#/definitions/address" },
		mac: { oneOf: [{ type: "null" },
		    { $ref: "report#/definitions/mac" }] },
	}, ...["about", "key", "value", "probe", "time", "evidence"].map(
	    (k) => ({ [k]: { $ref:
		`report#/definitions/fact/properties/${k}` } }))),
});
check("every line of facts.ndjson is a fact", (() => {
	const lines = read("facts.ndjson").trimEnd().split("\n");
	const bad = lines.filter((l) => !isFact(JSON.parse(l)));
	if (lines.length !== report.run.facts)
		bad.push(`${lines.length} lines, ${report.run.facts} facts`);
	return bad;
})());

if (fs.existsSync(`${build}/gantry`)) {
	const out = path.join(dir, "replay");
	check("the note's datagrams can be replayed", run(`${build}/gantry`,
	    ["replay", "--fingerprints", "fingerprints/devices", "-o", out,
		"t/data/origin-datagrams.pcap"]));
	const replay = fs.existsSync(out) ? read("replay/report.json") : "{}";
	check("and that report.json is valid",
	    isReport(JSON.parse(replay)) ? "" : complaints(isReport));
}

// --- the page --------------------------------------------------------------

const html = read("report.html");
const css = html.slice(html.indexOf("<style>") + 7, html.indexOf("</style>"));
const js = html.slice(html.indexOf("<script>") + 8, html.indexOf("</script>"));
const tags = [...html.replace(css, "").replace(js, "").matchAll(/<([a-z][a-z0-9]*)([^>]*)>/g)]
    .map((m) => ({ name: m[1], attributes: m[2] }));
const count = (name) => tags.filter((t) => t.name === name).length;

check("its policy allows its style sheet and its script alone", (() => {
	const [hash, jsHash] = [css, js].map((text) =>
	    crypto.createHash("sha256").update(text).digest("base64"));
	const policy = (html.match(/Content-Security-Policy" content="([^"]*)"/)
	    || ["", ""])[1].replace(/&apos;|&#39;/g, "'");
	return [
		policy.includes(`style-src 'sha256-${hash}'`) ? ""
		    : `the style sheet is sha256-${hash}: ${policy}`,
		policy.includes(`script-src 'sha256-${jsHash}'`) ? ""
		    : `the script is sha256-${jsHash}: ${policy}`,
		policy.startsWith("default-src 'none';") ? "" : policy,
		/unsafe|\*|http|data:|blob:/.test(policy) ? policy : "",
	];
})());
check("nothing is fetched, and nothing else run or styled from within", [
	count("script") === 1 ? "" : `${count("script")} scripts`,
	/\b(fetch|XMLHttpRequest|WebSocket|import|eval|innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b/
	    .test(js) ? "the script does what it need not" : "",
	...tags.filter((t) => ["link", "img", "iframe", "object",
	    "embed", "form", "base", "video", "audio"].includes(t.name))
	    .map((t) => t.name),
	...tags.filter((t) => / (on[a-z]+|style|src)=/.test(t.attributes))
	    .map((t) => t.name + t.attributes),
	/url\(|@import/.test(css) ? "the style sheet fetches" : "",
]);
check("every link leads to a place in the page", (() => {
	const ids = [...html.matchAll(/ id="([^"]*)"/g)].map((m) => m[1]);
	const links = [...html.matchAll(/ href="([^"]*)"/g)].map((m) => m[1]);
	return [
		...links.filter((l) => l[0] !== "#" || !ids.includes(l.slice(1))),
		...ids.filter((id, i) => ids.indexOf(id) !== i)
		    .map((id) => "twice " + id),
		links.length > 5 ? "" : "hardly any links",
	];
})());
check("headings and landmarks are in order", (() => {
	const bad = [];
	let last = 0;
	for (const t of tags.filter((x) => /^h[1-6]$/.test(x.name))) {
		const level = Number(t.name[1]);
		if (level > last + 1)
			bad.push(`h${level} after h${last}`);
		last = level;
	}
	for (const name of ["h1", "main", "header", "title"])
		if (count(name) !== 1)
			bad.push(`${count(name)} of ${name}`);
	if (!/<html [^>]*lang="en"/.test(html))
		bad.push("no language");
	return bad;
})());
check("every table has a caption and column heads", [
	count("table") === count("caption") ? "" : "a caption is missing",
	tags.filter((t) => t.name === "th" && !/scope="col"/.test(t.attributes))
	    .length ? "a head without scope" : "",
	tags.filter((t) => t.name === "td" && !/data-label=/.test(t.attributes))
	    .length ? "a cell without label" : "",
	tags.filter((t) => t.name === "svg" &&
	    !/aria-(label|hidden)=/.test(t.attributes))
	    .length ? "a drawing without words" : "",
]);
check("no empty element is closed in its own tag",
    tags.filter((t) => t.attributes.endsWith("/") &&
	!["meta", "input"].includes(t.name))
	.map((t) => t.name));

// A script is no XML, and is looked at above.
fs.writeFileSync(path.join(dir, "unscripted.html"), html.replace(js, ""));
const xmllint = spawnSync("xmllint", ["--noout", "--nonet",
    path.join(dir, "unscripted.html")], { encoding: "utf8" });
if (xmllint.error)
	console.log(`ok ${++n} # SKIP no xmllint here`);
else
	check("the page is well formed", xmllint.stderr);

// --- its colours -----------------------------------------------------------

function luminance(hex) {
	const full = hex.length === 4 ? hex.replace(/[0-9a-f]/g, "$&$&") : hex;
	const [r, g, b] = [1, 3, 5]
	    .map((i) => parseInt(full.slice(i, i + 2), 16) / 255)
	    .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
	const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
	return (x + 0.05) / (y + 0.05);
}

const palettes = [...css.matchAll(/:root\{([^}]*)\}/g)].map((m) =>
    Object.fromEntries(m[1].split(";").map((d) => d.trim().split(":"))));
const pairs = [["ink", "paper"], ["ink", "ground"], ["quiet", "paper"],
    ["quiet", "ground"], ["link", "paper"], ["link", "warn-ground"],
    ["ink", "warn-ground"], ["good", "good-ground"], ["good", "paper"],
    ["fair", "paper"], ["warn", "paper"]];
check("text is readable: 4.5 to 1, in light, dark and print", [
	palettes.length === 3 ? "" : `${palettes.length} palettes`,
	...palettes.flatMap((p, i) => pairs
	    .map(([a, b]) => [a, b, contrast(p["--" + a], p["--" + b])])
	    .filter(([, , ratio]) => !(ratio >= 4.5))
	    .map(([a, b, r]) => `palette ${i}: ${a} on ${b} ${r.toFixed(2)}`)),
]);

console.log(`1..${n}`);
