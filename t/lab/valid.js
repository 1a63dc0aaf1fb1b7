#!/usr/bin/env node
// SPDX-License-Identifier: ISC
// valid FILE...: says how each report offends against docs/report.schema.json,
// or what calls itself a verification against docs/verify.schema.json; nothing
// where it does not.
"use strict";
const fs = require("fs");
const path = require("path");
// Debian keeps its modules here; a node from elsewhere does not look there.
process.env.NODE_PATH = "/usr/share/nodejs";
require("module").Module._initPaths();
const Ajv = require("ajv");

const compile = (name) => new Ajv({ allErrors: true }).compile(JSON.parse(
    fs.readFileSync(path.join(__dirname, "../../docs", name), "utf8")));
const isReport = compile("report.schema.json");
const isVerification = compile("verify.schema.json");

for (const file of process.argv.slice(2)) {
	const what = JSON.parse(fs.readFileSync(file, "utf8"));
	const isValid = String(what.schema).startsWith("gantry-verify/")
	    ? isVerification : isReport;
	if (isValid(what))
		continue;
	for (const e of isValid.errors)
		console.log(`${file}: ${e.dataPath} ${e.message}`);
}
