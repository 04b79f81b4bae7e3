"""What clients ask of a node on which 10,000 people are and a million posts, and how live it is."""
import json
import random
import subprocess

from base import Node, get, load, memory_mib, ready, request_file, spread

JSON = "application/json"
WIDTHS = (1, 32, 256)
READERS = 256  # whose tokens the requests come with, so that no two connections are one person
# the part of each in a day: nine tenths are read
DAY = (("home", 45), ("notifications", 15), ("status", 10), ("context", 8), ("account", 5), ("public", 4),
       ("search", 3), ("post", 10))


class Town:
    """The node, and who may ask what."""

    def __init__(self, bench):
        sizes = bench.sizes
        self.bench = bench
        self.node = Node(bench, "clients", more="[api]\nrate = 1000000000\n")
        tokens = bench.folder / "tokens"
        self.seed = bench.tool("bench-seed", "clients", "--db", self.node.db, "--host", self.node.host,
                               "--people", sizes.people_here, "--elsewhere", 2 * sizes.people_here,
                               "--statuses", sizes.statuses, "--tokens", tokens)
        self.tokens = tokens.read_text().split()

    def request(self, person, path, body=None):
        head = (f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: {self.node.host}\r\n"
                f"Authorization: Bearer {self.tokens[person]}\r\nUser-Agent: bench\r\n")
        if body is None:
            return (head + "\r\n").encode()
        text = json.dumps(body).encode()
        return (head + f"Content-Type: {JSON}\r\nContent-Length: {len(text)}\r\n\r\n").encode() + text

    def post(self, person, text):
        return self.request(person, "/api/v1/statuses", {"status": text})

    def file(self, name, requests):
        return request_file(self.bench.folder / f"requests-{name}", requests)


def paths(town):
    """One of each; what differs between people is in the token."""
    thread, account = town.seed["thread"], town.seed["account"]
    return {"home": "/api/v1/timelines/home?limit=20", "public": "/api/v1/timelines/public?limit=20",
            "notifications": "/api/v1/notifications?limit=40", "status": f"/api/v1/statuses/{thread}",
            "context": f"/api/v1/statuses/{thread}/context", "account": f"/api/v1/accounts/{account}",
            "search": "/api/v2/search?q=periodicals&type=statuses&limit=20"}


def make_notices(town):
    """Readers have something to be told of: others like what they say."""
    readers = range(min(READERS, len(town.tokens)))
    mine = [json.loads(get(f"http://{town.node.host}/api/v1/accounts/verify_credentials", JSON,
                           town.tokens[i])[1])["id"] for i in readers]
    wanted = []
    for i, account in enumerate(mine):
        posts = json.loads(get(f"http://{town.node.host}/api/v1/accounts/{account}/statuses?limit=20", JSON,
                               town.tokens[i])[1])
        wanted += [town.request((i + 1 + k) % len(readers), f"/api/v1/statuses/{post['id']}/favourite", {})
                   for post in posts for k in range(2)]
    load(town.bench, town.node.process, town.node.port, 8, town.file("likes", wanted), len(wanted))


def requests_of(town, name):
    readers = range(min(READERS, len(town.tokens)))
    if name == "post":
        return [town.post(i, f"The reading room has forty seats, said {i}.") for i in readers]
    if name == "day":
        names = [name for name, weight in DAY for _ in range(weight)]
        draw = random.Random(7)
        return [requests_of(town, draw.choice(names))[draw.choice(readers)] for _ in range(4000)]
    return [town.request(i, paths(town)[name]) for i in readers]


def measure(town, name, connections, count, ceiling):
    """The rounds of one kind of request at one width."""
    bench, ours, bare = town.bench, [], []
    requests = bench.folder / f"requests-{name}"
    for _ in range(bench.sizes.client_rounds):
        bench.quiet()
        if ceiling:
            bare.append(load(bench, ceiling[0], ceiling[1], connections, requests, count, "--cycle"))
        ours.append(load(bench, town.node.process, town.node.port, connections, requests, count, "--cycle"))
    return ours, bare


# what is aimed at: (name, connections): (requests a second, p95 in ms)
AIMS = {("home", 32): (10000, 20), ("post", 256): (3000, None)}


def rows(town, name, size, ceiling):
    for connections in WIDTHS:
        count = town.bench.sizes.client_requests // (10 if name in ("context", "search") else 1)
        count = max(count // (8 if connections == 1 else 1), 32)
        ours, bare = measure(town, name, connections, count, ceiling)
        rate, p95 = AIMS.get((name, connections), (None, None))
        what = f"{name}{f', {size:,} bytes' if size else ''}, c={connections}"
        times = {f"{p}_ms": spread([r[f"{p}_us"] / 1000 for r in ours]) for p in ("p50", "p95", "p99")}
        times |= {"cpu_us": spread([r["cpu_us"] for r in ours])}
        if bare:
            times |= {"ceiling": spread([r["rate"] for r in bare]),
                      "ratio": spread([o["rate"] / b["rate"] for o, b in zip(ours, bare)])}
        town.bench.row("h", what, "req/s", [r["rate"] for r in ours], None, rate and (">=", rate), times)
        if p95:
            town.bench.row("h", f"{what}, p95", "ms", [r["p95_us"] / 1000 for r in ours], None, ("<=", p95))


def serve_same(town, names):
    """libmicrohttpd with the same bytes, from memory."""
    bench, port, serve, sizes = town.bench, town.bench.free_port(), [], {}
    for name in names:
        path = paths(town)[name]
        kind, body = get(f"http://{town.node.host}{path}", JSON, town.tokens[1])
        file = bench.folder / f"body-{name}"
        file.write_bytes(body)
        sizes[name] = len(body)
        serve += [path.split("?")[0], kind, file]
    process = bench.start([bench.tools / "bench-ceiling-read", "--port", port, "--serve", *serve],
                          stdout=subprocess.PIPE)
    return sizes, (ready(process), port)


def live(town, name, poster):
    """From the request that posts to the streams of those who follow."""
    bench, number = town.bench, town.bench.sizes.live_posts
    count = min(bench.sizes.streams, len(town.tokens))
    streams = town.file("streams", [town.request(i, "/api/v1/streaming/user") for i in range(count)])
    posts = town.file("live", [town.post(poster, f"live-{i + 1} is what people hear.") for i in range(number)])
    bench.quiet()
    found = bench.tool("bench-streams", "--port", town.node.port, "--streams", streams, "--count", count,
                       "--posts", posts, "--number", number, "--every", 200)
    memory = memory_mib(town.node.process)
    hear = found["receipts"] / number
    bench.row("h", f"{name}: to {hear:,.0f} of {count:,} streams, p95", "ms", [found["p95_us"] / 1000], None,
              ("<=", 50) if poster else None,
              {"p50_ms": found["p50_us"] / 1000, "p99_ms": found["p99_us"] / 1000, "max_ms": found["max_us"] / 1000})
    return memory


def clients(bench):
    town = Town(bench)
    town.node.start()
    make_notices(town)
    names = list(paths(town))
    sizes, ceiling = serve_same(town, names)
    for name in [*names, "post", "day"]:
        town.file(name, requests_of(town, name))
        rows(town, name, sizes.get(name), ceiling if name in names else None)
    live(town, "a post", town.seed["poster"])
    memory = live(town, "a post of whom all follow", 0)
    bench.row("h", f"own memory, {bench.sizes.streams:,} streams open", "MiB", [memory["RssAnon"]], None,
              ("<=", 300), {"file_mib": round(memory["RssFile"], 1)})
    bench.stop(ceiling[0])
    town.node.stop()
    town.node.remove()
