"""A node under test: its folder, its settings, its processes. Every process that was started here is ended by its id."""
import atexit
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

SETTINGS = {
    "node": {},
    "http": {"threads": "2"},
    "metrics": {},
    "database": {"map_bytes": "256 MiB", "max_bytes": "1 GiB"},
    "federation": {"key_fetches_per_minute": "100000"},
    "queue": {"retry_first": "200 ms", "retry_max": "1 s"},
    "log": {"level": "info"},
    "test": {"plain_http": "yes", "literal_hosts": "yes", "allow_addresses": "127.0.0.0/8"},
}
COMMAND_SECONDS = 60
KEEP = "--keep" in sys.argv

_processes = set()
_ports = set()
_lock = threading.Lock()


class Trouble(Exception):
    """What a test found that must not be."""


def free_port():
    """A port that nobody has now, and that is not handed out again."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with _lock:
            if port not in _ports:
                _ports.add(port)
                return port


def wait_for(what, seconds, test, pause=0.02):
    """Waits until test() is true, and returns what it was; fails loudly when it never is."""
    end = time.monotonic() + seconds
    while True:
        found = test()
        if found:
            return found
        if time.monotonic() > end:
            raise Trouble(f"{what}: not within {seconds} s")
        time.sleep(pause)


class Running:
    """A process, perhaps under strace; then the node is strace's child."""

    def __init__(self, command, env, log, traced):
        self.traced = traced
        self.popen = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        with _lock:
            _processes.add(self)

    def pid(self):
        """Of the node itself; None while there is none."""
        if not self.traced:
            return self.popen.pid
        try:
            with open(f"/proc/{self.popen.pid}/task/{self.popen.pid}/children") as file:
                children = file.read().split()
        except OSError:
            return None
        return int(children[0]) if children else None

    def alive(self):
        return self.popen.poll() is None

    def signal(self, number):
        pid = self.pid()
        if pid is None or not self.alive():
            return
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass

    def wait(self, seconds):
        """The exit status, negative for a signal."""
        try:
            status = self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.end()
            raise Trouble(f"the node has not ended within {seconds} s")
        with _lock:
            _processes.discard(self)
        return status

    def end(self):
        """Whatever state it is in."""
        self.signal(signal.SIGKILL)
        try:
            self.popen.wait(2)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        with _lock:
            _processes.discard(self)


@atexit.register
def end_all():
    for running in list(_processes):
        running.end()


class Node:
    def __init__(self, program, folder, settings=None, data=None):
        self.program = program
        self.folder = folder
        self.data = data or os.path.join(folder, "data")
        self.config = os.path.join(folder, "fediflow.conf")
        self.log = os.path.join(folder, "log")
        self.port = free_port()
        self.metrics_port = free_port()
        self.authority = f"127.0.0.1:{self.port}"
        self.base = f"http://{self.authority}"
        self.settings = {section: dict(rows) for section, rows in SETTINGS.items()}
        self.env = dict(os.environ)
        self.running = None
        for section, rows in (settings or {}).items():
            self.settings.setdefault(section, {}).update(rows)
        os.makedirs(folder, exist_ok=True)
        self.write_config()

    # -- settings and commands --

    def write_config(self):
        self.settings["node"].update(domain=self.authority, data_dir=self.data)
        self.settings["http"]["listen"] = f"127.0.0.1:{self.port}"
        self.settings["metrics"]["listen"] = f"127.0.0.1:{self.metrics_port}"
        with open(self.config, "w") as file:
            for section, rows in self.settings.items():
                file.write(f"[{section}]\n" + "".join(f"{name} = {value}\n" for name, value in rows.items()))

    def run(self, *words, before=(), env=None):
        """A command: (exit status, what it printed)."""
        command = [*before, self.program, *words, "--config", self.config, "--json"]
        with open(self.log, "ab") as log:
            done = subprocess.run(command, env=env or self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=log, timeout=COMMAND_SECONDS)
        return done.returncode, done.stdout.decode()

    def command(self, *words):
        """A command that must succeed; what it printed, decoded."""
        status, out = self.run(*words)
        if status != 0:
            raise Trouble(f"fediflow {' '.join(words)} ended with {status}\n{self.tail()}")
        try:
            return json.loads(out) if out.strip() else None
        except ValueError:
            raise Trouble(f"fediflow {' '.join(words)} printed no JSON: {out[:200]}")

    def init(self, *people):
        self.command("init")
        for name in people:
            self.command("account", "create", name)

    def post(self, author, text, *options):
        """The new post's address, or None when it was not acknowledged."""
        status, out = self.run("post", author, text, *options)
        return json.loads(out)["uri"] if status == 0 else None

    def check(self):
        """The integrity check must be clean."""
        status, out = self.run("check")
        if status != 0:
            raise Trouble(f"fediflow check ended with {status}: {out[-1500:]}\n{self.tail()}")

    # -- serving --

    def start(self, before=(), ready=True, env=None):
        command = [*before, self.program, "serve", "--config", self.config]
        with open(self.log, "ab") as log:
            self.running = Running(command, env or self.env, log, bool(before))
        if ready:
            self.wait_ready()
        return self.running

    def wait_ready(self, seconds=20):
        def answers():
            if not self.running.alive():
                raise Trouble(f"the node ended with {self.running.popen.returncode} at its start\n{self.tail()}")
            return self.get("/.well-known/nodeinfo")[0] == 200

        wait_for("the node answers", seconds, answers)

    def stop(self, seconds=20):
        """An orderly end."""
        self.running.signal(signal.SIGTERM)
        status = self.running.wait(seconds)
        if status != 0:
            raise Trouble(f"after SIGTERM the node ended with {status}\n{self.tail()}")

    def kill(self):
        self.running.signal(signal.SIGKILL)
        self.running.wait(10)

    def get(self, path, port=None, accept="application/activity+json"):
        """(status, headers, body); status 0 when nothing answers. Never raises."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Accept": accept, "Host": self.authority})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, {}, b""
        finally:
            connection.close()

    def document(self, path):
        """A document that must be there."""
        path = path.removeprefix(self.base)
        status, _, body = self.get(path)
        if status != 200:
            raise Trouble(f"GET {path} answered {status}\n{self.tail()}")
        return json.loads(body)

    def tail(self, lines=12):
        """The end of the log."""
        try:
            with open(self.log, errors="replace") as file:
                return "".join(file.readlines()[-lines:])
        except OSError:
            return ""

    def log_has(self, word):
        with open(self.log, errors="replace") as file:
            return word in file.read()

    def remove(self):
        if self.running is not None and self.running.alive():
            self.running.end()
        if not KEEP:
            shutil.rmtree(self.folder, ignore_errors=True)


def strace(inject, log="/dev/null"):
    """The words that put a command under strace with one fault; "?" lets syscalls be that this machine has not."""
    name = inject.split(":")[0]
    return ["strace", "-f", "-qq", "-o", log, "-e", f"trace=?{name}", "-e", f"inject=?{inject}"]
