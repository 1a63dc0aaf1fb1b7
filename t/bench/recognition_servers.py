# SPDX-License-Identifier: ISC
"""Joins what nmap and gantry said of real servers with what these got.

    recognition_servers.py DIRECTORY      two tables in Markdown on stdout
"""
import os
import re
import sys
import xml.etree.ElementTree as xml

from recognition import cell, gantry_said, load, nmap_said

TOOLS = ("nmap", "gantry")

# What runs there: name, host, about, complaint in its log.
SERVERS = (
    ("rpcbind", 10, "tcp/111", None),
    ("ypserv", 10, "rpc 100004", None),
    ("mountd", 10, "tcp/635", r"rpc\.mountd: .*(fail|error|bad)"),
    ("storescp", 11, "tcp/104", r"^[EFW]: "),
    ("storetls", 11, "tcp/2762", r"^[EFW]: "),
    ("dcmqrscp", 12, "tcp/11112", r"^[EFW]: "),
    ("orthanc", 13, "tcp/4242", r"^E\d{4} (?!.*locale)"),
    ("orthanc", 13, "tcp/8042", None),
    ("vsftpd", 14, "tcp/21", None),
    ("telnetd", 14, "tcp/23", None),
    ("nginx", 14, "tcp/80", r"\[(error|crit|alert|emerg)\]"),
    ("nginxtls", 14, "tcp/443", r"\[(info|error|crit|alert|emerg)\]"),
    ("snmpd", 14, "udp/161", None),
    ("sshd", 14, "tcp/22",
     r"(error|invalid|Bad |kex_exchange|^Connection closed by)"),
    ("exim", 14, "tcp/25", r"(SMTP (protocol|syntax) |unexpected|incomplete)"),
    ("nmbd", 14, "udp/137", None),
    ("chronyd", 14, "udp/123", None),
    ("vnc", 14, "tcp/5900", None),
    ("cupsd", 14, "tcp/631", r"^[EX] "),
)


def read(directory, name):
    path = os.path.join(directory, name)
    return open(path, errors="replace").read() if os.path.exists(path) else ""


def at_port(services, about):
    """What was said of that port; of an RPC program, wherever it is."""
    number = about.split("/")[-1]
    if about.startswith("rpc"):
        found = [s for s in services if "ypserv" in s or "100004" in s]
    else:
        found = [s for s in services if s.split()[0] == number]
    return found[0].split(" ", 1)[1] if found else "-"


def nmap_services(path):
    """address -> what was told of each port, version and RPC list too."""
    said = {}
    for host in xml.parse(path).getroot().iter("host"):
        address = host.find("address[@addrtype='ipv4']").get("addr")
        names = said.setdefault(address, [])
        for port in host.iter("port"):
            service = port.find("service")
            if service is None or service.get("method") != "probed":
                continue
            words = [service.get(k) for k in ("product", "version",
                                              "extrainfo")]
            names.append("%s %s" % (
                port.get("portid"),
                " ".join(w for w in words if w) or service.get("name")))
        for script in host.iter("script"):
            if script.get("id") == "rpcinfo":
                for line in script.get("output").splitlines():
                    words = line.split()
                    if words and words[0] == "100004":
                        names.append("rpc 100004 " + " ".join(words[1:]))
    return said


def gantry_services(report):
    said = {}
    for asset in report["assets"]:
        facts = {}
        for f in asset["facts"]:
            facts.setdefault((f["about"], f["key"]), f["value"])
        names = said.setdefault(asset["address"], [])
        for p in asset["ports"]:
            about = "%s/%d" % (p["transport"], p["port"])
            words = [p["product"] or p["service"] or ""]
            for key in ("http.server", "dicom.reject", "ntp.version",
                        "netbios.name", "ssh.host_key"):
                value = facts.get((about, key))
                if value and value not in words[0]:
                    words.append("%s %s" % (key, value))
            text = "; ".join(w for w in words if w)
            if text:
                names.append("%d %s" % (p["port"], text))
    return said


def received(directory, tool):
    """address -> [packets, most in a second]"""
    times = {}
    for line in read(directory, tool + ".packets").splitlines():
        at, arp_to, to = line.split(",")
        times.setdefault(to or arp_to, []).append(float(at))
    counted = {}
    for address, at in times.items():
        at.sort()
        first = most = 0
        for i, t in enumerate(at):
            while t - at[first] >= 1:
                first += 1
            most = max(most, i - first + 1)
        counted[address] = [len(at), most]
    return counted


def complaints(directory, tool, name, pattern):
    """Lines a server logged that complain of its caller."""
    if pattern is None:
        return 0
    text = read(directory, "%s/%s.log" % (tool, name))
    return len(re.findall(pattern, text, re.M))


def main():
    directory = sys.argv[1]
    ran = set(read(directory, "servers").split())
    report = load(directory, "audit/report.json")
    said = {"nmap": nmap_services(os.path.join(directory, "nmap.xml")),
            "gantry": gantry_services(report)}
    print("| server | nmap | gantry | complaints in its log nmap, gantry |")
    print("|---|---|---|---:|")
    named = {tool: 0 for tool in TOOLS}
    for name, last, about, pattern in SERVERS:
        if name not in ran:
            continue
        address = "10.77.0.%d" % last
        row = ["%s (%s, %s)" % (name, address, about)]
        for tool in TOOLS:
            text = at_port(said[tool].get(address, []), about)
            named[tool] += text != "-"
            row.append(text)
        row.append(", ".join("%d" % complaints(directory, t, name, pattern)
                             for t in TOOLS))
        print("| %s |" % " | ".join(cell(c) for c in row))
    print("| **named** | %d | %d |  |" % (named["nmap"], named["gantry"]))

    hosts = {"nmap": nmap_said(os.path.join(directory, "nmap.xml")),
             "gantry": gantry_said(report)}
    got = {tool: received(directory, tool) for tool in TOOLS}
    print("\n| host | nmap: system | gantry: verdict | packets nmap, gantry "
          "| peak packets/s nmap, gantry |")
    print("|---|---|---|---:|---:|")
    for last in sorted({last for _, last, _, _ in SERVERS}):
        address = "10.77.0.%d" % last
        row = [address] + [hosts[t].get(address, ("not seen", []))[0]
                           for t in TOOLS]
        row += [", ".join("%d" % got[t].get(address, [0, 0])[i]
                          for t in TOOLS) for i in range(2)]
        print("| %s |" % " | ".join(cell(c) for c in row))
    seconds = ["%s %s s" % (t, read(directory, t + ".seconds").strip())
               for t in TOOLS]
    print("\nIt took %s." % ", ".join(seconds))


main()
