"""A community of 100,000 members on 5,000 hosts: telling all of them, showing it ranked, voting in it."""
import json
import os
import subprocess
import time

from base import Node, Sink, cpu_seconds, get, load, memory_mib, ready, request_file, settled, spread

JSON = "application/json"
NAME = "square"
API = "/api/fediflow/v1/communities"
WIDTHS = (1, 32, 256)
ORDERS = ("active", "hot", "new", "top")
TELLS = 2  # deliveries of a thread to each host: the act itself (FEP-1b12), and a boost for who knows no groups
DRAIN_S = 10  # how long what is told of votes is watched


class Square:
    """The node, its community, who asks, and the members' hosts."""

    def __init__(self, bench):
        sizes = bench.sizes
        self.bench, self.at, self.said, self.conf = bench, 0, 0, None
        self.sink_port = bench.free_port()
        self.node = Node(bench, "community", more="[api]\nrate = 1000000000\n")
        for i in range(sizes.people_in):
            self.node.command("account", "create", f"person{i}")
        self.node.command("community", "create", NAME, "--owner", "person0")
        tokens, self.sent, self.keys = (bench.folder / n for n in ("tokens", "sent", "keys"))
        self.seed = bench.tool("bench-seed", "community", "--db", self.node.db, "--host", self.node.host,
                               "--community", NAME, "--hosts", sizes.member_hosts, "--sink-port",
                               self.sink_port, "--members", sizes.members, "--people", sizes.people_in,
                               "--threads", sizes.threads, "--comments", sizes.comments, "--votes",
                               sizes.thread_votes, "--send-votes", sizes.sent_votes, "--send-posts",
                               sizes.told_posts, "--tokens", tokens, "--requests", self.sent, "--keys",
                               self.keys)
        self.tokens = tokens.read_text().split()
        self.sink = Sink(bench, self.node, self.sink_port, hosts=sizes.member_hosts)

    def settings(self, text):
        """The node's settings with another section [fetch]; it is to be started anew."""
        file = self.node.folder / "fediflow.conf"
        self.conf = self.conf or file.read_text()
        file.write_text(self.conf.replace("[fetch]\n", f"[fetch]\n{text}"))

    def request(self, person, path, body=None):
        head = (f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: {self.node.host}\r\n"
                f"Authorization: Bearer {self.tokens[person]}\r\nUser-Agent: bench\r\n")
        if body is None:
            return (head + "\r\n").encode()
        text = json.dumps(body).encode()
        return (head + f"Content-Type: {JSON}\r\nContent-Length: {len(text)}\r\n\r\n").encode() + text

    def file(self, name, requests):
        return request_file(self.bench.folder / f"square-{name}", requests)

    def load(self, connections, requests, count, *more):
        return load(self.bench, self.node.process, self.node.port, connections, requests, count, *more)


def square_stop(square):
    """What waits to be told is of no use any more: the node is not asked to end it."""
    square.node.process.kill()
    square.node.process.wait()
    square.node.stop()


# --- pages ---


def pages(square):
    """What is asked for, by name; the bodies are those that the ceiling serves, too."""
    name = square.seed["community"]
    return {order: f"{API}/{name}/posts?sort={order}&limit=20" for order in ORDERS} | {
        "list": f"/api/v1/timelines/list/{name}?limit=20"}


class Bare:
    """The ceiling: libmicrohttpd with the same bytes. Under load its own threads forget their connections now
    and then; the node's listeners, which wait in their own way, do not. Then it is started anew."""

    def __init__(self, square, paths):
        self.bench, self.serve, self.sizes = square.bench, {}, {}
        for name, path in paths.items():
            kind, body = get(f"http://{square.node.host}{path}", JSON, square.tokens[0])
            file = self.bench.folder / f"square-body-{name}"
            file.write_bytes(body)
            self.sizes[name] = len(body)
            # the orders are one path, and about as long
            self.serve.setdefault(path.split("?")[0], (kind, file))
        self.start()

    def start(self):
        self.port = self.bench.free_port()
        arguments = [a for path, (kind, file) in self.serve.items() for a in (path, kind, file)]
        self.process = ready(self.bench.start(
            [self.bench.tools / "bench-ceiling-read", "--port", self.port, "--serve", *arguments],
            stdout=subprocess.PIPE))

    def stop(self):
        self.bench.stop(self.process)

    def load(self, *arguments):
        for _ in range(3):
            try:
                return load(self.bench, self.process, self.port, *arguments)
            except SystemExit:
                self.stop()
                self.start()
        raise SystemExit("bench: the ceiling does not answer")


