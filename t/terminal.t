#!/usr/bin/python3
# SPDX-License-Identifier: ISC
# terminal: what is told on a terminal of some width, in colour and without,
# and in a pipe. A pseudo-terminal plays the terminal.
import fcntl, os, pty, re, struct, subprocess, sys, termios

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
gantry = os.path.join(os.environ.get("B", "build"), "gantry")
if not os.path.exists(gantry):
    print("1..0 # SKIP gantry is not built")
    sys.exit()
command = [gantry, "replay", "--fingerprints", "fingerprints/devices",
    "t/data/origin-datagrams.pcap"]
n = 0


def ok(good, what, why=""):
    global n
    n += 1
    print("%s %d - %s" % ("ok" if good else "not ok", n, what))
    if not good:
        print("# " + str(why).replace("\n", "\n# "))


def on_terminal(columns, arguments=(), **environment):
    """What the command writes to a terminal so wide: (stdout, stderr)."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ,
        struct.pack("HHHH", 24, columns, 0, 0))
    env = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    env.update({"TERM": "xterm", **environment})
    p = subprocess.Popen(command + list(arguments), stdout=slave,
        stderr=subprocess.PIPE, env=env)
    os.close(slave)
    out = b""
    while True:
        try:
            got = os.read(master, 65536)
        except OSError:
            break
        if not got:
            break
        out += got
    os.close(master)
    error = p.stderr.read()
    p.wait()
    return out.decode().replace("\r\n", "\n"), error.decode()


def plain(text):
    # How long it took is another thing each time.
    text = re.sub(r"after [0-9.]+ s", "after 0 s", text)
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


for columns in 50, 60, 80, 132:
    text, _ = on_terminal(columns)
    widest = max(map(len, plain(text).split("\n")))
    ok(widest <= columns and "128.231.213.4" in text,
        "no line is wider than %d columns" % columns, text)
coloured, _ = on_terminal(100)
ok("\x1b[1;32mconfirmed\x1b[0m" in coloured, "colour on a terminal", coloured)
ok("confirmed" in plain(coloured) and
    "\x1b" not in on_terminal(100, NO_COLOR="1")[0] and
    plain(coloured) == plain(on_terminal(100, NO_COLOR="1")[0]),
    "NO_COLOR takes the colour and not one word")
ok("\x1b" in on_terminal(100, NO_COLOR="")[0], "an empty NO_COLOR is none")
ok("\x1b" not in on_terminal(100, TERM="dumb")[0],
    "a dumb terminal gets none")
wide = subprocess.run(command, stdout=subprocess.PIPE).stdout.decode()
ok("\x1b" not in wide and "GE AdvantageNet station" in wide,
    "in a pipe there is no colour, and nothing is cut", wide)
text, error = on_terminal(100, ["-q"])
ok(text == "" and error == "", "-q is silent", (text, error))
r = subprocess.run(command + ["-q", "/nowhere.pcap"], capture_output=True)
ok(r.returncode == 2 and r.stdout == b"" and
    r.stderr.count(b"\n") == 1, "but for errors", r)
for option in "--json", "--csv", "--nmap-xml", "--prometheus":
    r = subprocess.run(command + [option, "-"], capture_output=True)
    ok(r.returncode == 0 and b"replay of" not in r.stdout and
        len(r.stdout) > 100, "%s - has standard output for itself" % option,
        r)
r = subprocess.run(command + ["--json", "-", "--csv", "-"],
    capture_output=True)
ok(r.returncode == 2 and r.stdout == b"", "two of them have not", r)
r = subprocess.run(command + ["-oX", "-"], capture_output=True)
ok(b"<nmaprun" in r.stdout, "-oX FILE is nmap's habit", r)
r = subprocess.run(command + ["-oN", "x"], capture_output=True)
ok(r.returncode == 2 and b"-oX FILE" in r.stderr and
    not os.path.exists("N"), "-oN is told what there is instead", r)
print("1..%d" % n)
