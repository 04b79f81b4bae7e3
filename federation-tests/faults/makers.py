"""Commands that make a node or a copy of one, killed at every call that leaves something behind: said once more, they
finish what was begun, or refuse in words because it is there already (P-02, P-03, S-121). A deletion that has begun
the node finishes by itself."""
import itertools
import json
import os
import shutil

from node import Node, Trouble, strace, wait_for
from traffic import Stage

CALLS = ("mkdir", "openat", "write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "link", "rename", "unlink")
# The first opens are the system's libraries.
SKIPPED_OPENS = 20


def fault_points(full, call):
    first = SKIPPED_OPENS if call == "openat" else 1
    return itertools.count(first) if full else itertools.chain(range(first, first + 3), itertools.count(first + 3, 5))


def kill_each(world, budget, attempt):
    """attempt(before) runs a command under a fault and returns whether it was killed, for each fault there is."""
    kills = 0
    points = {call: fault_points(world.full, call) for call in CALLS}
    while points and not budget.over():
        for call in list(points):
            n = next(points[call])
            world.doing(f"{call} {n}")
            if attempt(strace(f"{call}:signal=SIGKILL:when={n}")):
                kills += 1
            else:
                del points[call]  # it is not called so often
    return kills


def was_killed(status):
    if status not in (0, -9, 137):
        raise Trouble(f"a command under strace ended with {status}")
    return status != 0


def killed_init(world):
    world.need("strace")
    folder = os.path.join(world.folder, "node")

    def attempt(before):
        node = Node(world.program, folder)
        killed = was_killed(node.run("init", before=before)[0])
        node.run("init")  # refused when it was complete
        node.check()
        node.start()
        node.stop()
        shutil.rmtree(folder)
        return killed

    world.note(f"{kill_each(world, world.budget(), attempt)} kills of init")


def killed_copies(world):
    """First backup, then restore."""
    world.need("strace")
    stage = Stage(world.program, world.folder)
    copy = os.path.join(world.folder, "copy")
    whole = os.path.join(world.folder, "whole")

    def killed_backup(before):
        killed = was_killed(stage.node.run("backup", copy, before=before)[0])
        shutil.rmtree(copy, ignore_errors=True)
        return killed

    def killed_restore(before):
        node = Node(world.program, os.path.join(world.folder, "restored"))
        node.authority, node.base = stage.node.authority, stage.node.base
        node.write_config()
        killed = was_killed(node.run("restore", whole, before=before)[0])
        if killed:
            node.run("restore", whole)  # refused when it was complete
        node.check()
        if node.command("account", "show", "alice")["posts"] != len(stage.ledger.posts):
            raise Trouble("not everything came back")
        node.remove()
        return killed

    try:
        round_ = stage.round(actors=2)
        round_.begin(strict=True)
        round_.end()
        budget = world.budget()
        backups = kill_each(world, budget, killed_backup)
        stage.node.command("backup", whole)
        stage.node.stop()
        stage.node.check()
        restores = kill_each(world, budget, killed_restore)
        world.note(f"{backups} kills of backup, {restores} of restore")
    finally:
        stage.close()


POSTS = 410  # three steps of a deletion


def killed_deletion(world):
    """At each commit; then nobody says it once more."""
    world.need("strace")
    node = Node(world.program, os.path.join(world.folder, "node"))
    node.command("init")
    between, n = 0, 0

    def seed(name):
        file = os.path.join(world.folder, "seed.json")
        with open(file, "w") as out:
            json.dump({"people": [{"name": name}], "posts": [{"author": name, "text": "x"}] * POSTS}, out)
        node.command("seed", file)

    def flags(name):
        shown = node.command("account", "show", name)
        return {flag for flag in ("closing", "leaving", "deleted") if shown[flag]}

    killed = True
    while killed:
        n += 1
        name = f"leaver{n}"
        seed(name)
        killed = was_killed(node.run("account", "delete", name, "--yes",
                                     before=strace(f"fdatasync:signal=SIGKILL:when={n}"))[0])
        begun = flags(name)
        between += killed and "closing" in begun
        node.start()
        if begun:
            wait_for(f"{name} is deleted, who was {' and '.join(begun)}", 20, lambda: "deleted" in flags(name))
        node.stop()
        node.check()
    if between == 0:
        raise Trouble("no kill came between two steps")
    world.note(f"{n - 1} kills of a deletion, {between} of them between two steps")
