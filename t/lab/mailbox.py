# SPDX-License-Identifier: ISC
"""mailbox DIR PORT CERT KEY JOURNAL SYSLOG: a mail server over TLS that takes
one mail at a time from user gantry, and writes envelope and text into DIR/mail.
Beside it, every datagram to the socket JOURNAL goes into DIR/journal, and to
SYSLOG into DIR/syslog. DIR/ready is there when all listen."""
import base64
import os
import socket
import ssl
import sys
import threading

directory, port = sys.argv[1], int(sys.argv[2])
password = open(os.path.join(directory, "secret")).read().strip()


def take_datagrams(s, name):
    while True:
        data = s.recv(65536)
        with open(os.path.join(directory, name), "ab") as f:
            f.write(data + b"\n")


def listen(path, name):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.bind(path)
    open(os.path.join(directory, name), "w").close()
    threading.Thread(target=take_datagrams, daemon=True,
                     args=(s, name)).start()


def serve(f):
    out = []

    def say(line):
        f.write(line.encode() + b"\r\n")
        f.flush()

    say("220 mailbox ESMTP")
    allowed = False
    while True:
        line = f.readline().decode().rstrip("\r\n")
        word = line.split(" ")[0].upper()
        if word == "EHLO":
            f.write(b"250-mailbox\r\n250 AUTH PLAIN\r\n")
            f.flush()
        elif word == "AUTH":
            parts = line.split(" ")
            if len(parts) < 3:
                say("334 ")
                parts.append(f.readline().decode().strip())
            allowed = base64.b64decode(parts[2]) == \
                b"\0gantry\0" + password.encode()
            say("235 welcome" if allowed else "535 no")
        elif word in ("MAIL", "RCPT"):
            out.append(line)
            say("250 fine" if allowed else "530 who are you?")
        elif word == "DATA":
            say("354 go on")
            while True:
                line = f.readline().decode().rstrip("\r\n")
                if line == ".":
                    break
                out.append(line)
            with open(os.path.join(directory, "mail"), "a") as box:
                box.write("\n".join(out) + "\n--end--\n")
            out = []
            say("250 kept")
        elif word == "QUIT" or not line:
            say("221 bye")
            return
        else:
            say("502 not here")


listen(sys.argv[5], "journal")
listen(sys.argv[6], "syslog")
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[3], sys.argv[4])
listening = socket.create_server(("127.0.0.1", port))
open(os.path.join(directory, "ready"), "w").close()
while True:
    peer, _ = listening.accept()
    try:
        with context.wrap_socket(peer, server_side=True) as tls:
            serve(tls.makefile("rwb"))
    except OSError:
        pass
