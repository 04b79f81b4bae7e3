"""What all parts of the benchmark stand on: its sizes, the programs that it starts, nodes, figures."""
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request

MIB = 1 << 20
TICK = os.sysconf("SC_CLK_TCK")
ACTIVITY = "application/activity+json"
# a moment is quiet when others use no more than this share of the machine for so long
QUIET_SHARE = 0.15
QUIET_S = 0.2


class Sizes:
    """How much of everything; --quick is for seeing that all of it still works."""

    def __init__(self, quick):
        self.rounds = 1 if quick else 5
        self.actors, self.actor_hosts, self.people = (8, 4, 50) if quick else (200, 50, 1000)
        self.posts = 1000 if quick else 8000
        self.peer_hosts, self.inboxes = (20, 80) if quick else (500, 2000)
        self.outbound_rounds = 1 if quick else 5
        self.dead_rounds = 1 if quick else 3
        self.sign_ms = 200 if quick else 500
        self.reads = 2000 if quick else 50000
        self.accounts, self.statuses = (1000, 10000) if quick else (100000, 1000000)
        self.starts = 1 if quick else 5
        self.likes, self.boosts, self.replies = (600, 200, 100) if quick else (50000, 20000, 5000)
        self.viral_hosts = 30 if quick else 3000
        self.people_here = 500 if quick else 10000
        self.client_rounds, self.client_requests = (1, 320) if quick else (3, 20000)
        self.streams, self.live_posts = (200, 3) if quick else (10000, 50)
        self.members, self.member_hosts, self.people_in = (400, 20, 4) if quick else (100000, 5000, 32)
        self.threads, self.comments = (40, 10) if quick else (1000, 200)
        self.thread_votes, self.sent_votes = (400, 100) if quick else (200000, 20000)
        self.pages = 320 if quick else 10000
        self.votes = 60 if quick else 4000
        self.community_rounds, self.told_rounds = (1, 1) if quick else (3, 2)
        self.told_posts = 4
        self.patience_s = 0


class Bench:
    """The run: where the programs are, what was started, what was found."""

    def __init__(self, fediflow, sizes, folder):
        self.fediflow = fediflow
        self.tools = fediflow.parent / "federation-tests" / "bench"
        self.sizes = sizes
        self.folder = folder
        self.running = []
        self.rows = []
        self.patience = sizes.patience_s
        self.disturbed = 0

    def start(self, command, **options):
        process = subprocess.Popen([str(c) for c in command], **options)
        self.running.append(process)
        return process

    def stop(self, process):
        """Ends one of our processes, by its id."""
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(25)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        self.running.remove(process)

    def stop_all(self):
        for process in list(self.running):
            self.stop(process)

    def tool(self, name, *arguments):
        """Runs a program of the benchmark that answers with one line of JSON."""
        command = [str(self.tools / name), *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise SystemExit(f"bench: {' '.join(command)} failed")
        return json.loads(done.stdout)

    def quiet(self):
        """Waits for a moment in which nobody else works; gives up when there are few of them."""
        while self.patience > 0:
            busy = busy_share(QUIET_S)
            self.patience -= QUIET_S
            if busy < QUIET_SHARE:
                return
        self.disturbed += 1

    def free_port(self):
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(("127.0.0.1", 0))
            return s.getsockname()[1]

    def row(self, part, name, unit, value, ceiling=None, aim=None, extra=None):
        """Adds one line to the table. value and ceiling are lists with one figure per round."""
        row = {"part": part, "name": name, "unit": unit, "value": spread(value)}
        if ceiling is not None:
            row["ceiling"] = spread(ceiling)
            row["ratio"] = spread([v / c for v, c in zip(value, ceiling)])
        if aim is not None:
            row["aim"] = aim[1]
            row["aim_for"] = "ratio" if ceiling is not None else "value"
            measured = row[row["aim_for"]]["median"]
            row["reached"] = measured >= aim[1] if aim[0] == ">=" else measured <= aim[1]
            row["aim_is"] = "at least" if aim[0] == ">=" else "at most"
        row.update(extra or {})
        self.rows.append(row)
        print(line_of(row), flush=True)


def spread(values):
    return {"min": round(min(values), 4), "median": round(statistics.median(values), 4),
            "max": round(max(values), 4)}


def number(x):
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def line_of(row):
    value = row["value"]
    text = f"{row['part']:2} {row['name']:58} {number(value['median']):>9} {row['unit']:9}"
    text += f" [{number(value['min'])} .. {number(value['max'])}]".ljust(22)
    if "ceiling" in row:
        ratio = row["ratio"]
        text += f" of {number(row['ceiling']['median']):>8} = {ratio['median'] * 100:3.0f} %"
        text += f" [{ratio['min'] * 100:.0f} .. {ratio['max'] * 100:.0f}]"
    if "aim" in row:
        aim = f"{row['aim'] * 100:.0f} %" if row["aim_for"] == "ratio" else f"{row['aim']:,g}"
        text += f"  aim {row['aim_is']} {aim}: {'reached' if row['reached'] else 'MISSED'}"
    return text


def busy_share(seconds):
    """How much of the machine was in use just now."""
    def read():
        fields = [int(x) for x in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
        return fields[3] + fields[4], sum(fields[:8])
    idle, total = read()
    time.sleep(seconds)
    idle_then, total_then = read()
    return 1 - (idle_then - idle) / max(1, total_then - total)


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_mib(process):
    found = {}
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name in ("VmRSS", "RssAnon", "RssFile"):
            found[name] = int(rest.split()[0]) / 1024
    return found


class Node:
    """A node of its own, in a folder of its own."""

    def __init__(self, bench, name, more=""):
        self.bench = bench
        self.folder = bench.folder / name
        self.folder.mkdir()
        self.port = bench.free_port()
        self.health_port = bench.free_port()
        self.host = f"127.0.0.1:{self.port}"
        self.ca_file = bench.folder / "ca.pem"
        self.ca_file.touch()
        self.process = None
        (self.folder / "fediflow.conf").write_text(
            f'[node]\ndomain = "{self.host}"\ndata_dir = "{self.folder}/data"\n'
            f'[http]\nlisten = "{self.host}"\n'
            f'[metrics]\nlisten = "127.0.0.1:{self.health_port}"\n'
            f'[fetch]\nca_file = "{self.ca_file}"\n'
            f'[log]\nlevel = "warn"\n'
            f'[test]\nplain_http = yes\nliteral_hosts = yes\nallow_addresses = "127.0.0.0/8"\n{more}')
        self.command("init")
        self.db = self.folder / "data" / "db"

    def command(self, *words):
        done = subprocess.run([str(self.bench.fediflow), *words], cwd=self.folder,
                              stdout=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise SystemExit(f"bench: fediflow {' '.join(words)} failed")
        return done.stdout.decode()

    def start(self):
        """Starts it; returns after how many ms it was healthy."""
        begun = time.monotonic()
        with (self.folder / "log").open("ab") as log:
            self.process = self.bench.start([self.bench.fediflow, "serve"], cwd=self.folder,
                                            stderr=log)
        while not self.is_healthy():
            if self.process.poll() is not None or time.monotonic() - begun > 30:
                sys.stderr.write((self.folder / "log").read_text()[-2000:])
                raise SystemExit("bench: the node does not start")
            time.sleep(0.002)
        return (time.monotonic() - begun) * 1000

    def is_healthy(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health_port}/health", timeout=5):
                return True
        except (OSError, urllib.error.URLError):
            return False

    def metrics(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.health_port}/metrics") as answer:
            lines = answer.read().decode().splitlines()
        return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1])
                for line in lines if not line.startswith("#")}

    def stop(self):
        self.bench.stop(self.process)
        self.process = None

    def remove(self):
        shutil.rmtree(self.folder)


