"""The wall clock jumps: ids go on growing, nothing waits, nothing is lost (H-6, S-126, P-10)."""
import os
import struct
import subprocess
import time

from ledger import wait_delivered
from node import Trouble, wait_for
from outage import check_order
from traffic import Stage

HOUR, DAY = 3600, 86400
YEAR = 365 * DAY
# Seconds from the true time, one after the other; signatures are dated by the node's own clock.
JUMPS = [HOUR, -HOUR, 0, DAY, -DAY, 2 * DAY, 0, 13 * YEAR, 0, -30 * YEAR, 0]


class Clock:
    """What the node takes for the time."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "clock")
        self.shim = os.path.join(folder, "clock_shim.so")
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clock_shim.c")
        self.set(0)
        subprocess.run(["cc", "-D_GNU_SOURCE", "-O1", "-shared", "-fPIC", "-o", self.shim, source], check=True)

    def set(self, seconds):
        mode = "r+b" if os.path.exists(self.path) else "wb"
        with open(self.path, mode) as file:
            file.write(struct.pack("=q", seconds))

    def environment(self):
        return {"FF_CLOCK": self.path, "LD_PRELOAD": self.shim}


def needs_runtime_first(program):
    """A program built with sanitizers takes no other library before its own."""
    with open(program, "rb") as file:
        return b"__asan_init" in file.read()


def number_of(address):
    return int(address.rsplit("/", 1)[1])


def jump(stage, clock, seconds):
    """At this time: somebody follows, replies, posts; everything arrives."""
    clock.set(seconds)
    stage.peer.clock_offset = seconds
    round_ = stage.round(actors=1, replies=2)
    round_.begin(posts=1, strict=True)
    round_.end()
    wait_delivered(stage.peer, stage.expected_deliveries(), 10, f"at {seconds:+} s")


def clock_jumps(world):
    world.need("cc")
    if needs_runtime_first(world.program):
        world.skip("the program was built with sanitizers")
    os.makedirs(world.folder, exist_ok=True)
    clock = Clock(world.folder)
    stage = Stage(world.program, world.folder, env=clock.environment())
    try:
        for i, seconds in enumerate(JUMPS):
            world.doing(f"the clock is {seconds:+} s off")
            jump(stage, clock, seconds)
            if i % 3 == 2:  # also when it starts at another time
                stage.node.stop()
                stage.node.start()
        world.doing("a peer that was away while the clock jumped")
        away_over_jump(stage, clock)
        numbers = [number_of(address) for address in stage.ledger.posts]
        if numbers != sorted(set(numbers)):
            raise Trouble(f"ids do not grow: {numbers}")
        stage.ledger.check(stage.node)
        stage.node.stop()
        stage.node.check()
        world.note(f"{len(JUMPS)} jumps, {len(numbers)} posts with growing ids")
    finally:
        stage.close()


def lost_for_a_week(world):
    """What could not be delivered for six days still is, in order; after seven it is given up, listed, and can be put
    back (S-122, P-04, P-09)."""
    world.need("cc")
    if needs_runtime_first(world.program):
        world.skip("the program was built with sanitizers")
    os.makedirs(world.folder, exist_ok=True)
    clock = Clock(world.folder)
    stage = Stage(world.program, world.folder, env=clock.environment())
    try:
        world.doing("six days")
        posts_while_away(stage)
        restart_at(stage, clock, 6 * DAY)
        stage.peer.open()
        wait_delivered(stage.peer, stage.expected_deliveries(), 15, "after six days")
        check_order(stage.peer, {stage.alice: [f"{post}/activity" for post in stage.ledger.posts]}, "after six days")
        world.doing("seven days")
        lost = posts_while_away(stage)
        restart_at(stage, clock, 13 * DAY + HOUR)
        wait_for("the first that is too old is given up", 15, lambda: dead(stage))
        # the rest goes without an attempt each, by a sweep: now and then, and at the start
        restart_at(stage, clock, 13 * DAY + HOUR)
        wait_for("what is too old is given up", 15, lambda: len(dead(stage)) == len(lost))
        world.doing("back after seven days")
        stage.peer.open()
        late = stage.post("after it was given up")
        stage.peer.clock_offset = 13 * DAY + HOUR
        round_ = stage.round(actors=1, replies=1)  # a host that is asked once a day is asked when it speaks
        round_.begin(posts=0, strict=True)
        round_.end()
        wait_delivered(stage.peer, [f"{late}/activity"], 15, "what is new after seven days")
        if {f"{post}/activity" for post in lost} & stage.peer.received_ids():
            raise Trouble("what was given up was delivered all the same")
        stage.node.command("queue", "retry", stage.peer.base.removeprefix("http://"))
        wait_delivered(stage.peer, stage.expected_deliveries(), 15, "what was put back")
        if dead(stage):
            raise Trouble("what was put back is still listed as given up")
        stage.node.stop()
        stage.node.check()
    finally:
        stage.close()


def restart_at(stage, clock, seconds):
    """Time that passes while nobody looks: a running node takes a jump for what it is, and ages nothing by it."""
    stage.node.stop()
    clock.set(seconds)
    stage.node.start()


def dead(stage):
    return stage.node.command("queue", "list", "--dead")


def posts_while_away(stage):
    stage.peer.close()
    posts = [stage.post(f"while the peer is away: {i}") for i in range(4)]
    time.sleep(0.5)
    return posts


def away_over_jump(stage, clock):
    """What waits to be repeated neither waits for a time that is gone nor is taken for too old."""
    for before, after in ((0, -DAY), (DAY, 0), (-DAY, DAY)):
        clock.set(before)
        stage.peer.clock_offset = before
        stage.peer.close()
        stage.post("while the peer is away")
        time.sleep(0.5)
        clock.set(after)
        stage.peer.open()
        wait_delivered(stage.peer, stage.expected_deliveries(), 15, f"back at {after:+} s after a failure at {before:+} s")
