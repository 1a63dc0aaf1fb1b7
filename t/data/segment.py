#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""segment - an old hospital segment, frame by frame.

  segment.py write FILE           the capture, as classic pcap
  segment.py play INTERFACE       the same frames onto an interface, once;
                                  for private network namespaces only

Every station is made up.  The same bytes come out every time.
"""
import socket
import struct
import sys
import time

ALL = "ff:ff:ff:ff:ff:ff"
VAX = "aa:00:04:00:0c:04"       # DECnet 1.12
TERMINALS = "08:00:2b:01:02:03"
NETWARE = "00:00:1b:11:22:33"
PRINTER = "00:80:5f:44:55:66"
MAC_PLUS = "08:00:07:0a:0b:0c"
PC = "00:00:c0:12:34:56"
XEROX = "00:00:aa:01:02:03"
SWITCH = "00:10:7b:aa:bb:cc"
SUN = "08:00:20:0a:12:04"
INDIGO = "08:00:69:02:03:04"
WINDOWS = "00:60:97:77:88:99"
PHONE = "00:1b:63:10:20:30"
MEDIA = "00:11:32:01:02:03"
MONITOR = "00:09:fb:05:06:07"
CARESCAPE = "00:00:a1:05:06:07"
SENDER = "00:0c:29:31:41:51"
DISKLESS = "08:00:20:77:00:01"


def mac(text):
    return bytes(int(x, 16) for x in text.split(":"))


def ip(text):
    return bytes(int(x) for x in text.split("."))


def pad(frame):
    return frame + bytes(max(0, 60 - len(frame)))


def ether(source, destination, kind, body):
    return pad(mac(destination) + mac(source) + struct.pack(">H", kind) + body)


def llc(source, destination, body):
    return pad(mac(destination) + mac(source) +
               struct.pack(">H", len(body)) + body)


def snap(source, destination, oui, kind, body):
    head = b"\xaa\xaa\x03" + oui.to_bytes(3, "big") + struct.pack(">H", kind)
    return llc(source, destination, head + body)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ipv4(source, destination, protocol, body, ttl=64, ident=1, df=False):
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), ident,
                       0x4000 if df else 0, ttl, protocol, 0)
    head += ip(source) + ip(destination)
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + body


def udp(smac, dmac, source, sport, destination, dport, body, summed=True,
        **how):
    head = struct.pack(">HHHH", sport, dport, 8 + len(body), 0)
    if summed:
        pseudo = ip(source) + ip(destination) + struct.pack(
            ">BBH", 0, 17, 8 + len(body))
        total = checksum(pseudo + head + body) or 0xffff
        head = head[:6] + struct.pack(">H", total)
    return ether(smac, dmac, 0x0800,
                 ipv4(source, destination, 17, head + body, **how))


def tcp(smac, dmac, source, sport, destination, dport, seq, ack, flags,
        window, options=b"", body=b"", **how):
    head = struct.pack(">HHIIBBHHH", sport, dport, seq, ack,
                       (20 + len(options)) // 4 << 4, flags, window, 0, 0)
    pseudo = ip(source) + ip(destination) + struct.pack(
        ">BBH", 0, 6, len(head) + len(options) + len(body))
    total = checksum(pseudo + head + options + body)
    head = head[:16] + struct.pack(">H", total) + head[18:]
    return ether(smac, dmac, 0x0800,
                 ipv4(source, destination, 6, head + options + body, **how))


def arp(smac, sender, target, operation=1):
    return ether(smac, ALL, 0x0806,
                 struct.pack(">HHBBH", 1, 0x0800, 6, 4, operation) +
                 mac(smac) + ip(sender) + bytes(6) + ip(target))


# --- from before TCP/IP -------------------------------------------------

def decnet_hello():
    # endnode hello: flags, version, id, information, block size, area,
    # seed, neighbour, timer, reserved, test data
    body = (b"\x0d" + b"\x02\x00\x00" + mac(VAX) + b"\x03" +
            struct.pack("<H", 1498) + b"\0" + bytes(8) + bytes(6) +
            struct.pack("<H", 15) + b"\0" + b"\x02\xaa\xaa")
    return ether(VAX, "ab:00:00:03:00:00", 0x6003,
                 struct.pack("<H", len(body)) + body)


def lat_service():
    def text(s):
        return bytes([len(s)]) + s
    body = (b"\x28\x08\x05\x05\x05\x01\x00\x00" + struct.pack("<H", 1500) +
            b"\x3c\x02" + b"\x01\x01" + text(b"MRVAX") +
            text(b"Radiology archive") + b"\x01" +
            b"\x1e" + text(b"MRVAX") + text(b"Archive") + b"\x01\x01")
    return ether(VAX, "09:00:2b:00:00:0f", 0x6004, body)


def mop_system_id():
    body = (b"\x07\x00\x00\x00" + b"\x01\x00\x03\x03\x00\x00" +
            b"\x02\x00\x02\x21\x00" + b"\x07\x00\x06" + mac(TERMINALS) +
            b"\x64\x00\x01\x25")
    return ether(TERMINALS, "ab:00:00:02:00:00", 0x6002,
                 struct.pack("<H", len(body)) + body)


def mop_load_request():
    body = b"\x08\x25\x01\x02\x00\x00"
    return ether(TERMINALS, "ab:00:00:01:00:00", 0x6001,
                 struct.pack("<H", len(body)) + body)


def lat_solicit():
    return ether(TERMINALS, "09:00:2b:00:00:0f", 0x6004,
                 b"\x38\x00\x05\x05\x05\x01" + bytes(20))


def ipx(body, socket_to, socket_from, node, kind):
    return (struct.pack(">HHBB", 0xffff, 30 + len(body), 0, kind) +
            bytes(4) + b"\xff" * 6 + struct.pack(">H", socket_to) +
            bytes(4) + mac(node) + struct.pack(">H", socket_from) + body)


def sap_answer(name, kind):
    return (struct.pack(">HH", 2, kind) + name.ljust(48, b"\0") +
            b"\0\0\0\1" + mac(NETWARE) + struct.pack(">HH", 0x451, 1))


def netware():
    sap = ipx(sap_answer(b"RADIOLOGY_1", 4), 0x452, 0x452, NETWARE, 4)
    rip = ipx(struct.pack(">HIHH", 2, 0xbeef, 1, 2), 0x453, 0x453, NETWARE, 1)
    yield ether(NETWARE, ALL, 0x8137, sap)
    yield llc(NETWARE, ALL, rip)                        # raw 802.3
    yield llc(NETWARE, ALL, b"\xe0\xe0\x03" + rip)      # 802.2
    yield snap(NETWARE, ALL, 0, 0x8137, rip)            # SNAP
    sap = ipx(sap_answer(b"LASER_ER", 7), 0x452, 0x452, PRINTER, 4)
    yield llc(PRINTER, ALL, sap)


def appletalk():
    aarp = struct.pack(">HHBBH", 1, 0x809b, 6, 4, 3) + mac(MAC_PLUS) + \
        b"\0\0\x01\x07" + bytes(6) + b"\0\0\x01\x07"
    yield snap(MAC_PLUS, "09:00:07:ff:ff:ff", 0, 0x80f3, aarp)

    def text(s):
        return bytes([len(s)]) + s
    nbp = b"\x31\x01" + struct.pack(">HBBB", 1, 7, 0x80, 0) + \
        text(b"Dr. Roentgen") + text(b"LaserWriter") + text(b"*")
    ddp = struct.pack(">HHHHBBBBB", 13 + len(nbp), 0, 0, 1, 255, 7, 2, 2, 2)
    yield snap(MAC_PLUS, "09:00:07:ff:ff:ff", 0x080007, 0x809b, ddp + nbp)


def netbeui():
    body = (b"\xf0\xf0\x03" + b"\x2c\x00\xff\xef\x01" + bytes(7) +
            bytes(16) + b"VIEWBOX-3".ljust(15) + b"\0")
    return llc(PC, "03:00:00:00:00:01", body)


def xns():
    body = struct.pack(">HHBB", 0xffff, 32, 0, 1) + b"\0\0\0\x0b" + \
        b"\xff" * 6 + b"\0\1" + b"\0\0\0\x0b" + mac(XEROX) + b"\0\1" + b"\0\1"
    return ether(XEROX, ALL, 0x0600, body)


def spanning_tree():
    bridge = b"\x80\x00" + mac(SWITCH)
    return llc(SWITCH, "01:80:c2:00:00:00",
               b"\x42\x42\x03" + b"\0\0\0\0\0" + bridge + b"\0\0\0\0" +
               bridge + b"\x80\x01" + b"\0\0\x14\0\x02\0\x0f\0")


def cdp():
    def tlv(kind, value):
        return struct.pack(">HH", kind, 4 + len(value)) + value
    body = b"\x01\xb4\0\0" + tlv(1, b"sw-radiology-2") + \
        tlv(3, b"FastEthernet0/1") + tlv(4, b"\0\0\0\x0a") + \
        tlv(5, b"C2900XL Software") + tlv(6, b"cisco WS-C2924-XL")
    body = body[:2] + struct.pack(">H", checksum(body)) + body[4:]
    return snap(SWITCH, "01:00:0c:cc:cc:cc", 0x00000c, 0x2000, body)


def lldp():
    def tlv(kind, value):
        return struct.pack(">H", kind << 9 | len(value)) + value
    return ether("00:10:7b:aa:bb:dd", "01:80:c2:00:00:0e", 0x88cc,
                 tlv(1, b"\x04" + mac(SWITCH)) + tlv(2, b"\x05Gi0/1") +
                 tlv(3, b"\0\x78") + tlv(5, b"sw-core-1") + tlv(0, b""))


def rarp():
    return ether(DISKLESS, ALL, 0x8035,
                 struct.pack(">HHBBH", 1, 0x0800, 6, 4, 3) + mac(DISKLESS) +
                 bytes(4) + mac(DISKLESS) + bytes(4))


# --- what IP hosts say unasked ------------------------------------------

def beacon(n):
    body = bytes.fromhex("0000007e000005e8") + b"NMR1\0\0IC0\0" + bytes(28)
    return udp(SUN, ALL, "10.20.1.4", 1100 + n, "10.20.0.0", 1600, body,
               summed=False, ttl=60, ident=200 + n)


def rwho():
    body = struct.pack(">BBHII", 1, 1, 0, 820454400, 0) + \
        b"ic1".ljust(32, b"\0") + struct.pack(">IIII", 12, 9, 5, 819999999) + \
        b"console\0" + b"sdc\0\0\0\0\0" + struct.pack(">II", 820450000, 60)
    return udp(SUN, ALL, "10.20.1.4", 513, "10.20.0.0", 513, body,
               summed=False, ttl=60, ident=300)


def rip():
    body = b"\x02\x01\0\0"
    for net in ("10.0.0.0", "192.168.7.0"):
        body += struct.pack(">HH", 2, 0) + ip(net) + bytes(8) + \
            struct.pack(">I", 1)
    return udp(INDIGO, ALL, "10.20.1.5", 520, "10.20.255.255", 520, body,
               ttl=60, ident=77)


def netbios_encode(name, suffix):
    raw = name.ljust(15).encode() + bytes([suffix])
    return b"\x20" + b"".join(
        bytes([0x41 + (c >> 4), 0x41 + (c & 15)]) for c in raw) + b"\0"


def netbios_registration():
    name = netbios_encode("MAGNETOM", 0x00)
    body = struct.pack(">HHHHHH", 0x1234, 0x2910, 1, 0, 0, 1) + name + \
        struct.pack(">HH", 0x20, 1) + b"\xc0\x0c" + \
        struct.pack(">HHIHH", 0x20, 1, 300000, 6, 0) + ip("10.20.1.6")
    return udp(WINDOWS, ALL, "10.20.1.6", 137, "10.20.255.255", 137, body,
               ttl=128, ident=0x100)


def browser_announcement():
    mailslot = b"\\MAILSLOT\\BROWSE\0"
    browse = b"\x01\x00" + struct.pack("<I", 720000) + \
        b"MAGNETOM".ljust(16, b"\0") + b"\x04\x00" + \
        struct.pack("<I", 0x00001003) + b"\x0f\x01\x55\xaa" + \
        b"Vision console\0"
    trans = struct.pack("<BHHHHBBHIHHHHHBB", 17, 0, len(browse), 0, 0, 0, 0,
                        0, 1000, 0, 0, 0, len(browse), 86, 3, 0)
    trans += b"\x01\x00\x01\x00\x02\x00" + \
        struct.pack("<H", len(browse) + len(mailslot)) + mailslot + browse
    smb = b"\xffSMB\x25" + bytes(27) + trans
    names = netbios_encode("MAGNETOM", 0) + netbios_encode("RADIOLOGY", 0x1d)
    body = struct.pack(">BBH", 0x11, 2, 7) + ip("10.20.1.6") + \
        struct.pack(">HHH", 138, len(names) + len(smb), 0) + names + smb
    return udp(WINDOWS, ALL, "10.20.1.6", 138, "10.20.255.255", 138, body,
               ttl=128, ident=0x200)


def dhcp_request():
    body = struct.pack(">BBBBIHH", 1, 1, 6, 0, 0x3903f326, 0, 0) + bytes(16) + \
        mac(WINDOWS) + bytes(10 + 192) + bytes.fromhex("63825363")
    body += b"\x35\x01\x03" + b"\x32\x04" + ip("10.20.1.6") + \
        b"\x0c\x08MAGNETOM" + b"\x3c\x08MSFT 5.0" + b"\x37\x03\x01\x03\x06" + \
        b"\xff"
    return udp(WINDOWS, ALL, "0.0.0.0", 68, "255.255.255.255", 67, body,
               ttl=128, ident=0x300)


def dns_name(text):
    return b"".join(bytes([len(p)]) + p.encode()
                    for p in text.split(".")) + b"\0"


def mdns():
    service = dns_name("_dicom._tcp.local")
    body = struct.pack(">HHHHHH", 0, 0x8400, 0, 3, 0, 0)
    at = len(body)
    body += service + struct.pack(">HHIH", 12, 1, 4500, 10) + \
        b"\x07viewer1" + struct.pack(">H", 0xc000 | at)
    body += b"\x07viewer1" + struct.pack(">H", 0xc000 | at) + \
        struct.pack(">HHIH", 33, 0x8001, 120, 6 + 9) + \
        struct.pack(">HHH", 0, 0, 11112) + b"\x06osirix" + \
        struct.pack(">H", 0xc000 | at + 12)
    body += b"\x06osirix" + struct.pack(">H", 0xc000 | at + 12) + \
        struct.pack(">HHIH", 1, 0x8001, 120, 4) + ip("10.20.1.7")
    return udp(PHONE, "01:00:5e:00:00:fb", "10.20.1.7", 5353, "224.0.0.251",
               5353, body, ttl=255, ident=9)


def ssdp():
    body = (b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
            b"CACHE-CONTROL: max-age=1800\r\nNT: upnp:rootdevice\r\n"
            b"NTS: ssdp:alive\r\nSERVER: Linux/2.6 UPnP/1.0 PacsBox/1.3\r\n"
            b"USN: uuid:1\r\n\r\n")
    return udp(MEDIA, "01:00:5e:7f:ff:fa", "10.20.1.8", 1900,
               "239.255.255.250", 1900, body, ttl=4, ident=10)


def intellivue():
    return udp(MONITOR, ALL, "10.20.1.9", 24005, "10.20.255.255", 24005,
               bytes.fromhex("0000010000000200") + bytes(180), ident=11)


def carescape():
    body = bytearray(64)
    body[6:10] = ip("10.20.1.10")
    body[24:37] = b"ICU1|BED4\0\0\0\0"
    body[60:64] = struct.pack(">I", 3029529600)
    yield udp(CARESCAPE, ALL, "10.20.1.10", 2000, "10.20.255.255", 2000,
              bytes(body), ident=12)
    yield udp(CARESCAPE, ALL, "10.20.1.10", 7000, "10.20.255.255", 7000,
              bytes(96), ident=13)


def hl7():
    words = (b"\x0bMSH|^~\\&|RIS_ONE|CENTRAL HOSPITAL|PACS|RAD|"
             b"19960101120000||ORM^O01|1|P|2.2\r"
             b"PID|||000000||DOE^JOHN\r\x1c\x0d")
    us, them = "10.20.1.11", "10.20.1.12"
    yield tcp(SENDER, SUN, us, 1055, them, 2575, 1000, 0, 2, 4096,
              b"\x02\x04\x05\xb4", ttl=60, ident=20)
    yield tcp(SUN, SENDER, them, 2575, us, 1055, 5000, 1001, 0x12, 8760,
              b"\x02\x04\x05\xb4", ttl=255, ident=21, df=True)
    yield tcp(SENDER, SUN, us, 1055, them, 2575, 1001, 5001, 0x10, 4096,
              ttl=60, ident=22)
    yield tcp(SENDER, SUN, us, 1055, them, 2575, 1001, 5001, 0x18, 4096,
              body=words, ttl=60, ident=23)


def frames():
    for n in range(3):
        yield beacon(n)
    yield decnet_hello()
    for _ in range(12):
        yield lat_service()
    yield mop_system_id()
    yield mop_load_request()
    yield lat_solicit()
    yield from netware()
    yield from appletalk()
    yield netbeui()
    yield xns()
    yield spanning_tree()
    yield cdp()
    yield lldp()
    yield rarp()
    yield rwho()
    yield rip()
    yield netbios_registration()
    yield browser_announcement()
    yield dhcp_request()
    yield mdns()
    yield ssdp()
    yield intellivue()
    yield from carescape()
    yield arp(SENDER, "10.20.1.11", "10.20.1.12")
    yield arp("08:00:69:0f:0e:0d", "10.20.1.13", "10.20.1.13")  # gratuitous
    yield from hl7()


def write(path):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for i, frame in enumerate(frames()):
            out.write(struct.pack("<IIII", 820454400 + 2 * i, 0, len(frame),
                                  len(frame)) + frame)


def play(interface):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as s:
        s.bind((interface, 0))
        for frame in frames():
            s.send(frame)
            time.sleep(0.002)


if __name__ == "__main__":
    {"write": write, "play": play}[sys.argv[1]](sys.argv[2])
