#!/usr/bin/env node
// SPDX-License-Identifier: ISC
// report: report.html in a browser. Nothing is fetched, nothing a host said is
// run, and all of it is shown as it was said; sorting, filtering and the
// keyboard work; without scripts nothing is missing; print shows what is folded
// away; a machine looks for barriers in light, dark, wide and narrow.
"use strict";
const fs = require("fs");
const path = require("path");
const { browse, check, make, modules, need, open, same } = require("./page.js");

need();
const dir = make("reports", "REPORTS_DIR");
const file = path.join(dir, "report.html");
const report = JSON.parse(
    fs.readFileSync(path.join(dir, "report.json"), "utf8"));
const attack = "<script>alert(1)</script>";

const addresses = (page) => page.$$eval("table.assets tbody tr",
    (rows) => rows.map((r) => r.cells[0].textContent.trim()));
const grades = (page) => page.$$eval("table.assets tbody tr",
    (rows) => rows.map((r) => r.dataset.grade));

async function withScripts(browser) {
	const { page, seen } = await open(browser, file);
	check("it opens without an error, a request or a dialog", seen);
	check("every asset has its row and its evidence", [
		same("rows", (await addresses(page)).length,
		    report.assets.length),
		same("articles", await page.locator("article").count(),
		    report.assets.length),
	]);
	check("what a host said is shown literally, and is no markup", [
		(await page.locator("main").textContent()).includes(attack) ? ""
		    : "the attack cannot be read",
		same("scripts", await page.locator("script").count(), 1),
		same("images", await page.locator("img").count(), 0),
		same("handlers", await page.evaluate(() => [
		    ...document.querySelectorAll("*")].filter((e) =>
		    [...e.attributes].some((a) => /^on|^style$/.test(a.name)))
		    .length), 0),
	]);

	const sorted = (list) => [...list].sort((a, b) =>
	    a.split(".").reduce((s, x) => s * 256 + +x, 0) -
	    b.split(".").reduce((s, x) => s * 256 + +x, 0));
	const before = await addresses(page);
	await page.getByRole("button", { name: "Address" }).click();
	check("it sorts by address, and says so", [
		same("order", await addresses(page), sorted(before)),
		same("aria-sort", await page.locator("table.assets th").first()
		    .getAttribute("aria-sort"), "ascending"),
	]);
	await page.getByRole("button", { name: "Address" }).click();
	check("and the other way round", [
		same("order", await addresses(page), sorted(before).reverse()),
		page.url().includes("sort=-Address") ? "" : page.url(),
	]);

	await page.getByLabel("Filter").fill("genesis 10.20.0.4");
	check("the filter takes words, and the view stands in the address", [
		same("rows", await addresses(page), ["10.20.0.4"]),
		page.url().includes("q=genesis+10.20.0.4") ? "" : page.url(),
		same("told", await page.locator("#shown").textContent(),
		    `1 of ${report.assets.length} assets`),
	]);
	const kept = page.url();
	const again = await browser.newPage();
	await again.goto(kept);
	check("whoever opens that address has that view",
	    same("rows", await addresses(again), ["10.20.0.4"]));
	await again.close();
	await page.getByLabel("Filter").press("Escape");
	check("Escape empties the filter", same("rows",
	    (await addresses(page)).length, report.assets.length));

	await page.getByRole("button", { name: "silent" }).click();
	await page.getByRole("button", { name: "confirmed" }).click();
	check("grade chips show these grades alone", [
		same("grades", [...new Set(await grades(page))].sort(),
		    ["confirmed", "silent"]),
		same("pressed", await page.getByRole("button",
		    { name: "silent" }).getAttribute("aria-pressed"), "true"),
	]);
	await page.getByRole("button", { name: "needs a person" }).click();
	check("and what needs a person among them", [
		same("rows", (await addresses(page)).length,
		    report.assets.filter((a) => a.alerts.length > 0 &&
			(a.standing === "silent" ||
			    a.verdict.grade === "confirmed")).length),
	]);
	await page.getByRole("button", { name: "Show all" }).click();
	check("all can be shown again", same("rows",
	    await addresses(page), before));

	await page.getByLabel("Filter").fill("10.20.0.22");
	const [download] = await Promise.all([page.waitForEvent("download"),
	    page.getByRole("button", { name: "Save this view" }).click()]);
	const csv = fs.readFileSync(await download.path(), "utf8");
	check("the view can be saved as CSV, and no cell is a formula", [
		same("lines", csv.split("\r\n").length, 3),
		csv.includes('"10.20.0.22"') ? "" : csv,
		/(^|,)"[=+\-@]/m.test(csv) ? csv : "",
	]);
	check("all the while nothing went wrong, and nothing was fetched", seen);
	await page.close();
}

