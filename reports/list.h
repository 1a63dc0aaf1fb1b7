/* SPDX-License-Identifier: ISC */
/* One line per report format, alphabetical.  No include guard: read several
 * times. */
REPORT(csv)
REPORT(html)
REPORT(json)
REPORT(ndjson)
REPORT(nmap)
REPORT(prometheus)
REPORT(terminal)
