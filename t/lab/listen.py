# SPDX-License-Identifier: ISC
"""listen - what listen.t asks of what was heard of t/data/segment.py.

  listen.py stations RUN        the census has every station
  listen.py shares RUN          counts and shares fit each other
  listen.py heard RUN           assets and the facts of what they said
  listen.py private RUN         no patient's data is anywhere
  listen.py tshark RUN FILE     frames by station and protocol, as tshark has
  listen.py same RUN RUN        both come to the same facts
  listen.py value RUN ADDRESS KEY VALUE
  listen.py scope RUN ADDRESS...  these are the assets
  listen.py excluded RUN ADDRESS MAC
Prints what is wrong, a line each; nothing when all is well.
"""
import collections
import json
import subprocess
import sys

# MAC: (protocols, a word of what it likely is, name)
STATIONS = {
    "aa:00:04:00:0c:04": ("DECnet 60-03|LAT 60-04", "VAX/VMS",
                          "LAT node MRVAX (Radiology archive)"),
    "08:00:2b:01:02:03": ("LAT 60-04|MOP dump/load 60-01|"
                          "MOP remote console 60-02", "terminal server", ""),
    "00:00:1b:11:22:33": ("IPX 81-37|IPX LLC E0|IPX SNAP 81-37|"
                          "IPX raw 802.3", "NetWare",
                          "NetWare type 0004 RADIOLOGY_1"),
    "00:80:5f:44:55:66": ("IPX raw 802.3", "NetWare",
                          "NetWare type 0007 LASER_ER"),
    "08:00:07:0a:0b:0c": ("AppleTalk ARP SNAP 80-F3|AppleTalk SNAP 80-9B",
                          "AppleTalk",
                          "AppleTalk Dr. Roentgen (LaserWriter)"),
    "00:00:c0:12:34:56": ("NetBEUI LLC F0", "NetBEUI", "NetBIOS VIEWBOX-3"),
    "00:00:aa:01:02:03": ("XNS 06-00", "XNS", ""),
    "00:10:7b:aa:bb:cc": ("CDP SNAP 20-00|spanning tree LLC 42", "switch",
                          "CDP sw-radiology-2 (cisco WS-C2924-XL)"),
    "00:10:7b:aa:bb:dd": ("LLDP 88-CC", "switch", "LLDP sw-core-1"),
    "08:00:20:77:00:01": ("RARP 80-35", "diskless", ""),
    "08:00:20:0a:12:04": ("UDP 1600 AdvantageNet|UDP 513 rwho",
                          "AdvantageNet", ""),
    "00:60:97:77:88:99": ("UDP 137 NetBIOS names|UDP 138 NetBIOS datagrams|"
                          "UDP 67 DHCP server", "", "DHCP MAGNETOM (MSFT 5.0)"),
    "00:09:fb:05:06:07": ("UDP 24005 IntelliVue connect", "monitor", ""),
}

# tshark's names of the layer behind the framing, for the station's protocols
LAYERS = {
    "DECnet 60-03": "dec_dna", "LAT 60-04": "lat", "MOP dump/load 60-01": "",
    "IPX raw 802.3": "ipx", "IPX LLC E0": "ipx", "IPX SNAP 81-37": "ipx",
    "IPX 81-37": "ipx", "AppleTalk ARP SNAP 80-F3": "aarp",
    "AppleTalk SNAP 80-9B": "ddp", "NetBEUI LLC F0": "netbios",
    "XNS 06-00": "idp", "spanning tree LLC 42": "stp",
    "CDP SNAP 20-00": "cdp", "LLDP 88-CC": "lldp", "RARP 80-35": "arp",
    "ARP 08-06": "arp",
}


def report(run):
    with open(run + "/report.json") as f:
        return json.load(f)


def segments(run):
    return report(run)["census"]["segments"]


def by_mac(run):
    return {s["mac"]: s for seg in segments(run) for s in seg["stations"]}


def facts(run):
    with open(run + "/facts.ndjson") as lines:
        return [json.loads(line) for line in lines]


def stations(run):
    found = by_mac(run)
    for mac, (protocols, likely, name) in STATIONS.items():
        s = found.get(mac)
        if s is None:
            print("no station", mac)
            continue
        names = "|".join(sorted(p["name"] for p in s["protocols"]))
        if names != protocols:
            print(mac, "speaks", names, "not", protocols)
        if likely not in s["likely"]:
            print(mac, "is likely", s["likely"], "not", likely)
        if name != s["name"]:
            print(mac, "calls itself", s["name"], "not", name)
    if found["aa:00:04:00:0c:04"]["decnet"] != "1.12":
        print("DECnet 1.12 is", found["aa:00:04:00:0c:04"]["decnet"])
    if found["08:00:20:0a:12:04"]["addresses"] != ["10.20.1.4"]:
        print("10.20.1.4 is not found for its MAC")


