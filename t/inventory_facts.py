#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Facts of a run nobody made, as facts.ndjson.

inventory_facts.py SITE HOSTS DAY [ADDRESS=NAME=VALUE...]: so many hosts from
10.0.0.1 on, on that day of November 2026.  ADDRESS=mac=VALUE gives one another
card, ADDRESS=at=OTHER another address, ADDRESS=ftp=TEXT another greeting,
ADDRESS=ssh=KEY a host key, ADDRESS=routed= no card that can be seen,
ADDRESS=off= none at all.
"""
import ipaddress
import json
import sys

site, hosts, day = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
other = {}
for word in sys.argv[4:]:
    address, name, value = word.split("=", 2)
    other.setdefault(address, {})[name] = value


def fact(address, mac, about, key, value, probe, second, frame=None):
    evidence = None
    if frame:
        evidence = {"talk": frame, "offset": 0, "hex": ""}
    print(json.dumps({
        "site": site, "address": address, "mac": mac, "about": about,
        "key": key, "value": value, "probe": probe,
        "time": "2026-11-%02dT22:%02d:%02d.000000Z" % (
            day, second // 60 % 60, second % 60),
        "evidence": evidence}, separators=(",", ":")))


for i in range(1, hosts + 1):
    address = str(ipaddress.ip_address(0x0a000000 + i))
    mine = other.get(address, {})
    if "off" in mine:
        continue
    mac = mine.get("mac", "08:00:20:00:%02x:%02x" % (i >> 8, i & 255))
    address = mine.get("at", address)
    s = i % 3600
    if "routed" in mine:
        mac = None
        fact(address, mac, "host", "host.alive", "icmp", "icmp", s)
    else:
        fact(address, mac, "host", "host.alive", "arp", "arp", s)
        fact(address, mac, "host", "host.hops", "0", "oui", s)
    if "ssh" in mine:
        fact(address, mac, "tcp/22", "port.state", "open", "greeting", s, i)
        fact(address, mac, "tcp/22", "ssh.host_key", mine["ssh"], "greeting",
             s, i)
    fact(address, mac, "tcp/21", "port.state", "open", "greeting", s, i)
    fact(address, mac, "tcp/21", "ftp.greeting",
         mine.get("ftp", "220 host%d FTP server (SunOS 4.1) ready." % i),
         "greeting", s, i)
    fact(address, mac, "host", "ports.closed", "104,111", "visit", s)
