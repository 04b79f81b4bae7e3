"""Cases of looking after a node: peers, queue, backups, signals, the listener for those who watch."""
import os
import shutil
import signal
import socket

from acts import shown
from kit import Program, expect, get, mode, until


def peers_are_decided_about(stage):
    hosts = {row["host"] for row in stage.a("peer", "list")}
    expect(stage.b.host in hosts, hosts)
    expect(stage.a("peer", "block", "Bad.Example", "--note", "spam")["policy"] == "blocked", "block")
    stage.a("peer", "block", "bad.example")
    found = stage.a("peer", "show", "bad.example")
    expect(found["policy"] == "blocked" and found["note"] == "spam", found)
    expect(stage.a("follow", "alice", "x@bad.example", code=77)["error"] in ("blocked", "denied"), "a blocked host")
    expect(stage.a("peer", "allow", "bad.example")["policy"] == "allowed", "allow")
    expect(stage.a("peer", "forget", "bad.example")["policy"] == "default", "forget")
    expect(stage.a("peer", "show", "never.example", code=3)["error"] == "not_found", "never met")
    expect(stage.a("peer", "show", "not a host", code=2)["error"] == "invalid", "no host")


def the_queue_waits_for_a_host_that_is_down(stage):
    stage.b("follow", "bob", stage.a.handle("alice"))
    until(lambda: stage.a("followers", "alice"), "the follow")
    # Both are to be empty: what the other node still had to say when it comes back would end the waiting by itself.
    for node in (stage.a, stage.b):
        until(lambda: all(job["kind"] in ("sweep", "community", "attribute", "poll", "links") for job in node("queue", "list")), "an empty queue")
    stage.b.stop()
    post = stage.a("post", "alice", "Are you there?")
    lane = until(lambda: [row for row in stage.a("queue", "status")["lanes"]
                          if row["lane"] == stage.b.host and row["failures"] > 0], "the failure")[0]
    expect(lane["kind"] == "deliver" and lane["waiting"] == 1 and lane["reason"] and lane["next_attempt"], lane)
    job = stage.a("queue", "list", "--host", stage.b.host)[0]
    expect(job["to"].startswith(stage.b.base) and job["attempts"] >= 1 and not job["dead"], job)
    expect(stage.a("peer", "show", stage.b.host)["waiting"] == 1, "the peer")
    stage.b.start()
    expect(stage.a("queue", "retry", stage.b.host)["retried"] == 1, "retry")
    until(lambda: shown(stage.b, post["uri"]), "the post")


def jobs_are_dropped_and_put_back(stage):
    stage.b.stop()
    post = stage.a("post", "alice", "Dropped first.")
    job = until(lambda: [row for row in stage.a("queue", "list", "--host", stage.b.host) if row["attempts"]], "an attempt")[0]
    expect(stage.a("queue", "drop", job["id"], "--reason", "by hand")["dropped"] == 1, "drop")
    dead = stage.a("queue", "list", "--dead")
    expect(any(row["dead"] and row["reason"] == "by hand" for row in dead), dead)
    expect(stage.a("queue", "drop", job["id"], code=3)["error"] == "not_found", "twice")
    expect(stage.a("queue", "retry", "never.example", code=3)["error"] == "not_found", "no such lane")
    stage.b.start()
    expect(stage.a("queue", "retry", stage.b.host)["retried"] >= 1, "put back")
    until(lambda: shown(stage.b, post["uri"]), "the post")


def the_listener_for_watchers_answers(stage):
    watch = f"http://127.0.0.1:{stage.a.watch}"
    expect(get(watch + "/health") == (200, '{"status":"ok","storage":"ok"}\n'), get(watch + "/health"))
    status, text = get(watch + "/metrics")
    for name in ("fediflow_db_used_bytes", "fediflow_inbox_total{", "fediflow_delivery_total{", "fediflow_start_time_seconds"):
        expect(status == 200 and "\n" + name in text, name)
    expect(get(watch + "/")[0] == 404, "nothing else")
    expect(get(stage.a.base + "/metrics")[0] == 404, "not on the listener for the world")


def checks_find_nothing_wrong(stage):
    expect(stage.a("check") == {"problems": [], "count": 0, "ok": True}, stage.a("check"))
    expect(stage.b("check")["ok"], "the other node")


def backups_restore(stage):
    folder = os.path.join(stage.folder, "backup")
    expect(stage.a("backup", folder)["verified"], "backup")
    expect(mode(folder) == 0o700 and mode(os.path.join(folder, "db")) == 0o700, "modes of folders")
    for name in ("sealing-key", "fediflow.conf", "db/data.mdb"):
        expect(mode(os.path.join(folder, name)) == 0o600, "mode of", name)
    expect(stage.a("backup", folder, code=1)["error"] == "exists", "into a folder with something in it")
    target = os.path.join(stage.folder, "restored")
    os.mkdir(target)
    restored = Program(stage.path, os.path.join(target, "fediflow.conf"))
    restored("restore", folder)
    expect(restored("account", "list") == stage.a("account", "list"), "the same accounts")
    expect(restored("posts", "alice", "--limit", 100) == stage.a("posts", "alice", "--limit", 100), "the same posts")
    expect(restored("check")["ok"], "a sound database")
    expect(restored("restore", folder, code=1)["error"] == "exists", "over a node")
    expect(stage.a("restore", folder, code=69)["error"] == "busy", "over a running node")
    expect(stage.a("restore", os.path.join(stage.folder, "nothing"), code=69)["error"] == "busy", "from nothing")


