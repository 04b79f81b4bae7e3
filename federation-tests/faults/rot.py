"""Bits rot: a flipped byte of the database is found and reported, or refused, or does not matter; nobody is served what
is wrong, and no process is brought down by it (H-7, S-120, P-12)."""
import json
import os
import random
import shutil
import signal

from node import Trouble, wait_for
from traffic import Stage

STEP, STEP_FULL = 997, 97
LARGE = "<p>" + "large " * 3000 + "</p>"


def is_part(some, whole):
    """The same, but for what is missing. A total whose row cannot be reached any more has lost what it counted."""
    if isinstance(some, dict):
        return isinstance(whole, dict) and all(name in whole and is_total_or_part(name, some[name], whole[name]) for name in some)
    if isinstance(some, list):
        return isinstance(whole, list) and all(any(is_part(a, b) for b in whole) for a in some)
    return some == whole


def is_total_or_part(name, some, whole):
    if name == "totalItems" and isinstance(some, int) and isinstance(whole, int):
        return 0 <= some <= whole
    return is_part(some, whole)


class Rotten:
    """A node at rest, and what it says when it is sound."""

    def __init__(self, stage, root):
        self.node = stage.node
        self.file = os.path.join(self.node.data, "db", "data.mdb")
        self.sound = self.file + ".sound"
        self.paths = ["/users/alice", "/users/bob", "/users/alice/outbox?page=true", "/users/bob/followers?page=true",
                      "/users/alice/followers", "/nodeinfo/2.1",
                      f"/.well-known/webfinger?resource=acct:alice@{self.node.authority}"]
        status = root.removeprefix(self.node.base)
        self.paths += [status, f"{status}/replies?page=true", f"{status}/likes", f"{status}/activity"]
        self.answers = {path: self.node.get(path) for path in self.paths}
        for path, (code, _, _) in self.answers.items():
            if code != 200:
                raise Trouble(f"GET {path} answers {code} before anything was damaged")
        self.node.stop()
        self.node.check()
        shutil.copyfile(self.file, self.sound)
        self.size = os.path.getsize(self.sound)

    def damage(self, offset, mask):
        shutil.copyfile(self.sound, self.file)
        with open(self.file, "r+b") as file:
            file.seek(offset)
            byte = file.read(1)[0]
            file.seek(offset)
            file.write(bytes([byte ^ mask]))

    def check_says(self):
        """Whether the integrity check takes it for sound."""
        status, _ = self.node.run("check")
        if status < 0:
            raise Trouble(f"fediflow check was ended by {signal.Signals(-status).name}")
        return status == 0

    def serve(self, sound):
        """Starts if it will, reads, ends. Returns whether it started."""
        running = self.node.start(ready=False)
        wait_for("a start or a refusal", 20, lambda: not running.alive() or self.node.get("/nodeinfo/2.0")[0])
        if running.alive():
            for path in self.paths:
                self.compare(path, sound)
            running.signal(signal.SIGTERM)
            self.no_signal(running.wait(20))
            return True
        status = running.wait(5)
        self.no_signal(status)
        if sound or status == 0:
            raise Trouble(f"the check finds nothing, and serve ends with {status}\n{self.node.tail()}")
        return False

    def no_signal(self, status):
        if status < 0:
            raise Trouble(f"serve was ended by {signal.Signals(-status).name}\n{self.node.tail()}")

    def compare(self, path, sound):
        code, _, body = self.node.get(path)
        if code == 0 and not sound:
            return
        right = self.answers[path][2]
        # a damaged row is isolated: it is missing from lists, and nothing else changes
        if code == 200 and body != right and (sound or not is_part(json.loads(body), json.loads(right))):
            raise Trouble(f"GET {path} answers what is not so: {body[:300]}")
        if sound and code != 200:
            raise Trouble(f"the check finds nothing, and GET {path} answers {code}\n{self.node.tail()}")


def build(stage):
    """A small database with a bit of everything in it, gaps included."""
    for _ in range(3):
        round_ = stage.round(actors=4, replies=6)
        round_.begin(posts=2, strict=True)
        round_.end()
    sender = stage.peer.sender(stage.node, "r1a0")
    for i in range(6):
        create = stage.peer.create("r1a0", f"large-{i}", round_.root, LARGE)
        if sender.send(create)[0] != 202:
            raise Trouble(f"a large reply was refused\n{stage.node.tail()}")
    for i in range(0, 6, 2):
        note = f"{stage.peer.base}/notes/large-{i}"
        sender.send(stage.peer.activity("Delete", "r1a0", f"gone-{i}", object=note))
    sender.close()
    return round_.root


def rot(world):
    stage = Stage(world.program, world.folder)
    counts = {"refused or reported": 0, "without effect": 0, "served": 0}
    try:
        rotten = Rotten(stage, build(stage))
        dice = random.Random(world.seed)
        budget = world.budget()
        offsets = list(range(0, rotten.size, STEP_FULL if world.full else STEP))
        if not world.full:  # in any order, so that a slow machine does not look at the beginning alone
            dice.shuffle(offsets)
        done = 0
        for offset in offsets:
            mask = 1 << dice.randrange(8)
            world.doing(f"byte {offset} of {rotten.size}, mask {mask:#x}")
            rotten.damage(offset, mask)
            sound = rotten.check_says()
            counts["without effect" if sound else "refused or reported"] += 1
            counts["served"] += rotten.serve(sound)
            done += 1
            if budget.over():
                break
        world.note(f"{done} of {len(offsets)} bytes flipped in {rotten.size}: {counts}, seed {world.seed}")
    finally:
        stage.close()
