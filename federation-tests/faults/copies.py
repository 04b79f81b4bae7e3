"""Backups under load: each restored copy is whole, and has all that was acknowledged before it was begun (H-8, P-11)."""
import os
import shutil
import time

from node import Node, Trouble
from traffic import Stage

BACKUPS = 4


def restored_node(stage, folder, backup):
    """A node of the same names, made from a backup in a new place, listening elsewhere."""
    node = Node(stage.node.program, folder)
    node.authority, node.base = stage.node.authority, stage.node.base
    node.write_config()
    node.command("restore", backup)
    return node


def copies(world):
    stage = Stage(world.program, world.folder)
    taken = []
    try:
        begun = time.monotonic()
        for i in range(world.rounds if world.full else BACKUPS):
            round_ = stage.round(actors=4, replies=20)
            round_.begin(posts=2)
            while time.monotonic() < begun + i + 0.3:
                time.sleep(0.02)
            backup = os.path.join(world.folder, f"backup-{i}")
            promise = stage.ledger.promised()
            stage.node.command("backup", backup)
            taken.append((backup, promise))
            stage.node.check()  # beside the load, too
            mode = os.stat(backup).st_mode & 0o077
            if mode:
                raise Trouble(f"others may read a backup: {mode:o}")
            round_.end()
        stage.node.stop()
        for i, (backup, promise) in enumerate(taken):
            world.doing(f"restoring copy {i}")
            node = restored_node(stage, os.path.join(world.folder, f"restored-{i}"), backup)
            node.check()
            node.start()
            stage.ledger.check(node, promise)
            node.stop()
            node.check()
            node.remove()
            shutil.rmtree(backup)
        world.note(f"{len(taken)} copies")
    finally:
        stage.close()