def damage_is_found(stage):
    folder = os.path.join(stage.folder, "damaged")
    shutil.copytree(os.path.join(stage.folder, "restored"), folder)
    path = os.path.join(folder, "data", "db", "data.mdb")
    with open(path, "rb") as file:
        data = file.read()
    at = data.index(b"Are you there?")
    with open(path, "wb") as file:
        file.write(data[:at] + b"B" + data[at + 1:].replace(b"Are you there?", b"Bre you there?"))
    damaged = Program(stage.path, os.path.join(folder, "fediflow.conf"))
    report = damaged("check", code=70)
    expect(report["ok"] is False and report["count"] > 0 and "table status" in report["problems"][0], report)
    copy = os.path.join(stage.folder, "damaged-backup")
    shutil.copytree(os.path.join(stage.folder, "backup"), copy)
    shutil.copy(path, os.path.join(copy, "db", "data.mdb"))
    os.mkdir(os.path.join(stage.folder, "from-damaged"))
    other = Program(stage.path, os.path.join(stage.folder, "from-damaged", "fediflow.conf"))
    expect(other("restore", copy, code=70)["error"] == "corrupt", "a damaged backup is refused")


def s115_a_node_verifies_before_it_serves_after_a_storage_failure(stage):
    expect(stage.b.stop() == 0, "SIGTERM")
    marker = os.path.join(stage.b.folder, "data", "storage-failed")
    with open(marker, "w", encoding="utf-8"):
        pass
    stage.b.start()
    expect(stage.b.logged("db_verified") and not os.path.exists(marker), "it verifies once")
    damaged = os.path.join(stage.folder, "damaged")
    with open(os.path.join(damaged, "data", "storage-failed"), "w", encoding="utf-8"):
        pass
    run = Program(stage.path, os.path.join(damaged, "fediflow.conf")).raw("serve")
    expect(run.returncode == 70 and "fediflow check" in run.stderr, "a damaged database is not served", run.stderr)


def a_second_node_is_refused(stage):
    run = stage.a.raw("serve")
    expect(run.returncode == 69 and "running" in run.stderr, run.returncode, run.stderr)
    run = Program(stage.path, os.path.join(stage.folder, "restored", "fediflow.conf")).raw("serve")
    expect(run.returncode == 69 and run.stderr.count("fediflow: "), "an address that is taken", run.stderr[-300:])


def sighup_reads_the_settings_again(stage):
    with open(stage.a.config, encoding="utf-8") as file:
        text = file.read()
    stage.a.write(text.replace("level = info", "level = debug"))
    stage.a.process.send_signal(signal.SIGHUP)
    until(lambda: stage.a.logged("conf_reloaded"), "the reload")
    get(stage.a.base + "/@alice")
    until(lambda: stage.a.logged("http_request"), "a line of level debug")
    stage.a.write(text.replace("level = info", "level = loud"))
    stage.a.process.send_signal(signal.SIGHUP)
    until(lambda: stage.a.logged("conf_refused"), "the refusal")
    expect("one of" in stage.a.logged("conf_refused")[0], "the reason")
    expect(stage.a.process.poll() is None and get(stage.a.base + "/@alice")[0] == 200, "the node goes on")
    stage.a.write(text)


def s127_sigterm_stops_and_a_start_goes_on(stage):
    expect(stage.a.stop() == 0, "SIGTERM")
    expect(stage.a.logged("node_stopped"), "the last line")
    stage.a.start()
    expect(stage.a.stop(signal.SIGINT) == 0, "SIGINT")
    stage.a.start()
    post = stage.a("post", "alice", "After a restart.")
    until(lambda: shown(stage.b, post["uri"]), "the post")


def service_managers_are_told(stage):
    stage.a.stop()
    path = os.path.join(stage.folder, "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(path)
        listener.settimeout(20)
        stage.a.start(NOTIFY_SOCKET=path, WATCHDOG_USEC="200000")
        expect(listener.recv(100) == b"READY=1", "READY=1")
        expect(listener.recv(100) == b"WATCHDOG=1", "WATCHDOG=1")
        stage.a.process.send_signal(signal.SIGTERM)
        said = b""
        while said != b"STOPPING=1":
            said = listener.recv(100)
    expect(stage.a.stop() == 0, "the stop")
    stage.a.start()


def a_long_path_still_has_a_control_socket(stage):
    stage.a.stop()
    long = os.path.join(stage.a.folder, "d" * 60, "e" * 60)
    os.makedirs(os.path.dirname(long))
    os.rename(os.path.join(stage.a.folder, "data"), long)
    with open(stage.a.config, encoding="utf-8") as file:
        text = file.read()
    stage.a.write(text.replace("data_dir = data", f'data_dir = "{long}"'))
    stage.a.start()
    post = stage.a("post", "alice", "From far down.")
    until(lambda: shown(stage.b, post["uri"]), "the post")


CASES = [
    peers_are_decided_about,
    the_queue_waits_for_a_host_that_is_down,
    jobs_are_dropped_and_put_back,
    the_listener_for_watchers_answers,
    checks_find_nothing_wrong,
    backups_restore,
    damage_is_found,
    s115_a_node_verifies_before_it_serves_after_a_storage_failure,
    a_second_node_is_refused,
    sighup_reads_the_settings_again,
    s127_sigterm_stops_and_a_start_goes_on,
    service_managers_are_told,
    a_long_path_still_has_a_control_socket,
]