def ready(process):
    if process.stdout.readline().strip() != b"ready":
        raise SystemExit("bench: a program of the benchmark does not start")
    return process


class Sink:
    """The peers."""

    def __init__(self, bench, node, port, *more, hosts=None):
        self.bench = bench
        self.process = ready(bench.start(
            [bench.tools / "bench-sink", "--port", port, "--hosts", hosts or bench.sizes.peer_hosts,
             "--ca", node.ca_file, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE))

    def tell(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def take(self, node, count):
        """Posts, and waits until count inboxes were served."""
        self.tell("reset")
        cpu, begun = cpu_seconds(node.process), time.monotonic_ns()
        node.command("post", "author", "The reading room opens on Monday.")
        found = self.tell(f"wait {count} 120000")
        if found["distinct"] != count or found["requests"] != count:
            raise SystemExit(f"bench: {found} instead of {count} deliveries")
        found["rate"] = (count - 1) * 1e9 / (found["last_ns"] - found["first_ns"])
        found["seconds"] = (found["last_ns"] - found["first_ns"]) / 1e9
        found["first_ms"] = (found["first_ns"] - begun) / 1e6
        found["cpu_us"] = (cpu_seconds(node.process) - cpu) * 1e6 / count
        return found

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.bench.stop(self.process)


def settled(node):
    """Waits until the queue has nothing in hand."""
    until = time.monotonic() + 20
    while node.metrics()["fediflow_queue_rows"] > 1 and time.monotonic() < until:
        time.sleep(0.02)


def load(bench, process, port, connections, requests, count, *more):
    """One round of the generator; adds what a request cost the server's process."""
    before = cpu_seconds(process)
    found = bench.tool("bench-load", "--port", port, "--connections", connections, "--file",
                       requests, "--count", count, *more)
    found["cpu_us"] = (cpu_seconds(process) - before) * 1e6 / count
    if found["ok"] != count:
        raise SystemExit(f"bench: not everything was answered with 2xx: {found['statuses']}")
    return found


def get(url, accept, token=None):
    request = urllib.request.Request(url, headers={"Accept": accept})
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request) as answer:
        return answer.headers["Content-Type"], answer.read()


def request_file(path, requests):
    """What bench-load sends: each request behind its length."""
    path.write_bytes(b"".join(len(text).to_bytes(4, "little") + text for text in requests))
    return path
