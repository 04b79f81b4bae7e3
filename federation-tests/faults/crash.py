"""Killed processes and failing storage: SECURITY H-1 (at every write and sync call), H-2 (at random), S-115, S-127."""
import itertools
import os
import random
import signal
import threading
import time
from collections import Counter

from ledger import accepted_follows, first_arrivals, wait_delivered
from node import Node, Trouble, strace, wait_for
from traffic import Round, Stage

# What LMDB and the program write with; a kill comes when one of them is called for the Nth time by one thread.
WRITE_CALLS = {
    "pwrite64": ["pwrite64"],
    "writev": ["writev"],
    "fdatasync": ["fdatasync"],
    "others": ["pwritev", "rename", "unlink", "renameat", "unlinkat"],
}
LATE_SECONDS = 2  # it should be one; machines that test are busy
ROUNDS_MIN = 10  # random kills, however slow the machine is
STORAGE_EXIT = 70  # the database failed


def crash_points(full):
    """1, 2, 3, ... or, in a short run, with growing gaps."""
    n = 1
    while True:
        yield n
        n += 1 if full or n < 4 else max(1, n // 3)


def recover(stage, played):
    """After a fault: start, find everything, hear everything; repeat everything, find it once; end, check."""
    node = stage.node
    node.start()
    begun = time.monotonic()
    owed = stage.expected_deliveries() - stage.peer.received_ids()
    stage.ledger.check(node)
    if owed:
        wait_delivered(stage.peer, owed, 10, "after a start")
        late = time.monotonic() - begun
        stage.latest = max(stage.latest, late)
        if late > LATE_SECONDS:
            raise Trouble(f"deliveries went on {late:.1f} s after the start")
    for round_ in played:
        round_.repeat()
    stage.ledger.check(node, exactly=True)
    wait_answers(stage, played)
    check_order(stage)
    node.stop()
    node.check()


def wait_answers(stage, played):
    """Each follow was accepted: once, by id."""
    wanted = {follow for round_ in played for follow in round_.follows()}
    answers = {}

    def all_there():
        nonlocal answers
        answers = accepted_follows(stage.peer)
        return wanted <= set(answers)

    try:
        wait_for("every follow is answered", 10, all_there)
    except Trouble:
        raise Trouble(f"never accepted: {sorted(wanted - set(answers))[:3]}\n{stage.node.tail()}")
    often = {follow: ids for follow, ids in answers.items() if len(ids) > 1}
    if often:
        raise Trouble(f"accepted more than once: {often}")


def run_until_fault(stage, inject):
    """A round under one fault. Returns the round and how the node ended; None when the fault never came."""
    node = stage.node
    doomed = stage.post("to be deleted")
    round_ = stage.round()
    running = node.start(before=strace(inject), ready=False)
    try:
        wait_for("a start", 20, lambda: not running.alive() or node.get("/nodeinfo/2.0")[0] == 200)
        if running.alive():
            round_.begin(doomed=doomed)
            wait_for("the round's traffic or the fault", 40, lambda: not running.alive() or not round_.running())
        round_.over.set()
        round_.end()
        if not running.alive():
            return round_, running.wait(5)
        time.sleep(0.05)  # what follows the last answer: outcomes of deliveries
        if running.alive():
            running.signal(signal.SIGTERM)
        return round_, running.wait(20) or None
    finally:
        running.end()


def kill_at(name):
    """A test that kills the node at each call of a group."""

    def run(world):
        world.need("strace")
        stage = Stage(world.program, world.folder)
        try:
            stage.node.stop()
            kills, budget = Counter(), world.budget()
            for call in WRITE_CALLS[name]:
                for n in crash_points(world.full):
                    world.doing(f"{call} {n}")
                    round_, status = run_until_fault(stage, f"{call}:signal=SIGKILL:when={n}")
                    if status not in (None, -signal.SIGKILL, 128 + signal.SIGKILL):
                        raise Trouble(f"{call} {n}: ended with {status}\n{stage.node.tail()}")
                    recover(stage, [round_])
                    if status is None:
                        break
                    kills[call] += 1
                    if budget.over():
                        break
            world.note(f"kills: {dict(kills)}; deliveries went on within {stage.latest:.2f} s")
        finally:
            stage.close()

    return run


def kill_commands(world):
    """A command beside the running node is killed: all of it happened, or nothing; the node goes on."""
    world.need("strace")
    stage = Stage(world.program, world.folder)
    kills = 0
    try:
        points = [(call, n) for call in ("pwrite64", "writev", "fdatasync") for n in range(1, 40 if world.full else 3)]
        for call, n in points:
            before = stage.node.document(f"{stage.alice}/outbox")["totalItems"]
            fault = strace(f"{call}:signal=SIGKILL:when={n}")
            status, out = stage.node.run("post", "alice", f"{call} {n}", before=fault)
            after = stage.node.document(f"{stage.alice}/outbox")["totalItems"]
            kills += status != 0
            if after - before not in ((1,) if status == 0 else (0, 1)):
                raise Trouble(f"{call} {n}: ended with {status}, {before} posts before, {after} after")
            if stage.post(f"after {call} {n}") is None:
                raise Trouble(f"no post can be written after a command was killed\n{stage.node.tail()}")
        wait_delivered(stage.peer, stage.expected_deliveries(), 10, "beside killed commands")
        stage.ledger.check(stage.node)
        stage.node.stop()
        stage.node.check()
        world.note(f"{kills} commands killed")
    finally:
        stage.close()


# -- at random --


class Chaos:
    """Everybody talks all the time, and says again what was not answered; the node dies at random moments."""

    def __init__(self, world, stage, other):
        self.stage = stage
        self.other = other  # a second node, whose people follow alice
        self.random = random.Random(world.seed)
        self.over = threading.Event()
        self.threads = []
        self.rounds = []

    def talk(self, name, steps):
        sender = self.stage.peer.sender(self.stage.node, name)
        for step in steps:
            step.ask(self.stage.ledger)
            while True:
                status, _ = sender.send(step.activity)
                if status == 202:
                    step.ack(self.stage.ledger)
                    break
                if self.over.wait(0.05):
                    return sender.close()
        sender.close()

    def clients(self):
        """One round after the other, each actor in its own time."""
        while not self.over.is_set():
            root = self.stage.post(f"round {self.stage.rounds}")
            if root is None:
                continue
            self.stage.rounds += 1
            round_ = Round(self.stage, root, actors=3, replies=8)
            self.rounds.append(round_)
            talkers = [threading.Thread(target=self.talk, args=item, daemon=True) for item in round_.steps.items()]
            for talker in talkers:
                talker.start()
            for talker in talkers:
                talker.join()

    def posts(self):
        while not self.over.is_set():
            self.stage.post("from time to time")
            self.over.wait(0.1)

    def run(self, rounds, budget):
        self.threads = [threading.Thread(target=target, daemon=True) for target in (self.clients, self.posts)]
        for thread in self.threads:
            thread.start()
        done = 0
        while done < rounds and not (done >= ROUNDS_MIN and budget.over()):
            victim = self.other if done % 5 == 4 else self.stage.node
            time.sleep(min(3, 0.1 + self.random.expovariate(1 / 0.5)))
            victim.kill()
            victim.start()
            done += 1
        self.over.set()
        for thread in self.threads:
            thread.join(60)
            if thread.is_alive():
                raise Trouble("a client does not end")
        return done


def random_kills(world):
    stage = Stage(world.program, world.folder)
    other = Node(world.program, os.path.join(world.folder, "other"))
    try:
        other.init("carol")
        other.start()
        other.command("follow", "carol", f"alice@{stage.node.authority}")
        carol = f"{other.base}/users/carol"
        wait_for("the other node follows", 10,
                 lambda: carol in stage.node.get("/users/alice/followers?page=true")[2].decode())
        chaos = Chaos(world, stage, other)
        done = chaos.run(world.rounds, world.budget())
        wait_delivered(stage.peer, stage.expected_deliveries(), 20, "after the kills")
        for round_ in chaos.rounds:
            round_.repeat()
        stage.ledger.check(stage.node)
        wait_answers(stage, chaos.rounds)
        wait_known(stage, other)
        check_order(stage)
        for node in (stage.node, other):
            node.stop()
            node.check()
        acked = sum(len(ids) for ids in stage.ledger.acked.values())
        world.note(f"{done} kills, {acked} activities and {len(stage.ledger.posts)} posts acknowledged, seed "
                   f"{world.seed}")
    finally:
        stage.close()
        other.remove()


def check_order(stage):
    """What alice wrote first arrived first, whatever died in between (P-06)."""
    for actor, ids in first_arrivals(stage.peer).items():
        numbers = [int(activity.removesuffix("/activity").rsplit("/", 1)[1]) for activity in ids]
        if numbers != sorted(numbers):
            late = [n for before, n in zip(numbers, numbers[1:]) if n < before]
            raise Trouble(f"{actor}: {len(late)} of {len(numbers)} arrived out of order, such as {late[:3]}")


def wait_known(stage, other):
    """The other node has each post of alice, and once."""
    wanted = stage.node.document(f"{stage.alice}/outbox")["totalItems"]

    def count():
        return other.command("account", "show", f"alice@{stage.node.authority}")["posts"]

    try:
        wait_for("the other node has every post", 20, lambda: count() == wanted, 0.2)
    except Trouble:
        raise Trouble(f"alice has {wanted} posts, and the other node knows {count()}\n{other.tail()}")


def repeats(world):
    """Each activity five times at once, to the shared and to a personal inbox, before and after a kill: one effect, and
    every answer is 202 (S-124, P-05)."""
    stage = Stage(world.program, world.folder)
    try:
        round_ = stage.round(actors=6, replies=4)
        before = count_notices(stage)
        for _ in range(2):
            for name, steps in round_.steps.items():
                for step in steps:
                    step.ask(stage.ledger)
                    statuses = all_at_once(stage, name, step.activity)
                    if statuses != [202] * 5:
                        raise Trouble(f"{step.activity['id']} was answered with {statuses}\n{stage.node.tail()}")
                    step.ack(stage.ledger)
            stage.ledger.check(stage.node, exactly=True)
            stage.node.kill()
            stage.node.start()
        wait_answers(stage, [round_])
        told = count_notices(stage) - before
        if told != len(round_.names):
            raise Trouble(f"alice was notified {told} times of {len(round_.names)} likes")
        stage.node.stop()
        stage.node.check()
    finally:
        stage.close()


def count_notices(stage):
    return sum(notice["kind"] == "like" for notice in stage.node.command("notices", "alice", "--limit", "1000"))


def all_at_once(stage, name, activity):
    statuses = []

    def one(target):
        sender = stage.peer.sender(stage.node, name)
        statuses.append(sender.send(activity, target)[0])
        sender.close()

    threads = [threading.Thread(target=one, args=(("/inbox", "/users/bob/inbox")[i % 2],)) for i in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


# -- failing storage, and an orderly end --


ERRORS = ("EIO", "ENOSPC", "EINTR")


def may_end_with(error, call):
    """A failing disk ends the node, a full one does not; unless it is LMDB's head that finds no room, which only a new
    start mends."""
    return (None,) if error == "ENOSPC" and call != "pwrite64" else (None, STORAGE_EXIT)


def storage_errors(world):
    """EIO is never acknowledged over: the process ends with 70, and the next start is clean (S-115)."""
    world.need("strace")
    stage = Stage(world.program, world.folder)
    ends = {error: 0 for error in ERRORS}
    try:
        stage.node.stop()
        numbers = range(1, 51) if world.full else (1, 2, 5, 9)
        budget = world.budget()
        for n, call, error in itertools.product(numbers, ("fdatasync", "pwrite64", "writev"), ERRORS):
            if budget.over():
                break
            world.doing(f"{error} at {call} {n}")
            round_, status = run_until_fault(stage, f"{call}:error={error}:when={n}")
            if status not in may_end_with(error, call):
                raise Trouble(f"{error} at {call} {n}: the node ended with {status}\n{stage.node.tail()}")
            ends[error] += status == STORAGE_EXIT
            recover(stage, [round_])
        if not ends["EIO"] or not stage.node.log_has("event=db_failed"):
            raise Trouble(f"EIO ended the node {ends['EIO']} times, and the log has no word of it")
        world.note(f"ended with {STORAGE_EXIT}: {ends}")
    finally:
        stage.close()


def orderly_end(world):
    """SIGTERM under load: status 0 within 20 s, nothing lost (S-127)."""
    stage = Stage(world.program, world.folder)
    try:
        for _ in range(3):
            round_ = stage.round(actors=4, replies=24)
            round_.begin(posts=1)
            time.sleep(0.3)
            begun = time.monotonic()
            stage.node.stop(20)
            took = time.monotonic() - begun
            round_.over.set()
            round_.end()
            recover(stage, [round_])
            stage.node.start()
        world.note(f"the last end took {took:.2f} s")
    finally:
        stage.close()
