"""Traffic that is written down: a peer's actors who follow, reply and like, people here who post and delete."""
import os
import threading

from ledger import Ledger
from node import Node, Trouble, wait_for
from peer import Peer

REPLIES = 5
RETRIES = 200  # of what was answered with 503
RETRY_SECONDS = 0.05


class Stage:
    """A node with two people, a peer, and a follower there who hears of everything that alice posts."""

    def __init__(self, program, folder, settings=None, data=None, env=None):
        os.makedirs(folder, exist_ok=True)
        self.node = Node(program, os.path.join(folder, "node"), settings, data)
        self.node.env.update(env or {})
        self.peer = Peer()
        self.ledger = Ledger(os.path.join(folder, "ledger"))
        self.rounds = 0
        self.latest = 0  # seconds from a start to the last delivery that was owed
        self.node.init("alice", "bob")
        self.alice = f"{self.node.base}/users/alice"
        self.bob = f"{self.node.base}/users/bob"
        self.node.start()
        follow = self.peer.activity("Follow", "listener", "listener", object=self.alice)
        sender = self.peer.sender(self.node, "listener")
        status, _ = sender.send(follow)
        sender.close()
        if status != 202:
            raise Trouble(f"a follow was answered with {status}\n{self.node.tail()}")

    def close(self):
        self.node.remove()
        self.peer.close()

    def post(self, text, *options):
        """By alice; None when it was not acknowledged."""
        address = self.node.post("alice", text, *options)
        if address is not None:
            self.ledger.ack_post(address)
        return address

    def delete(self, address):
        self.ledger.ask_deletion(address)
        status, _ = self.node.run("delete-post", "alice", address)
        if status == 0:
            self.ledger.ack_deletion(address)

    def round(self, actors=4, replies=REPLIES):
        """The next round's traffic, about a new post."""
        self.rounds += 1
        root = self.post(f"round {self.rounds}")
        if root is None:
            raise Trouble(f"a post was refused\n{self.node.tail()}")
        return Round(self, root, actors, replies)

    def expected_deliveries(self):
        """Ids of activities that the peer must hear of sooner or later."""
        return {f"{address}/activity" for address in self.ledger.posts if address not in self.ledger.deleting}


class Step:
    """One activity of one actor: what it adds to the state, or takes back."""

    def __init__(self, activity, kind, about, item, undo=False):
        self.activity = activity
        self.kind = kind
        self.about = about
        self.item = item
        self.undo = undo

    def ask(self, ledger):
        (ledger.ask_undo if self.undo else ledger.ask)(self.kind, self.about, self.item)

    def ack(self, ledger):
        (ledger.ack_undo if self.undo else ledger.ack)(self.kind, self.about, self.item)


class Round:
    def __init__(self, stage, root, actors, replies):
        self.stage = stage
        self.root = root
        self.names = [f"r{stage.rounds}a{i}" for i in range(actors)]
        self.steps = {name: self.steps_of(name, i, replies) for i, name in enumerate(self.names)}
        self.threads = []
        self.over = threading.Event()
        self.refused = []

    def steps_of(self, name, index, replies):
        peer, bob = self.stage.peer, self.stage.bob
        actor = peer.actor(name)
        follow = peer.activity("Follow", name, f"{name}-f", object=bob)
        like = peer.activity("Like", name, f"{name}-l", object=self.root)
        steps = [Step(follow, "follower", bob, actor), Step(like, "like", self.root, actor)]
        for i in range(replies):
            create = peer.create(name, f"{name}-{i}", self.root)
            steps.insert(i + 1, Step(create, "reply", self.root, create["object"]["id"]))
        if index % 2 == 1:
            undo = peer.activity("Undo", name, f"{name}-u", object=follow)
            steps.append(Step(undo, "follower", bob, actor, undo=True))
        return steps

    def follows(self):
        return [steps[0].activity["id"] for steps in self.steps.values()]

    def play(self, name, strict):
        """All steps of an actor, in their order; strict: each must be acknowledged."""
        sender = self.stage.peer.sender(self.stage.node, name)
        for step in self.steps[name]:
            if self.over.is_set():
                break
            step.ask(self.stage.ledger)
            status = self.send(sender, step, strict)
            if status == 202:
                step.ack(self.stage.ledger)
                continue
            if strict or status not in (0, 503):
                self.refused.append((status, step.activity["id"]))
            break
        sender.close()

    def send(self, sender, step, strict):
        """A peer keeps its order: what was refused for now comes again before what follows it, as an Undo its Follow."""
        for _ in range(1 if strict else RETRIES):
            status, _ = sender.send(step.activity)
            if status != 503 or self.over.wait(RETRY_SECONDS):
                break
        return status

    def begin(self, posts=2, doomed=None, strict=False):
        """All actors at once, and people here beside them."""
        targets = [(self.play, (name, strict)) for name in self.names]
        if posts:
            targets.append((self.people, (posts, doomed)))
        self.threads = [threading.Thread(target=target, args=args, daemon=True) for target, args in targets]
        for thread in self.threads:
            thread.start()

    def people(self, posts, doomed):
        for i in range(posts):
            self.stage.post(f"of {self.root}: {i}")
        if doomed is not None:
            self.stage.delete(doomed)

    def running(self):
        return any(thread.is_alive() for thread in self.threads)

    def end(self, seconds=30):
        """Waits until nobody speaks any more."""
        wait_for("the round's traffic ends", seconds, lambda: not self.running())
        if self.refused:
            raise Trouble(f"answered with {self.refused[:3]}\n{self.stage.node.tail()}")

    def repeat(self):
        """Everything once more, by the same ids, as a peer does that heard no answer: now all is acknowledged."""
        self.over.clear()
        self.begin(posts=0, strict=True)
        self.end()
