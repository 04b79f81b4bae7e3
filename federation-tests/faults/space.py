"""No room: a full map and a full disk refuse what is new, lose nothing, and take it again by themselves (S-114, P-07)."""
import os
import subprocess
import threading
import time

from ledger import wait_delivered
from node import Trouble, wait_for
from traffic import Stage

MAP = {"database": {"map_bytes": "16 MiB", "max_bytes": "24 MiB"}}  # it grows once, by itself
DISK_MIB = 48
AGAIN_SECONDS = 5
CONTENT = "<p>" + "full " * 12000 + "</p>"
REPLIES_MAX = 90  # a node lists no more than a hundred


class Flood:
    """Large replies, until the node has no room."""

    def __init__(self, stage):
        self.stage = stage
        self.number = 0
        self.notes = []  # (actor, note) that were acknowledged
        self.root = None
        self.under_root = 0

    def new_root(self):
        self.root = self.stage.post("to be answered at length")
        if self.root is None:
            raise Trouble(f"a post was refused while there was room\n{self.stage.node.tail()}")
        self.under_root = 0

    def send(self, sender):
        """One more: the status and headers of the answer."""
        self.number += 1
        create = self.stage.peer.create(sender.name, f"flood-{self.number}", self.root, CONTENT)
        note = create["object"]["id"]
        self.stage.ledger.ask("reply", self.root, note)
        status, headers = sender.send(create)
        if status == 202:
            self.stage.ledger.ack("reply", self.root, note)
            self.notes.append((sender.name, note, self.root))
            self.under_root += 1
        return status, headers

    def until_refused(self, sender, limit=5000):
        """How the first one was refused."""
        while self.number < limit:
            if self.root is None or self.under_root >= REPLIES_MAX:
                self.new_root()
            status, headers = self.send(sender)
            if status != 202:
                return status, headers
        raise Trouble(f"{limit} large activities, and still there is room")

    def take_back(self, sender, count):
        """Deletes notes, as their author does; what the first refusal was, or None."""
        for name, note, root in self.notes[-count:]:
            activity = self.stage.peer.activity("Delete", name, f"gone-{note.rsplit('/', 1)[1]}", object=note)
            self.stage.ledger.ask_undo("reply", root, note)
            status, _ = sender.send(activity)
            if status != 202:
                return status
            self.stage.ledger.ack_undo("reply", root, note)
        del self.notes[-count:]
        return None


def expect_refusal(stage, status, headers):
    """503 or 507 with a time to come again; the process lives, reads are served, what was owed is delivered."""
    node = stage.node
    if status not in (503, 507) or not str(headers.get("Retry-After", "")).isdigit():
        raise Trouble(f"refused with {status}, Retry-After {headers.get('Retry-After')}\n{node.tail()}")
    for path in ("/users/alice", "/users/alice/outbox?page=true", "/users/bob/followers", "/nodeinfo/2.0"):
        if node.get(path)[0] != 200:
            raise Trouble(f"without room, GET {path} answers {node.get(path)[0]}\n{node.tail()}")
    health = node.get("/health", node.metrics_port)[0]
    if health not in (200, 503):
        raise Trouble(f"without room, /health answers {health}")
    if node.get("/metrics", node.metrics_port)[0] != 200:
        raise Trouble("without room, /metrics does not answer")
    if not node.log_has("event=db_full"):
        raise Trouble("nothing in the log says that there is no room")


def accepts_again(stage, sender, flood):
    """By itself, and soon."""
    begun = time.monotonic()

    def taken():
        if flood.under_root >= REPLIES_MAX:
            flood.new_root()
        return flood.send(sender)[0] == 202

    wait_for("room was made, and the node accepts again", AGAIN_SECONDS, taken, 0.2)
    return time.monotonic() - begun


def finish(stage):
    wait_delivered(stage.peer, stage.expected_deliveries(), 10, "after there was room again")
    stage.ledger.check(stage.node)
    stage.node.stop()
    stage.node.check()


