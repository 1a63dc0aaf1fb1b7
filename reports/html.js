//<![CDATA[
// SPDX-License-Identifier: ISC
// What report.html does with scripts on: sort, filter, grade chips, the view
// kept in the address, CSV of the view.  Nothing is shown that is not in the
// page without it, except that beyond 2,000 assets the table is built here
// from the data in the page.  Text goes in as text, never as markup.
"use strict";
(function () {
const PAGE = 200;
const table = document.querySelector("table.assets");
if (!table)
	return;
document.documentElement.classList.remove("no-script");
const body = table.tBodies[0];
const heads = [...table.tHead.rows[0].cells];
const labels = heads.map((th) => th.textContent);
const packed = document.getElementById("rows");
const tools = document.getElementById("tools");
const box = document.getElementById("filter");
const shown = document.getElementById("shown");
const pager = document.getElementById("pager");
const chips = [...document.querySelectorAll("#chips button")];
const ranks = ["confirmed", "probable", "possible", "none", "silent",
    "excluded"];
// Columns of the packed data, as html_rows.c writes them.
const GRADE = labels.indexOf("Verdict");
const ALERTS = "needs a person";

// --- the rows ----------------------------------------------------------------

function fromPage(tr) {
	const cells = [...tr.cells].map((td) => td.textContent.trim());
	return {
		tr, cells, grade: tr.dataset.grade, person: "person" in tr.dataset,
		text: cells.join(" ").toLowerCase(),
	};
}

function fromData(line) {
	const [link, grade, person, ...cells] = line.split("\t");
	return {
		link, grade, cells, person: person === "1",
		text: cells.join(" ").toLowerCase(),
	};
}

function build(row) {
	const tr = document.createElement("tr");
	row.cells.forEach((text, i) => {
		const td = tr.insertCell();
		td.dataset.label = labels[i];
		let into = td;
		if (i === 0) {
			into = document.createElement("a");
			into.href = row.link;
			into.className = "mono";
			td.append(into);
		} else if (i === GRADE) {
			into = document.createElement("span");
			into.className = "badge " + row.grade;
			td.append(into);
		}
		into.textContent = text;
	});
	row.tr = tr;
	return tr;
}

const rows = packed
    ? packed.textContent.split("\n").filter((l) => l !== "").map(fromData)
    : [...body.rows].map(fromPage);

// --- order -------------------------------------------------------------------

function addressKey(text) {
	return text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function sortKey(row, column) {
	const text = row.cells[column];
	switch (labels[column]) {
	case "Address":
		return addressKey(text);
	case "Verdict":
		return ranks.indexOf(row.grade);
	case "Probability":
		return text === "" ? -1 : parseFloat(text.replace(/[<>]/g, "")) +
		    (text.startsWith(">") ? 0.01 : 0);
	case "Open":
		return text === "" ? -1 : Number(text);
	default:
		return text.toLowerCase();
	}
}

// --- the view ----------------------------------------------------------------

const state = { q: "", grades: new Set(), person: false, sort: -1, down: false,
    page: 0 };
let view = rows;

function matches(row) {
	if (state.grades.size > 0 && !state.grades.has(row.grade))
		return false;
	if (state.person && !row.person)
		return false;
	return state.q.toLowerCase().split(/\s+/)
	    .every((word) => row.text.includes(word));
}

function compute() {
	view = rows.filter(matches);
	if (state.sort < 0)
		return;
	const keyed = view.map((row, i) => [sortKey(row, state.sort), i, row]);
	keyed.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) *
	    (state.down ? -1 : 1) || a[1] - b[1]);
	view = keyed.map((k) => k[2]);
}

function draw() {
	const size = packed ? PAGE : view.length || 1;
	const pages = Math.max(1, Math.ceil(view.length / size));
	state.page = Math.min(state.page, pages - 1);
	const first = state.page * size;
	const part = view.slice(first, first + size);
	body.replaceChildren(...part.map((row) => row.tr || build(row)));
	shown.textContent = view.length === rows.length
	    ? `All ${rows.length} assets` : `${view.length} of ${rows.length} assets`;
	if (pages > 1)
		shown.textContent += `, ${first + 1} to ${first + part.length}`;
	pager.hidden = pages < 2;
	pager.querySelector("[data-step='-1']").disabled = state.page === 0;
	pager.querySelector("[data-step='1']").disabled =
	    state.page === pages - 1;
	heads.forEach((th, i) => {
		if (i === state.sort)
			th.setAttribute("aria-sort",
			    state.down ? "descending" : "ascending");
		else
			th.removeAttribute("aria-sort");
	});
	for (const chip of chips)
		chip.setAttribute("aria-pressed", String(
		    chip.value === ALERTS ? state.person
			: state.grades.has(chip.value)));
}

// --- the address -------------------------------------------------------------

function remember() {
	const p = new URLSearchParams();
	if (state.q !== "")
		p.set("q", state.q);
	if (state.grades.size > 0)
		p.set("grade", [...state.grades].join(","));
	if (state.person)
		p.set("person", "1");
	if (state.sort >= 0)
		p.set("sort", (state.down ? "-" : "") + labels[state.sort]);
	const hash = p.toString() === "" ? "#assets" : "#view?" + p;
	try {
		history.replaceState(null, "", hash);
	} catch (e) {
		// A viewer without an address: the view is all the same.
	}
}

function recall() {
	if (!location.hash.startsWith("#view?"))
		return false;
	const p = new URLSearchParams(location.hash.slice("#view?".length));
	const sort = p.get("sort") || "";
	state.q = p.get("q") || "";
	state.grades = new Set((p.get("grade") || "").split(",")
	    .filter((g) => ranks.includes(g)));
	state.person = p.get("person") === "1";
	state.down = sort.startsWith("-");
	state.sort = labels.indexOf(sort.replace(/^-/, ""));
	state.page = 0;
	box.value = state.q;
	return true;
}

function update(change) {
	Object.assign(state, { page: 0 }, change);
	compute();
	draw();
	remember();
}

// --- CSV of the view ---------------------------------------------------------

function csvCell(text) {
	const safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
	return '"' + safe.replace(/"/g, '""') + '"';
}

function csv() {
	const lines = [labels, ...view.map((row) => row.cells)];
	return lines.map((line) => line.map(csvCell).join(",") + "\r\n").join("");
}

function saveCsv() {
	const a = document.createElement("a");
	a.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
	a.download = "assets-view.csv";
	a.click();
	setTimeout(() => URL.revokeObjectURL(a.href), 60000);
}

// --- wiring ------------------------------------------------------------------

heads.forEach((th, i) => {
	const button = document.createElement("button");
	button.type = "button";
	button.textContent = labels[i];
	button.addEventListener("click", () =>
	    update({ sort: i, down: state.sort === i && !state.down }));
	th.replaceChildren(button);
});
box.addEventListener("input", () => update({ q: box.value.trim() }));
box.addEventListener("keydown", (e) => {
	if (e.key === "Escape") {
		box.value = "";
		update({ q: "" });
	}
});
for (const chip of chips)
	chip.addEventListener("click", () => {
		if (chip.value === ALERTS)
			return update({ person: !state.person });
		const grades = new Set(state.grades);
		if (!grades.delete(chip.value))
			grades.add(chip.value);
		return update({ grades });
	});
for (const step of pager.querySelectorAll("button"))
	step.addEventListener("click", () => {
		state.page += Number(step.dataset.step);
		draw();
		table.scrollIntoView();
	});
document.getElementById("csv").addEventListener("click", saveCsv);
document.getElementById("clear").addEventListener("click", () => {
	box.value = "";
	update({ q: "", grades: new Set(), person: false, sort: -1, down: false });
	box.focus();
});
// Evidence that is folded away must not be missing on paper.
let folded = [];
addEventListener("beforeprint", () => {
	folded = [...document.querySelectorAll("details:not([open])")];
	for (const d of folded)
		d.open = true;
});
addEventListener("afterprint", () => {
	for (const d of folded)
		d.open = false;
});
addEventListener("hashchange", () => {
	if (recall()) {
		compute();
		draw();
	}
});
tools.hidden = false;
recall();
compute();
draw();
})();
//]]>
