"""What the cases of cli.py share: running the program, waiting, nodes on loopback."""
import json
import os
import signal
import socket
import stat
import subprocess
import time
import urllib.error
import urllib.request

PATIENCE = 30  # seconds until something must have happened
SETTINGS = """[node]
domain = 127.0.0.1:{port}
title = "Node {name}"
data_dir = data
[http]
listen = 127.0.0.1:{port}
[metrics]
listen = 127.0.0.1:{watch}
[database]
map_bytes = 64 MiB
max_bytes = 1 GiB
[log]
level = info
[test]
plain_http = yes
literal_hosts = yes
allow_addresses = 127.0.0.0/8
"""


class Failure(Exception):
    """What was expected did not happen."""


def expect(condition, *what):
    if not condition:
        raise Failure(" ".join(str(part) for part in what))


def until(look, what):
    """Calls look() until it returns something true, and returns that."""
    end = time.monotonic() + PATIENCE
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise Failure(f"{what} did not happen")
        time.sleep(0.03)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def get(url, accept="*/*"):
    """(status, body) of a GET; (0, "") when nobody answers."""
    request = urllib.request.Request(url, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


class Program:
    """The program with a settings file."""

    def __init__(self, path, config=None):
        self.path, self.config = path, config

    def raw(self, *words, text=None, config=True, cwd=None):
        """Runs a command; returns what subprocess.run() does."""
        extra = ["--config", self.config] if config and self.config else []
        return subprocess.run([self.path, *map(str, words), *extra], capture_output=True, text=True, input=text or "",
                              timeout=120, cwd=cwd)

    def __call__(self, *words, text=None, code=0, **more):
        """Runs a command with --json that must end with code; returns its JSON (of the failure when code is not 0)."""
        run = self.raw(*words, "--json", text=text, **more)
        expect(run.returncode == code, words, "ended with", run.returncode, "instead of", code, run.stdout, run.stderr)
        said = run.stdout if code == 0 or run.stdout else run.stderr
        try:
            return json.loads(said)
        except ValueError:
            raise Failure(f"{words} did not print JSON: {said[:300]!r}") from None


class Node(Program):
    def __init__(self, path, folder, name):
        self.port, self.watch = free_ports(2)
        self.name, self.folder = name, os.path.join(folder, name)
        os.mkdir(self.folder)
        super().__init__(path, os.path.join(self.folder, "fediflow.conf"))
        self.write(SETTINGS.format(port=self.port, watch=self.watch, name=name))
        self.host = f"127.0.0.1:{self.port}"
        self.base = f"http://{self.host}"
        self.process = None
        self.log = os.path.join(self.folder, "log")

    def write(self, text):
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text)

    def logged(self, event):
        with open(self.log, encoding="utf-8") as file:
            return [line for line in file if f"event={event} " in line]

    def start(self, **environment):
        with open(self.log, "a", encoding="utf-8") as log:
            starts = len(self.logged("node_started"))
            self.process = subprocess.Popen([self.path, "serve", "--config", self.config], stderr=log,
                                            env={**os.environ, **environment})
        until(lambda: self.process.poll() is not None or len(self.logged("node_started")) > starts, "the start")
        expect(self.process.poll() is None, "the node ended at its start:", open(self.log, encoding="utf-8").read()[-600:])

    def stop(self, with_signal=signal.SIGTERM):
        if self.process is None:
            return 0
        self.process.send_signal(with_signal)
        try:
            return self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Failure("the node did not stop") from None
        finally:
            self.process = None

    def handle(self, name):
        return f"{name}@{self.host}"


class Stage:
    """What all cases share: two nodes that run, with people."""

    def __init__(self, path, folder):
        self.path, self.folder = path, folder
        self.a, self.b = Node(path, folder, "a"), Node(path, folder, "b")

    def close(self):
        for node in (self.a, self.b):
            if node.process is not None:
                node.process.kill()
                node.process.wait()


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)
