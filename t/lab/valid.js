#!/usr/bin/env node
// SPDX-License-Identifier: ISC
// valid FILE...: says how each report offends against docs/report.schema.json;
// nothing where it does not.
"use strict";
const fs = require("fs");
const path = require("path");
// Debian keeps its modules here; a node from elsewhere does not look there.
process.env.NODE_PATH = "/usr/share/nodejs";
require("module").Module._initPaths();
const Ajv = require("ajv");

const schema = path.join(__dirname, "../../docs/report.schema.json");
const isReport = new Ajv({ allErrors: true })
    .compile(JSON.parse(fs.readFileSync(schema, "utf8")));

for (const file of process.argv.slice(2)) {
	if (isReport(JSON.parse(fs.readFileSync(file, "utf8"))))
		continue;
	for (const e of isReport.errors)
		console.log(`${file}: ${e.dataPath} ${e.message}`);
}