async function byKeyboard(browser) {
	const { page } = await open(browser, file);
	await page.keyboard.press("Tab");
	const first = await page.evaluate(() =>
	    document.activeElement.textContent);
	for (let i = 0; i < 60; i++) {
		if (await page.evaluate(() => document.activeElement.id) ===
		    "filter")
			break;
		await page.keyboard.press("Tab");
	}
	await page.keyboard.type("10.20.0.8");
	const filtered = await addresses(page);
	await page.keyboard.press("Tab");
	await page.keyboard.press("Space");
	const pressed = await page.evaluate(() =>
	    document.activeElement.getAttribute("aria-pressed"));
	const ring = await page.evaluate(() =>
	    getComputedStyle(document.activeElement).outlineStyle);
	check("the keyboard reaches filter and chips, and shows where it is", [
		same("first", first, "Skip to the assets"),
		same("filtered", filtered, ["10.20.0.8"]),
		same("pressed", pressed, "true"),
		ring === "none" ? "no ring" : "",
	]);
	await page.close();
}

async function withoutScripts(browser) {
	const { page, seen } = await open(browser, file,
	    { javaScriptEnabled: false });
	check("without scripts every row is there, and no dead button", [
		same("rows", await page.locator("table.assets tbody tr").count(),
		    report.assets.length),
		same("tools", await page.locator("#tools").isVisible(), false),
		...seen,
	]);
	await page.emulateMedia({ media: "print" });
	const facts = page.locator("details .all-facts td.value");
	const hidden = [];
	for (let i = 0, len = await facts.count(); i < len; i += 17)
		if (!await facts.nth(i).isVisible())
			hidden.push(`fact ${i} of ${len}`);
	check("printed without scripts, evidence that is folded away shows", [
		await facts.count() > 50 ? "" : "no facts", ...hidden]);
	await page.close();
}

async function printed(browser) {
	const { page } = await open(browser, file);
	const open_ = await page.evaluate(() => {
		dispatchEvent(new Event("beforeprint"));
		const during = document.querySelectorAll("details:not([open])");
		const left = during.length;
		dispatchEvent(new Event("afterprint"));
		return [left, document.querySelectorAll("details[open]").length];
	});
	const pdf = await page.pdf();
	check("printed, all evidence is open, and folded again after", [
		same("details", open_, [0, 0]),
		pdf.length > 50000 ? "" : `${pdf.length} bytes of PDF`,
	]);
	await page.close();
}

// axe-core is put in by the test's own hand: the page's policy would not have
// it, and is switched off for that one look.
async function barriers(browser) {
	const axe = fs.readFileSync(
	    path.join(modules, "axe-core/axe.min.js"), "utf8");
	// With a past to show there is more to look at.
	for (const [name, width, colorScheme] of [
	    ["report.html", 1280, "light"], ["report.html", 1280, "dark"],
	    ["report.html", 360, "light"], ["report.html", 360, "dark"],
	    ["past.html", 1280, "light"], ["past.html", 360, "dark"]]) {
		const { page } = await open(browser, path.join(dir, name), {
			viewport: { width, height: 900 }, colorScheme,
			bypassCSP: true, reducedMotion: "reduce" });
		await page.addScriptTag({ content: axe });
		const found = await page.evaluate(() => axe.run({ runOnly: [
		    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa",
		    "best-practice"] }));
		check(`${name}: no barrier at ${width} px, ${colorScheme}`, [
			...found.violations.map((v) => `${v.id} (${v.impact}): ` +
			    `${v.help}: ` + v.nodes.slice(0, 3)
			    .map((x) => x.html).join("; ")),
			found.passes.length > 15 ? ""
			    : "hardly anything was looked at",
			same("no sideways scrolling", await page.evaluate(
			    () => document.documentElement.scrollWidth), width),
		]);
		await page.close();
	}
}

browse(async (browser) => {
	await withScripts(browser);
	await byKeyboard(browser);
	await withoutScripts(browser);
	await printed(browser);
	await barriers(browser);
});
