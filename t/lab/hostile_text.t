#!/bin/bash
# SPDX-License-Identifier: ISC
# hostile_text: hosts whose every word attacks whoever reads of them (escape
# sequences, markup, bidi marks, bad UTF-8, formulas, newlines), audited. What
# they said is kept and shown literally, and is harmless everywhere: terminal,
# log, HTML, JSON, CSV, XML, Prometheus.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

need "$py" timeout script
gantry=${GANTRY_BIN:-${B:-build}/gantry}
[ -x "$gantry" ] || skip_all "gantry is not built"
lab_up text || bail "no lab"
out=$LAB_DIR/out
"$py" t/lab/hostile_text.py ward >"$LAB_DIR/ward.yaml"
lab_ward "$LAB_DIR/ward.yaml" -d 300 -P t/ward/personalities ||
    bail "no ward"
mkdir "$out"
# -v: all that can be said goes to the log.
lab_run timeout 200 "$gantry" audit 10.16.12.16/28 10.16.12.32/28 \
    -v --ports 21,23,25,104,1024 --care standard -o "$out" \
    >"$out/terminal.txt" 2>"$out/log.txt"
is $? 0 "the audit ends well"
lab_ward_stop
said=$("$py" t/lab/hostile_text.py judge "$out" 2>&1) ||
    said+=$'\n'"not ok - the judge finished"
while IFS= read -r line; do
	case $line in
	"ok - "*) n=$((n + 1)) && echo "ok $n ${line#ok }" ;;
	"not ok - "*) n=$((n + 1)) && echo "not ok $n ${line#not ok }" ;;
	*) echo "# ${line#\# }" ;;
	esac
done <<<"$said"

# A terminal's own eyes: the colours are ours, and nothing else is there.
TERM=xterm script -qec "stty cols 100; '$gantry' replay -q \
    '$out/evidence.pcapng' -o '$LAB_DIR/again'; '$gantry' replay \
    '$out/evidence.pcapng'" /dev/null >"$LAB_DIR/tty.txt" 2>&1
"$py" - "$LAB_DIR/tty.txt" <<'PY'
import re, sys
data = open(sys.argv[1], "rb").read()
data = re.sub(rb"\x1b\[(0|1|32|33|1;32)m", b"", data)
bad = re.search(rb"[^ -~\r\n]", data)
print("# %d bytes on the terminal" % len(data))
sys.exit(bad is not None or len(data) < 1000)
PY
ok $? "replayed on a terminal, no escape sequence of theirs gets through"
modules=build/browser/node_modules
if [ -d "$modules" ] && [ -x /usr/bin/chromium ]; then
	node - "$out/report.html" <<'JS'
const { open, browse } = require("./t/browser/page.js");
console.log = () => {};
let bad = 99; // until it was looked at
process.on("exit", () => {
	process.exitCode = bad;
});
browse(async (browser) => {
	const { page, seen } = await open(browser, process.argv[2]);
	const alerts = await page.evaluate(() =>
	    document.querySelectorAll("main script, img, main [onload]").length);
	bad = alerts + seen.length;
});
JS
	ok $? "a browser runs none of it, and fetches nothing"
else
	skip 1 "no browser to look with"
fi
echo "1..$n"
