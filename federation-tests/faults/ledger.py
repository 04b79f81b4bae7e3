"""What was asked of a node and what it acknowledged, and whether its state agrees: acked <= state <= asked, nothing twice."""
import json
import os
import threading
from collections import Counter, defaultdict

from node import Trouble


class Ledger:
    def __init__(self, path):
        self.lock = threading.Lock()
        self.file = open(path, "a")
        self.asked = defaultdict(set)  # (kind, about) -> ids
        self.acked = defaultdict(set)
        self.undoing = defaultdict(set)  # asked to be taken back: may be in the state or not
        self.undone = defaultdict(set)  # and acknowledged: must not be
        self.posts = []  # addresses of acknowledged posts, in order
        self.deleting = set()  # posts whose deletion was asked for
        self.deleted = []  # and acknowledged

    def write(self, **row):
        self.file.write(json.dumps(row) + "\n")

    def sync(self):
        self.file.flush()
        os.fdatasync(self.file.fileno())

    def ask(self, kind, about, item):
        with self.lock:
            self.asked[kind, about].add(item)
            self.write(asked=kind, about=about, id=item)

    def ack(self, kind, about, item):
        with self.lock:
            self.acked[kind, about].add(item)
            self.write(acked=kind, about=about, id=item)
            self.sync()

    def ask_undo(self, kind, about, item):
        with self.lock:
            self.undoing[kind, about].add(item)
            self.write(undoing=kind, about=about, id=item)

    def ack_undo(self, kind, about, item):
        with self.lock:
            self.undone[kind, about].add(item)
            self.write(undone=kind, about=about, id=item)
            self.sync()

    def ack_post(self, address):
        with self.lock:
            self.posts.append(address)
            self.write(acked="post", id=address)
            self.sync()

    def ask_deletion(self, address):
        with self.lock:
            self.deleting.add(address)
            self.write(deleting=address)

    def ack_deletion(self, address):
        with self.lock:
            self.deleted.append(address)
            self.write(deleted=address)
            self.sync()

    def promised(self):
        """What was acknowledged until now."""
        with self.lock:
            return Promise({key: set(ids) for key, ids in self.acked.items()},
                           {key: set(ids) for key, ids in self.undone.items()}, list(self.posts), list(self.deleted))

    # -- the state --

    def check(self, node, promise=None, exactly=False):
        """
        All that is in the ledger, or what had been promised at some moment. exactly: by now everything that was asked
        for has been acknowledged.
        """
        promise = promise or self.promised()
        with self.lock:
            keys = list(self.asked)
        for key in keys:
            self.check_one(node, *key, promise)
            if exactly and self.asked[key] != self.acked[key]:
                raise Trouble(f"{key}: not everything was acknowledged in the end")
        for address in promise.posts:
            if address not in self.deleting:
                node.document(address)
        for address in promise.deleted:
            status = node.get(address.removeprefix(node.base))[0]
            if status != 410:
                raise Trouble(f"{address} was deleted, and answers {status}")

    def check_one(self, node, kind, about, promise):
        if kind != "follower" and about not in promise.posts:
            return
        asked, undoing = self.asked[kind, about], self.undoing[kind, about]
        acked, undone = promise.acked.get((kind, about), set()), promise.undone.get((kind, about), set())
        if kind == "like":
            total = node.document(f"{about}/likes")["totalItems"]
            if not len(acked - undoing) <= total <= len(asked - undone):
                raise Trouble(f"{about}: {len(acked)} likes acknowledged, {total} there, {len(asked)} sent")
            return
        read = read_replies if kind == "reply" else read_followers
        items, total = read(node, about)
        compare(f"{kind} of {about}", items, total, asked - undone, acked - undoing)


class Promise:
    def __init__(self, acked, undone, posts, deleted):
        self.acked = acked
        self.undone = undone
        self.posts = posts
        self.deleted = deleted


def read_replies(node, address):
    """All pages."""
    items, page = [], f"{address}/replies?page=true"
    total = node.document(f"{address}/replies")["totalItems"]
    while page:
        document = node.document(page)
        items += document["items"]
        page = document.get("next")
    return items, total


def read_followers(node, account):
    """All pages."""
    items, address = [], f"{account}/followers?page=true"
    total = node.document(f"{account}/followers")["totalItems"]
    while address:
        document = node.document(address)
        items += document["orderedItems"]
        address = document.get("next")
    return items, total


def compare(what, items, total, asked, acked):
    there = set(items)
    twice = [item for item, n in Counter(items).items() if n > 1]
    if acked - there:
        raise Trouble(f"{what}: acknowledged and lost: {sorted(acked - there)[:5]} ({len(acked - there)} in all)")
    if there - asked:
        raise Trouble(f"{what}: in the state, and nobody sent it: {sorted(there - asked)[:5]}")
    if twice or total != len(there):
        raise Trouble(f"{what}: there twice: {twice[:5]}; {total} counted, {len(there)} there")


def first_arrivals(peer, kind="Create"):
    """Ids of activities as they first arrived, by actor."""
    order = defaultdict(list)
    seen = set()
    with peer.arrived:
        received = list(peer.received)
    for _, activity in received:
        if activity["type"] == kind and activity["id"] not in seen:
            seen.add(activity["id"])
            order[activity["actor"]].append(activity["id"])
    return order


def wait_delivered(peer, wanted, seconds, what):
    """Waits until the peer has heard of all these activity ids."""
    wanted = set(wanted)
    missing = wanted
    with peer.arrived:
        def complete():
            nonlocal missing
            missing = wanted - {activity["id"] for _, activity in peer.received}
            return not missing

        if not peer.arrived.wait_for(complete, seconds):
            raise Trouble(f"{what}: {len(missing)} of {len(wanted)} not delivered within {seconds} s, such as "
                          f"{sorted(missing)[:3]}")


def accepted_follows(peer):
    """Ids of the peer's follows that were accepted, with how often by different activities."""
    follows = defaultdict(set)
    with peer.arrived:
        for _, activity in peer.received:
            if activity["type"] == "Accept":
                inner = activity["object"]
                follows[inner if isinstance(inner, str) else inner["id"]].add(activity["id"])
    return follows