def shares(run):
    for seg in segments(run):
        for what in ("frames", "bytes", "broadcast_frames",
                     "broadcast_bytes"):
            total = sum(s[what] for s in seg["stations"])
            if what != "frames":
                total += 0
            else:
                total += seg["strangers_frames"]
            if total != seg[what]:
                print(what, total, "of", seg[what])
        total = sum(s["broadcast_share"] for s in seg["stations"])
        if abs(total - 1) > 0.001:
            print("shares add up to", total)
        loud = [s["broadcast_frames"] for s in seg["stations"]]
        if loud != sorted(loud, reverse=True):
            print("not in order:", loud)
        for s in seg["stations"]:
            if sum(p["frames"] for p in s["protocols"]) != s["frames"]:
                print(s["mac"], "protocols do not add up")


HEARD = {
    "10.20.1.4": {"advantagenet.suite": "NMR1", "link.protocol":
                  "UDP 1600 AdvantageNet", "rwho.host": "ic1",
                  "udp.checksum_off": "yes", "udp.ttl": "60"},
    "10.20.1.5": {"rip.announces": "version 1, tells routes"},
    "10.20.1.6": {"netbios.name": "MAGNETOM", "netbios.workgroup":
                  "RADIOLOGY", "dhcp.host_name": "MAGNETOM",
                  "dhcp.vendor_class": "MSFT 5.0", "netbios.announced":
                  "version 4.0, NT workstation, Vision console"},
    "10.20.1.7": {"mdns.name": "osirix.local", "mdns.service":
                  "viewer1._dicom._tcp.local"},
    "10.20.1.8": {"ssdp.server": "Linux/2.6 UPnP/1.0 PacsBox/1.3"},
    "10.20.1.9": {"monitor.broadcast":
                  "udp/24005, as IntelliVue's connect indication"},
    "10.20.1.10": {"carescape.unit": "ICU1|BED4"},
    "10.20.1.11": {"hl7.sender": "RIS_ONE|CENTRAL HOSPITAL",
                   "syn.window": "4096", "syn.options": "M5B4",
                   "syn.ttl": "60", "syn.df": "no",
                   "stack.system": "SunOS 4.1"},
    "10.20.1.12": {"tcp.window": "8760", "stack.system": "Solaris 2.5.1"},
    "10.20.1.13": {"host.alive": "heard"},
}


def heard(run):
    assets = {a["address"]: a for a in report(run)["assets"]}
    for address, wants in HEARD.items():
        a = assets.get(address)
        if a is None:
            print("no asset", address)
            continue
        if a["standing"] not in ("heard", "answered"):
            print(address, "is", a["standing"])
        for key, value in wants.items():
            have = [f["value"] for f in a["facts"] if f["key"] == key]
            if value not in have:
                print(address, key, "is", have, "not", value)


def private(run):
    """Of the HL7 message nothing behind MSH-4 is anywhere."""
    for name in ("report.json", "report.html", "facts.ndjson",
                 "evidence.pcapng"):
        with open(run + "/" + name, "rb") as f:
            data = f.read()
        for word in (b"DOE", b"ORM^O01", b"199601011200", b"PID|",
                     b"DOE".hex().encode()):
            if word in data:
                print(name, "holds", word)
        if name == "evidence.pcapng" and b"RIS_ONE" not in data:
            print("the header itself is not kept")


def tshark(run, path):
    out = subprocess.run(
        ["tshark", "-n", "-r", path, "-T", "fields", "-e", "eth.src",
         "-e", "frame.protocols"], capture_output=True, text=True).stdout
    theirs = collections.Counter()
    for line in out.splitlines():
        mac, layers = line.split("\t")
        for layer in set(layers.split(":")):
            theirs[mac, layer] += 1
    ours = collections.Counter()
    for mac, s in by_mac(run).items():
        for p in s["protocols"]:
            if LAYERS.get(p["name"]):
                ours[mac, LAYERS[p["name"]]] += p["frames"]
    if len(ours) < 12:
        print("only", len(ours), "to compare")
    for (mac, layer), n in sorted(ours.items()):
        if theirs[mac, layer] != n:
            print(mac, layer, n, "frames, tshark", theirs[mac, layer])


# Counts, and what only the run itself knows.
NOT_IN_FRAMES = ("listen.seconds", "link.share", "advantagenet.period_s",
                 "advantagenet.beacons")


def same(one, other):
    def known(run):
        return {(f["address"], f["about"], f["key"], f["value"])
                for f in facts(run) if f["key"] not in NOT_IN_FRAMES}
    a, b = known(one), known(other)
    for fact in sorted(a - b):
        print("only in the first:", *fact)
    for fact in sorted(b - a):
        print("only in the second:", *fact)


def value(run, address, key, wanted):
    have = [f["value"] for f in facts(run)
            if f["address"] == address and f["key"] == key]
    if have != [wanted]:
        print(address, key, "is", have, "not", wanted)


def scope(run, *addresses):
    have = sorted(a["address"] for a in report(run)["assets"])
    if have != sorted(addresses):
        print("assets are", *have)


def excluded(run, address, mac):
    if any(f["address"] == address for f in facts(run)):
        print("facts of", address)
    if any(a["address"] == address for a in report(run)["assets"]):
        print("an asset", address)
    s = by_mac(run)[mac]
    if not s["excluded"] or s["addresses"] or s["protocols"] or s["name"]:
        print("the census tells", s)
    if not s["frames"]:
        print("and does not count it")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
