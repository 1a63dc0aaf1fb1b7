/* SPDX-License-Identifier: ISC */
/* One line per probe, alphabetical.  No include guard: read several times. */
PROBE(advantagenet)
PROBE(arp)
PROBE(connect)
PROBE(dicom)
PROBE(greeting)
PROBE(http)
PROBE(icmp)
PROBE(nbstat)
PROBE(ntp)
PROBE(portmap)
PROBE(rpc)
PROBE(snmp)