def full_map(world):
    stage = Stage(world.program, world.folder, MAP)
    flood = Flood(stage)
    sender = stage.peer.sender(stage.node, "flooder")
    try:
        status, headers = flood.until_refused(sender)
        expect_refusal(stage, status, headers)
        acked = len(flood.notes)
        world.doing("deleting while full")
        refused = flood.take_back(sender, acked // 3)
        if refused is not None:
            raise Trouble(f"without room, a deletion is answered with {refused}\n{stage.node.tail()}")
        took = accepts_again(stage, sender, flood)
        world.doing("filling again")
        expect_refusal(stage, *flood.until_refused(sender))
        world.doing("starting while full")
        stage.node.stop()
        stage.node.check()
        stage.node.start()
        stage.ledger.check(stage.node)
        world.doing("raising the limit")
        stage.node.stop()
        stage.node.settings["database"]["max_bytes"] = "64 MiB"
        stage.node.write_config()
        stage.node.start()
        accepts_again(stage, sender, flood)
        finish(stage)
        world.note(f"full after {acked} large activities; accepted again {took:.2f} s after deletions")
    finally:
        sender.close()
        stage.close()


# -- the disk --


class SmallDisk:
    """A file system of a few MiB, in the namespace of this run."""

    def __init__(self, folder):
        self.folder = folder
        self.ballast = os.path.join(folder, "ballast")
        os.makedirs(folder)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "none", folder], check=True)

    def free(self):
        """Bytes that anybody may use."""
        stat = os.statvfs(self.folder)
        return stat.f_bavail * stat.f_frsize

    def fill(self, leave=0):
        """Takes all of the room but so much."""
        with open(self.ballast, "ab") as file:
            try:
                while self.free() > leave:
                    file.write(b"\0" * min(65536, self.free() - leave))
                    file.flush()
            except OSError:
                pass

    def clear(self):
        os.unlink(self.ballast)

    def remove(self):
        subprocess.run(["umount", "-l", self.folder], check=False)


def full_disk(world):
    if not world.namespace:
        world.skip("needs a mount namespace")
    os.makedirs(world.folder, exist_ok=True)
    disk = SmallDisk(os.path.join(world.folder, "disk"))
    stage = None
    try:
        stage = DiskStage(world, disk)
        flood = Flood(stage)
        sender = stage.peer.sender(stage.node, "flooder")
        world.doing("flooding")
        disk.fill(leave=16 << 20)
        expect_refusal(stage, *flood.until_refused(sender))
        disk.clear()
        took = accepts_again(stage, sender, flood)
        world.doing("not a byte left")
        fill_beside_load(stage, disk, flood, sender)
        disk.clear()
        took = max(took, accepts_again(stage, sender, flood))
        finish(stage)
        world.note(f"{len(flood.notes)} large activities; accepted again within {took:.2f} s")
    finally:
        if stage is not None:
            stage.close()
        disk.remove()


class DiskStage(Stage):
    """A stage whose node keeps its data on the small disk."""

    def __init__(self, world, disk):
        data = os.path.join(disk.folder, "data")
        super().__init__(world.program, world.folder, data=data)


def fill_beside_load(stage, disk, flood, sender):
    """The last byte goes while activities come in, so that writes fail at the system's hand, not by our foresight."""
    over = threading.Event()
    statuses = set()

    def load():
        while not over.is_set():
            if flood.under_root < REPLIES_MAX:
                statuses.add(flood.send(sender)[0])

    if flood.under_root > REPLIES_MAX // 2:
        flood.new_root()
    thread = threading.Thread(target=load, daemon=True)
    thread.start()
    disk.fill()
    try:
        wait_for("refused without a byte left", 10, lambda: statuses & {503, 507})
        time.sleep(1)
    finally:
        over.set()
        thread.join(20)
    if statuses - {202, 503, 507}:
        raise Trouble(f"without a byte left, the node answers {statuses}\n{stage.node.tail()}")
    if not stage.node.running.alive():
        raise Trouble(f"without a byte left, the node ended\n{stage.node.tail()}")
