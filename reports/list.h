/* SPDX-License-Identifier: ISC */
/* One line per report format, alphabetical.  No include guard: read several
 * times. */
REPORT(html)
REPORT(json)
REPORT(ndjson)
REPORT(terminal)
