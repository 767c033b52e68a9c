#!/usr/bin/env bash
# GNU screen 4.9.0 (Debian 12's package 4.9.0-4), pyte 0.8.2 to read the screen. Needs python3 with venv, apt-get and dpkg.
#
# Programs copy to the clipboard over ssh with OSC 52: ESC ] 52 ; c ; BASE64 BEL. GNU screen keeps at most 768 bytes of such a
# sequence and prints the rest as text. So what is copied from a record list stands in the middle of the record list.
# Output seen:
#
#     copying 500 bytes: 0 characters of Base64 on the screen
#     copying 600 bytes: 37 characters of Base64 on the screen
#     copying 3000 bytes: 1877 characters of Base64 on the screen (the rest has scrolled away)
#
# So inside screen send the sequence in pieces, each within a DCS of its own: ESC P … ESC \ passes through.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ python3 -m venv venv && venv/bin/pip install --quiet pyte==0.8.2; } || exit 2
{ apt-get download screen=4.9.0-4 2>/dev/null && dpkg -x screen_*.deb package; } || exit 2
mkdir -m 700 sockets
printf 'deflogin off\nstartup_message off\n' >screenrc

cat >see.py <<'PYTHON'
import base64, fcntl, os, pty, select, signal, struct, sys, termios, time
import pyte

def shown_after_copying(length):
    """How many characters of the Base64 are on the screen."""
    text = base64.b64encode(b"x" * length).decode()
    with open("copy.sh", "w") as script:
        script.write(f"printf '\\033]52;c;%s\\007END' {text}\nsleep 60\n")
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", SCREENDIR=os.path.abspath("sockets"))
        os.execv("package/usr/bin/screen", ["screen", "-c", "screenrc", "/bin/sh", "copy.sh"])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    screen = pyte.Screen(80, 24)
    stream = pyte.ByteStream(screen)
    until = time.monotonic() + 20
    while "END" not in "".join(screen.display) and time.monotonic() < until:
        if select.select([terminal], [], [], 0.1)[0]:
            stream.feed(os.read(terminal, 65536))
    shown = "".join("".join(screen.display).split())
    os.kill(child, signal.SIGKILL)
    os.close(terminal)
    if not shown.endswith("END"):
        sys.exit(f"the text was not shown: {shown[:200]}")
    return len(shown) - len("END")

seen = {length: shown_after_copying(length) for length in (500, 600, 3000)}
for length, count in seen.items():
    print(f"copying {length} bytes: {count} characters of Base64 on the screen")
sys.exit(not (seen[500] == 0 and seen[600] == 5 + 800 - 768 and seen[3000] > 1000))
PYTHON
venv/bin/python see.py
