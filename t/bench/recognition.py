# SPDX-License-Identifier: ISC
"""Joins what nmap and gantry said of the ward with what the ward counted.

    recognition.py DIRECTORY WARD.yaml      a table in Markdown on stdout
"""
import json
import os
import re
import sys
import xml.etree.ElementTree as xml


def ward_hosts(path):
    """(address, name) in the ward file's order."""
    text = open(path).read()
    for block in text.split("- address: ")[1:]:
        name = re.search(r"^    name: (.*)$", block, re.M)
        yield block.split()[0], name.group(1) if name else ""


def load(directory, name):
    with open(os.path.join(directory, name)) as f:
        return json.load(f)


def nmap_said(path):
    """address -> (system, {service words})."""
    said = {}
    for host in xml.parse(path).getroot().iter("host"):
        address = host.find("address[@addrtype='ipv4']").get("addr")
        if host.get("timedout") == "true":
            said[address] = ("gave up after two minutes", [])
            continue
        match = host.find("os/osmatch")
        system = "-" if match is None else "%s (%s %%)" % (
            match.get("name"), match.get("accuracy"))
        services = []
        for port in host.iter("port"):
            if port.find("state").get("state") != "open":
                continue
            service = port.find("service")
            # A name looked up in a table by the number is no finding.
            if service is not None and service.get("method") == "probed":
                words = service.get("product") or service.get("name")
                services.append("%s %s" % (port.get("portid"), words))
            for script in port.findall("script"):
                if script.get("id") == "dicom-ping":
                    services.append("%s dicom" % port.get("portid"))
        said[address] = (system, services)
    return said


def gantry_said(report):
    said = {}
    for asset in report["assets"]:
        verdict = asset["verdict"]
        grade = verdict["grade"]
        name = verdict.get("name") or ""
        if name:
            what = "%s, **%s**" % (name, grade)
        elif asset["standing"] == "answered":
            what = "not recognised"
        else:
            what = asset["standing"]
        if asset["names"]:
            what += " (%s)" % ", ".join(asset["names"])
        services = ["%d %s" % (p["port"], p["product"] or p["service"])
                    for p in asset["ports"]
                    if p["state"] == "open" and p["transport"] == "tcp"
                    and (p["product"] or p["service"])]
        said[asset["address"]] = (what, services)
    return said


def short(services):
    if not services:
        return "no service named"
    rest = len(services) - 6
    return "; ".join(services[:6]) + (" and %d more" % rest
                                      if rest > 0 else "")


def cell(text):
    return re.sub(r"[\x00-\x1f]", " ", text).replace("|", "\\|")


def blocks(path):
    """address -> what a tool printed of it."""
    text = open(path, errors="replace").read() if os.path.exists(path) else ""
    said = {}
    for block in text.split("== ")[1:]:
        address, _, rest = block.partition("\n")
        said[address.strip()] = rest
    return said


def rpcinfo_said(text):
    names = [line.split()[4] if len(line.split()) > 4 else line.split()[0]
             for line in text.splitlines()
             if re.match(r"\s+\d+\s+\d+\s+(tcp|udp)\s", line)]
    names = list(dict.fromkeys(names))
    return "%d programs: %s" % (len(names), ", ".join(names)) \
        if names else "-"


def echoscu_said(text):
    if "Received Echo Response (Success)" in text:
        return "echo answered"
    reason = re.search(r"F: Reason: (.*)", text)
    if reason:
        return "refused: " + reason.group(1)
    return "-"


def p0f_said(path):
    """address -> the system p0f names by its SYN-ACK."""
    text = open(path, errors="replace").read() if os.path.exists(path) else ""
    said = {}
    for block in text.split(".-[ ")[1:]:
        server = re.search(r"\| server\s+= ([\d.]+)/", block)
        system = re.search(r"\| os\s+= (.*)", block)
        if server and system and "(syn+ack)" in block.split("\n")[0]:
            said.setdefault(server.group(1), set()).add(
                system.group(1).strip())
    return said


def of_one_question(directory, ward, gantry):
    """The tools that each ask one question, beside gantry."""
    tools = [t for t in ("rpcinfo", "echoscu")
             if os.path.exists(os.path.join(directory, t + ".log"))]
    if not tools:
        return
    said = {t: blocks(os.path.join(directory, t + ".log")) for t in tools}
    read = {"rpcinfo": rpcinfo_said, "echoscu": echoscu_said}
    shapes = p0f_said(os.path.join(directory, "p0f.log"))
    harm = {t: {h["address"]: h
                for h in load(directory, t + ".harm.json")["hosts"]}
            for t in tools + ["gantry"]}
    print("\n| host | %s | p0f | gantry: verdict | packets %s, gantry "
          "| harm %s, gantry |" % (" | ".join(tools), ", ".join(tools),
                                   ", ".join(tools)))
    print("|---|%s---|---|---:|---:|" % ("---|" * len(tools)))
    for address, name in ward_hosts(ward):
        row = ["%s (%s)" % (name, address)]
        row += [read[t](said[t].get(address, "")) for t in tools]
        systems = shapes.get(address, set()) - {"???"}
        row += [", ".join(sorted(systems)) or "-",
                gantry.get(address, ("not seen", []))[0]]
        for key in ("packets", "harm"):
            row.append(", ".join("%d" % harm[t].get(address, {}).get(key, 0)
                                 for t in tools + ["gantry"]))
        print("| %s |" % " | ".join(cell(c) for c in row))
    seconds = ["%s %s s" % (t, open(os.path.join(
        directory, t + ".seconds")).read().strip()) for t in tools]
    print("\nTo ask every host took %s." % ", ".join(seconds))


def main():
    directory, ward = sys.argv[1:3]
    harm = {tool: {h["address"]: h
                   for h in load(directory, tool + ".harm.json")["hosts"]}
            for tool in ("nmap", "gantry")}
    said = {"nmap": nmap_said(os.path.join(directory, "nmap.xml")),
            "gantry": gantry_said(load(directory, "audit/report.json"))}
    print("| host | nmap: system | nmap: services | gantry: verdict "
          "| gantry: services | packets nmap, gantry | harm nmap, gantry "
          "| peak packets/s nmap, gantry |")
    print("|---|---|---|---|---|---:|---:|---:|")
    total = {"nmap": [0, 0, 0], "gantry": [0, 0, 0]}
    named = {"nmap": 0, "gantry": 0}
    for address, name in ward_hosts(ward):
        row = ["%s (%s)" % (name, address)]
        numbers = [[], [], []]
        for tool in ("nmap", "gantry"):
            what, services = said[tool].get(address, ("not seen", []))
            named[tool] += len(services)
            row += [what, short(services)]
            h = harm[tool].get(address, {})
            for i, key in enumerate(("packets", "harm",
                                     "peak_packets_per_second")):
                value = h.get(key, 0)
                numbers[i].append("%d" % value)
                total[tool][i] = (max if i == 2 else
                                  lambda a, b: a + b)(total[tool][i], value)
        row += [", ".join(n) for n in numbers]
        print("| %s |" % " | ".join(cell(c) for c in row))
    print("| **all** |  | %d named |  | %d named | %s | %s | %s |" % (
        named["nmap"], named["gantry"],
        *["%d, %d" % (total["nmap"][i], total["gantry"][i])
          for i in range(3)]))
    seconds = [open(os.path.join(directory, t + ".seconds")).read().strip()
               for t in ("nmap", "gantry")]
    print("\nThe whole ward took nmap %s s, gantry %s s." % tuple(seconds))
    of_one_question(directory, ward, said["gantry"])


if __name__ == "__main__":
    main()