def page_rows(square):
    bench, sizes = square.bench, square.bench.sizes
    paths = pages(square)
    ceiling = Bare(square, paths)
    for name, path in paths.items():
        requests = square.file(f"get-{name}", [square.request(i, path) for i in range(sizes.people_in)])
        for width in WIDTHS:
            ours, bare, count = [], [], sizes.pages // (4 if width == 1 else 1)
            for _ in range(sizes.community_rounds):
                bench.quiet()
                bare.append(ceiling.load(width, requests, count, "--cycle"))
                ours.append(square.load(width, requests, count, "--cycle"))
            page_row(square, f"community {name}, {ceiling.sizes[name]:,} bytes, c={width}", width == 32,
                     ours, bare)
    ceiling.stop()


def page_row(square, what, aimed, ours, bare):
    times = {f"{p}_ms": spread([r[f"{p}_us"] / 1000 for r in ours]) for p in ("p50", "p95", "p99")}
    square.bench.row("i", what, "req/s", [r["rate"] for r in ours], None, (">=", 5000) if aimed else None,
                     times | {"ceiling": spread([r["rate"] for r in bare]),
                              "ratio": spread([o["rate"] / b["rate"] for o, b in zip(ours, bare)]),
                              "cpu_us": spread([r["cpu_us"] for r in ours])})
    if aimed:
        square.bench.row("i", f"{what}, p95", "ms", [r["p95_us"] / 1000 for r in ours], None, ("<=", 20))


# --- telling everybody ---


def idle(square, seconds):
    """Waits until nothing waits to be told."""
    until = time.monotonic() + seconds
    while square.node.metrics()["fediflow_queue_rows"] > 2 and time.monotonic() < until:
        time.sleep(0.05)


def tell_all(square, begin, but=0):
    """begin() posts. How long until every host has heard of it, and how fast it went. What comes from
    elsewhere is not told to its own host, which has it: one less."""
    hosts = square.bench.sizes.member_hosts
    wanted = TELLS * hosts - but
    idle(square, 60)
    square.sink.tell("reset")
    cpu, begun = cpu_seconds(square.node.process), time.monotonic_ns()
    begin()
    first = square.sink.tell(f"wait {hosts} 120000")
    whole = square.sink.tell(f"more {wanted} 120000")
    if whole["distinct"] != hosts or whole["requests"] != wanted:
        raise SystemExit(f"bench: {whole} instead of {wanted} deliveries to {hosts} hosts")
    return {"seconds": (first["last_ns"] - begun) / 1e9, "whole_s": (whole["latest_ns"] - begun) / 1e9,
            "rate": (whole["requests"] - 1) * 1e9 / (whole["latest_ns"] - whole["first_ns"]),
            "cpu_us": (cpu_seconds(square.node.process) - cpu) * 1e6 / whole["requests"],
            "connections": whole["connections"]}


def a_post_here(square):
    square.said += 1
    body = {"status": f"The plan is out, and this is part {square.said} of it.",
            "group_id": square.seed["community"]}
    square.load(1, square.file("post", [square.request(1, "/api/v1/statuses", body)]), 1)


def a_post_elsewhere(square):
    at = square.bench.sizes.sent_votes + square.at
    square.at += 1
    square.load(1, square.sent, 1, "--from", at)


