"""A peer that is away for a while: everything reaches it afterwards, in order, and nobody else waits (P-06, P-09)."""
import time

from ledger import first_arrivals, wait_delivered
from node import Trouble, wait_for
from peer import Peer
from traffic import Stage

POSTS = 12


def follow_from(stage, peer, name, target):
    sender = peer.sender(stage.node, name)
    status, _ = sender.send(peer.activity("Follow", name, f"{name}-{target.rsplit('/', 1)[1]}", object=target))
    sender.close()
    if status != 202:
        raise Trouble(f"a follow was answered with {status}\n{stage.node.tail()}")


def check_order(peer, written, what):
    """Per sender, as they were written."""
    order = first_arrivals(peer)
    for author, ids in written.items():
        heard = [activity for activity in order[author] if activity in set(ids)]
        if heard != ids:
            raise Trouble(f"{what}: what {author} wrote came in another order")


def peer_away(world):
    stage = Stage(world.program, world.folder)
    away = Peer()
    alone = Peer(shared=False)  # each follower has an inbox of its own there
    written = {stage.alice: [], stage.bob: []}
    try:
        for peer, names in ((stage.peer, ["one"]), (away, ["two"]), (alone, ["three", "four"])):
            for name in names:
                for target in (stage.alice, stage.bob):
                    follow_from(stage, peer, name, target)
        wait_for("follows are answered", 10, lambda: len(away.received) >= 2 and len(alone.received) >= 4)
        away.close()
        alone.close()
        slowest = 0
        for i in range(POSTS):
            for name, author in (("alice", stage.alice), ("bob", stage.bob)):
                address = stage.node.post(name, f"while some are away: {i}")
                if address is None:
                    raise Trouble(f"a post was refused\n{stage.node.tail()}")
                written[author].append(f"{address}/activity")
                begun = time.monotonic()
                wait_delivered(stage.peer, written[author][-1:], 5, "another host, while one is away")
                slowest = max(slowest, time.monotonic() - begun)
        world.doing("coming back")
        away.open()
        alone.open()
        everything = {activity for ids in written.values() for activity in ids}
        for peer, what in ((away, "shared inbox"), (alone, "inboxes of their own")):
            wait_delivered(peer, everything, 20, f"after the host came back ({what})")
        for peer in (stage.peer, away, alone):
            check_order(peer, written, peer.base)
        stage.node.stop()
        stage.node.check()
        world.note(f"{len(everything)} posts; the others heard within {slowest:.2f} s")
    finally:
        stage.close()
        away.close()
        alone.close()
