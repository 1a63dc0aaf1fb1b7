// SPDX-License-Identifier: ISC
// page - what the browser tests share: TAP, the fixture's reports, and a
// chromium that speaks to nobody. Where one of them cannot be had the test
// skips, and says why.
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { spawnSync } = require("child_process");

const root = path.join(__dirname, "../..");
process.chdir(root);
const build = process.env.B || "build";
const modules = path.join(root, "build/browser/node_modules");
const chromium = process.env.CHROMIUM || "/usr/bin/chromium";
let n = 0;

function skipAll(why) {
	console.log(`1..0 # SKIP ${why}`);
	process.exit(0);
}

function check(what, offending) {
	const bad = [].concat(offending || []).filter((x) => x !== "");
	n++;
	console.log(`${bad.length ? "not ok" : "ok"} ${n} - ${what}`);
	for (const line of bad.slice(0, 20))
		console.log("#   " + String(line).replace(/\n/g, "\n#   "));
}

function same(what, got, want) {
	return JSON.stringify(got) === JSON.stringify(want) ? ""
	    : `${what}: ${JSON.stringify(got)}, not ${JSON.stringify(want)}`;
}

// make(UNIT, VARIABLE): a directory with what the unit test leaves there.
function make(unit, variable) {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), "gantry-browser-"));
	process.on("exit", () => fs.rmSync(dir, { recursive: true }));
	const r = spawnSync(`${build}/t/${unit}`, [], {
		env: Object.assign({}, process.env,
		    { [variable]: dir, CK_FORK: "no" }),
		encoding: "utf8", timeout: 120000,
	});
	if (r.error || r.status !== 0) {
		console.log(`Bail out! ${build}/t/${unit}: ${r.error || r.stdout}`);
		process.exit(1);
	}
	return dir;
}

function need() {
	if (!fs.existsSync(chromium))
		skipAll(`no chromium at ${chromium}`);
	if (!fs.existsSync(path.join(modules, "playwright-core")))
		skipAll("no playwright-core: make deps-test fetches it");
	return require(path.join(modules, "playwright-core"));
}

// Runs the tests with a browser and a fresh profile; ends the browser.
async function browse(tests) {
	const playwright = need();
	const browser = await playwright.chromium.launch({
		executablePath: chromium,
		args: ["--headless", "--no-sandbox", "--disable-gpu",
		    "--disable-quic", "--no-first-run",
		    "--disable-background-networking",
		    "--disable-component-update", "--disable-sync"],
	});
	try {
		await tests(browser);
	} catch (e) {
		check("the tests came to their end", e.stack || e);
	}
	await browser.close();
	console.log(`1..${n}`);
	// Who reads the output wants it whole.
	process.exitCode = 0;
}

// A page of a file, with everything noted that should not be: errors on its
// console, requests for anything but the file, dialogs.
async function open(browser, file, options) {
	const url = "file://" + path.resolve(file);
	const page = await browser.newPage(
	    Object.assign({ viewport: { width: 1280, height: 900 } }, options));
	const seen = [];
	page.on("console", (m) => {
		if (["error", "warning"].includes(m.type()))
			seen.push(`${m.type()}: ${m.text()}`);
	});
	page.on("pageerror", (e) => seen.push(`error: ${e}`));
	page.on("request", (r) => {
		if (r.url().split("#")[0] !== url && !r.url().startsWith("blob:"))
			seen.push(`request: ${r.url()}`);
	});
	page.on("dialog", (d) => {
		seen.push(`dialog: ${d.message()}`);
		d.dismiss();
	});
	await page.goto(url);
	return { page, seen };
}

module.exports = { browse, check, make, modules, need, open, same };
