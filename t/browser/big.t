#!/usr/bin/env node
// SPDX-License-Identifier: ISC
// big: a report of 20,000 assets in a browser. It is there within seconds, its
// table is built from the data in the page and filters fast; without scripts
// every network's own page has its rows.
"use strict";
const fs = require("fs");
const path = require("path");
const { browse, check, make, need, open, same } = require("./page.js");

need();
const dir = make("bigreport", "BIG_DIR");
const file = path.join(dir, "report.html");
const OPEN_MS = Number(process.env.OPEN_MS) || 10000;
const ASSETS = 20000;

browse(async (browser) => {
	const { page, seen } = await open(browser, file);
	await page.locator("table.assets tbody tr").first().waitFor();
	// Since the page was asked for; a tab was there.
	const took = Math.round(await page.evaluate(() => performance.now()));
	console.log(`# opened in ${took} ms`);
	check("20,000 assets: there within seconds, and nothing is wrong", [
		took < OPEN_MS ? "" : `${took} ms`, ...seen,
		same("told", await page.locator("#shown").textContent(),
		    `All ${ASSETS} assets, 1 to 200`),
	]);
	const filtering = Date.now();
	await page.getByLabel("Filter").fill("10.16.12.77");
	await page.locator("#shown", { hasText: "1 of" }).waitFor();
	console.log(`# filtered in ${Date.now() - filtering} ms`);
	const link = page.locator("table.assets tbody tr a");
	check("one is found among them, and leads to its evidence", [
		same("rows", await link.count(), 1),
		same("link", await link.getAttribute("href"),
		    "segments/10.16.12.0-24.html#h10-16-12-77"),
		Date.now() - filtering < OPEN_MS ? "" : "slow",
	]);
	await page.getByRole("button", { name: "Show all" }).click();
	await page.getByRole("button", { name: "Further" }).click();
	check("the table can be leafed through",
	    same("told", await page.locator("#shown").textContent(),
		`All ${ASSETS} assets, 201 to 400`));
	await page.close();

	const plain = await open(browser, file, { javaScriptEnabled: false });
	const pages = await plain.page.$$eval(".maps a",
	    (all) => all.map((a) => a.getAttribute("href")));
	let rows = 0;
	const missing = [];
	for (const name of pages) {
		const text = fs.readFileSync(path.join(dir, name), "utf8");
		rows += (text.match(/<tr[^>]* data-grade=/g) || []).length;
		if (/<script[ >]/.test(text.replace(/&lt;script/g, "")))
			missing.push(`${name} has a script`);
	}
	check("without scripts every network's page is linked, rows and all", [
		same("pages", new Set(pages).size, 79),
		same("rows", rows, ASSETS), ...missing, ...plain.seen,
	]);
	await plain.page.close();

	const one = await open(browser, path.join(dir, pages[12]),
	    { javaScriptEnabled: false });
	check("such a page shows its assets and their evidence", [
		same("rows", await one.page.locator("table.assets tbody tr")
		    .count(), 254),
		same("articles", await one.page.locator("article").count(), 254),
		...one.seen,
	]);
	await one.page.close();
});