def told_rows(square, how, elsewhere):
    bench = square.bench
    cases = [("a thread begun here", a_post_here, 0)]
    if elsewhere:
        cases.append(("a thread begun elsewhere", a_post_elsewhere, 1))
    for what, begin, but in cases:
        ours, bare = [], []
        for _ in range(bench.sizes.told_rounds):
            bench.quiet()
            bare.append(bench.tool("bench-ceiling-sign", "--kind", "rsa", "--ms", bench.sizes.sign_ms,
                                   "--threads", os.cpu_count())["rate"])
            ours.append(tell_all(square, lambda begin=begin: begin(square), but))
        name = f"{what}, {bench.sizes.member_hosts:,} hosts, {how}"
        bench.row("i", f"{name}: sent", "sent/s", [r["rate"] for r in ours], bare, None,
                  {"cpu_us": spread([r["cpu_us"] for r in ours]),
                   "connections": spread([r["connections"] for r in ours])})
        bench.row("i", f"{name}: all have it", "s", [r["seconds"] for r in ours], None, None,
                  {"twice_s": spread([r["whole_s"] for r in ours])})


# --- votes ---


def vote_requests(square):
    """Everybody here votes for everything once."""
    names = square.seed["threads"] + square.seed["comments"]
    return [square.request(i, f"/api/v1/statuses/{name}/favourite", {})
            for name in names for i in range(square.bench.sizes.people_in)]


def backlog(square, votes, since):
    """What is still to be told a while after the last vote, and what was told meanwhile."""
    bench, hosts = square.bench, square.bench.sizes.member_hosts
    time.sleep(DRAIN_S if bench.sizes.rounds > 1 else 1)
    told = square.sink.tell("more 1 1")["requests"]
    return {"waiting_rows": square.node.metrics()["fediflow_queue_rows"],
            "sent_per_s": round(told / (time.monotonic() - since), 1),
            "deliveries_owed": votes * hosts}


def vote_row(square, what, width, requests, at, aim):
    """Rounds of votes; returns where the next ones begin."""
    bench, count, ours = square.bench, square.bench.sizes.votes, []
    for _ in range(bench.sizes.community_rounds):
        bench.quiet()
        ours.append(square.load(width, requests, count, "--from", at))
        at += count
    bench.row("i", f"{what}, c={width}", "votes/s", [r["rate"] for r in ours], None, aim,
              {f"{p}_ms": spread([r[f"{p}_us"] / 1000 for r in ours]) for p in ("p50", "p95", "p99")}
              | {"cpu_us": spread([r["cpu_us"] for r in ours])})
    return at


def vote_rows(square):
    bench, count = square.bench, square.bench.sizes.votes * square.bench.sizes.community_rounds
    for what, requests, widths in (("votes here", square.file("votes", vote_requests(square)), (32, 256)),
                                   ("votes of members elsewhere, signed", square.sent, (64,))):
        square.sink.tell("reset")
        since, at = time.monotonic(), 0
        for width in widths:
            at = vote_row(square, what, width, requests, at,
                          (">=", 3000) if width != 32 else None)
        left = backlog(square, count * len(widths), since)
        bench.row("i", f"{what}: told to hosts meanwhile", "sent/s", [left["sent_per_s"]], None, None,
                  left)


# --- the whole ---


def memory_row(square, when, aim=("<=", 150)):
    memory = memory_mib(square.node.process)
    square.bench.row("i", f"own memory, {when}", "MiB", [memory["RssAnon"]], None, aim,
                     {"file_mib": round(memory["RssFile"], 1)})


def community(bench):
    square = Square(bench)
    square.node.start()
    settled(square.node)
    memory_row(square, f"a community of {bench.sizes.members:,}, at rest")
    page_rows(square)
    memory_row(square, "after its pages")
    told_rows(square, "1,000 connections at most", True)
    square.node.stop()
    square.settings(f"connections_max = {bench.sizes.member_hosts + 1000}\n")
    square.node.start()
    tell_all(square, lambda: a_post_here(square))  # connects
    told_rows(square, "connections kept", False)
    memory_row(square, "with a connection to each host", None)
    square_stop(square)
    square.settings("connections_max = 1000\n")
    square.node.start()
    vote_rows(square)
    memory_row(square, "after the votes")
    square_stop(square)
    square.sink.stop()
    square.node.remove()
