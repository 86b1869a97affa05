"""Tests of scripts/setup-cargo-tool: the ways to a tool, with a local server in place of the release host."""

import hashlib
import http.server
import io
import os
import platform
import shutil
import socket
import subprocess
import tarfile
import tempfile
import threading
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).parent.parent
PLATFORM = f"{platform.system()}-{platform.machine()}"

# Stand-in for cargo: notes its call, and installs a program of the wanted version.
CARGO = """#!/bin/sh
echo "$@" >>"$HOME/cargo-calls"
while [ "$1" != --root ]; do shift; done
printf '#!/bin/sh\\necho tool 1.2.3\\n' >"$2/bin/tool"
chmod +x "$2/bin/tool"
"""

BINSTALL = """#!/bin/sh
echo "$@" >>"$HOME/binstall-calls"
"""


def archive(text):
    """Returns a release's archive with the program `tool`, in a folder as such archives have it."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        entry = tarfile.TarInfo("tool-1.2.3/tool")
        entry.size, entry.mode = len(text), 0o755
        tar.addfile(entry, io.BytesIO(text.encode()))
    return packed.getvalue()


RIGHT = archive("#!/bin/sh\necho tool 1.2.3\n")


class SetupCargoTool(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "path"
        shutil.copytree(ROOT / "scripts", self.folder / "scripts")
        shutil.copy(ROOT / "Cargo.lock", self.folder)
        self.write("path/cargo", CARGO)
        self.releases("nobody.test", RIGHT)
        self.host = "http://127.0.0.1:9"

    def write(self, name, text):
        """Writes a script."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def releases(self, file, content, platform=PLATFORM):
        """Sets the table of releases to one line: the tool, with the checksum of a content."""
        line = f"tool 1.2.3 {platform} {file} {hashlib.sha256(content).hexdigest()}\n"
        (self.folder / "scripts/releases").write_text(line)

    def serve(self, content):
        """Starts a release host that has one file."""

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path == "/a/tool.tar.gz" else 404)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(lambda: (server.shutdown(), server.server_close()))
        self.host = f"http://127.0.0.1:{server.server_port}"

    def set_up(self, *arguments):
        """Runs the script. Returns its status and messages."""
        bare = f"{self.path}:/usr/bin:/bin"
        environment = {"PATH": bare, "HOME": str(self.folder), "WS_ECHO_TOOLS": str(self.folder / "tools")}
        command = [self.folder / "scripts/setup-cargo-tool", *arguments, "tool", "1.2.3"]
        done = subprocess.run(
            command, env=environment | {"WS_ECHO_RELEASES": self.host}, capture_output=True, text=True, timeout=60
        )
        return done.returncode, done.stderr

    def assert_works(self, said):
        """Sets the tool up, and expects a part of the messages, and that the tool runs."""
        status, messages = self.set_up()
        self.assertEqual(status, 0, messages)
        self.assertIn(said, messages)
        self.assertNotIn("error", messages)
        tool = self.folder / "tools/tool-1.2.3/bin/tool"
        self.assertEqual(subprocess.check_output(tool, text=True), "tool 1.2.3\n")
        # The next time nothing is to be done.
        self.assertEqual(self.set_up(), (0, ""))

    def built(self):
        """True if cargo was called."""
        return (self.folder / "cargo-calls").exists()

    def test_release(self):
        self.serve(RIGHT)
        self.releases("a/tool.tar.gz", RIGHT)
        self.assert_works("tool 1.2.3: its release")
        self.assertFalse(self.built())

    def test_wrong_checksum(self):
        self.serve(archive("#!/bin/sh\necho tool 1.2.3\ntouch $HOME/harm\n"))
        self.releases("a/tool.tar.gz", RIGHT)
        self.assert_works("another checksum")
        self.assertTrue(self.built())
        self.assertFalse((self.folder / "harm").exists())

    def test_release_that_does_not_run_here(self):
        wrong = archive("#!/nowhere\n")
        self.serve(wrong)
        self.releases("a/tool.tar.gz", wrong)
        self.assert_works("from source")
        self.assertTrue(self.built())

    def test_missing_file(self):
        self.serve(RIGHT)
        self.releases("b/tool.tar.gz", RIGHT)
        self.assert_works("cannot be fetched")
        self.assertTrue(self.built())

    def test_silent_host(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        self.host = f"http://127.0.0.1:{listener.getsockname()[1]}"
        begin = time.monotonic()
        self.assert_works("cannot be fetched")
        self.assertLess(time.monotonic() - begin, 15)
        self.assertTrue(self.built())

    def test_no_host(self):
        self.assert_works("cannot be fetched")
        self.assertTrue(self.built())

    def test_no_release_for_this_platform(self):
        self.releases("a/tool.tar.gz", RIGHT, "Plan9-mips")
        self.assert_works("from source")
        self.assertTrue(self.built())

    def test_path(self):
        self.write("path/tool", "#!/bin/sh\necho tool 1.2.3\n")
        self.assert_works(f"tool 1.2.3: {self.path}/tool")
        self.assertFalse(self.built())
        # An upgrade there does not change the pinned version here.
        self.write("path/tool", "#!/bin/sh\necho tool 1.3.0\n")
        self.assert_works("from source")

    def test_binstall(self):
        self.write("path/cargo-binstall", BINSTALL)
        installed = self.folder / "tools/tool-1.2.3/bin/tool"
        with open(self.path / "cargo-binstall", "a") as script:
            script.write(f"printf '#!/bin/sh\\necho tool 1.2.3\\n' >{installed} && chmod +x {installed}\n")
        # The stand-in for `cargo binstall`.
        self.write("path/cargo", '#!/bin/sh\nshift\nexec cargo-binstall "$@"\n')
        self.assert_works("by cargo binstall")
        self.assertIn("tool@1.2.3", (self.folder / "binstall-calls").read_text())

    def test_without_source(self):
        self.assertEqual(self.set_up("--no-source")[0], 3)
        self.assertFalse(self.built())
        self.write("path/tool", "#!/bin/sh\necho tool 1.2.3\n")
        self.assertEqual(self.set_up("--no-source")[0], 0)


if __name__ == "__main__":
    unittest.main()
