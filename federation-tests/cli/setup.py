"""Cases before a node runs: help, usage, settings, init."""
import os

from kit import Program, expect, mode


def version_and_help(stage):
    program = Program(stage.path)
    about = program("version")
    expect(about["test_hooks"] is True and len(about["libraries"]) >= 5, about)
    expect(program.raw("--version").stdout.startswith("fediflow: "), "--version")
    listed = program.raw("help").stdout
    for name in ("init", "serve", "account create", "queue status", "config check", "restore"):
        expect(f"  {name} " in listed, name, "is not in the help")
    expect(program.raw().stdout == listed, "without words the help is printed")


def every_command_has_help(stage):
    program = Program(stage.path)
    reference = program.raw("help", "--markdown").stdout
    names = [line.split("`")[1].split()[1:] for line in reference.split("\n") if line.startswith("#### `fediflow ")]
    expect(len(names) > 30, "commands:", len(names))
    for words in names:
        words = [word for word in words if word == word.lower()]
        run = program.raw(*words, "--help")
        expect(run.returncode == 0 and "--config FILE" in run.stdout, words, run.stdout, run.stderr)


def wrong_usage_is_told(stage):
    program = Program(stage.path)
    for words, hint in [(["srve"], "serve"), (["post", "x", "y", "--visiblity", "z"], "--visibility"),
                        (["account"], "help"), (["post", "x"], "NAME TEXT"), (["show"], "WHAT"),
                        (["queue", "lst"], "queue list"), (["serve", "now"], "too many")]:
        run = program.raw(*words)
        expect(run.returncode == 2 and hint in run.stderr and not run.stdout, words, run.returncode, run.stderr)


def missing_settings_are_told(stage):
    empty = os.path.join(stage.folder, "empty")
    os.mkdir(empty)
    run = Program(stage.path).raw("account", "list", cwd=empty)
    expect(run.returncode == 78 and "fediflow init" in run.stderr, run.returncode, run.stderr)
    run = Program(stage.path, os.path.join(empty, "none.conf")).raw("serve")
    expect(run.returncode == 78, run.returncode, run.stderr)


def config_check_reports_every_error(stage):
    path = os.path.join(stage.folder, "wrong.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write("[node]\ndomain = example.org\ntitel = x\n[http]\nthreads = many\nlisten = nowhere\n[qeue]\nworkers = 0\n")
    wrong = Program(stage.path, path)
    report = wrong("config", "check", code=78)
    lines = [error["line"] for error in report["errors"]]
    expect(report["ok"] is False and lines == [3, 5, 6, 7], report)
    expect('"title"' in report["errors"][0]["text"] and "[queue]" in report["errors"][3]["text"], report)
    expect("line 5" in wrong.raw("config", "check").stdout, "lines for people")
    expect(wrong.raw("serve").returncode == 78, "serve with wrong settings")


def config_describes_itself(stage):
    program = Program(stage.path, stage.a.config)
    expect(program("config", "check")["ok"] is True, "config check")
    shown = program("config", "show")
    expect(shown["node"]["domain"] == stage.a.host and shown["queue"]["retry_first"] == "1 min", shown)
    sample = program.raw("config", "sample").stdout
    path = os.path.join(stage.folder, "sample.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(sample.replace("#domain = social.example.org", "domain = social.example.org"))
    expect(Program(stage.path, path)("config", "check")["ok"] is True, "the sample is valid")
    expect("| `domain` |" in program.raw("config", "reference").stdout, "reference")
    again = os.path.join(stage.folder, "again.conf")
    with open(again, "w", encoding="utf-8") as file:
        file.write(program.raw("config", "show").stdout)
    expect(Program(stage.path, again)("config", "show") == shown, "what is shown reads back the same")


def init_makes_a_node(stage):
    made = stage.a("init")
    expect(made["domain"] == stage.a.host and made["address"] == stage.a.base, made)
    data = os.path.join(stage.a.folder, "data")
    expect(mode(data) == 0o700 and mode(os.path.join(data, "db")) == 0o700, "modes of folders")
    for name in ("sealing-key", "db/data.mdb", "db/lock.mdb"):
        expect(mode(os.path.join(data, name)) == 0o600, "mode of", name)
    expect(stage.a("init", code=1)["error"] == "exists", "a second init")
    stage.b("init")


def init_writes_settings(stage):
    folder = os.path.join(stage.folder, "fresh")
    os.mkdir(folder)
    fresh = Program(stage.path, os.path.join(folder, "fediflow.conf"))
    expect(fresh("init", code=2)["error"] == "invalid", "without --domain")
    for wrong in (("--domain", "no_domain!"), ("--domain", "example.org", "--listen", "nowhere")):
        fresh("init", *wrong, code=78)
        expect(not os.path.exists(fresh.config), "settings that are wrong were left behind", wrong)
    fresh("init", "--domain", "Example.ORG", "--title", 'The "Example" \\ Org', "--listen", "127.0.0.1:9999")
    expect(mode(fresh.config) == 0o600, "mode of the settings")
    shown = fresh("config", "show")
    expect(shown["node"]["title"] == 'The "Example" \\ Org' and shown["node"]["domain"] == "example.org", shown)
    expect(shown["node"]["data_dir"] == os.path.join(folder, "data"), shown)
    expect(shown["http"]["listen"] == "127.0.0.1:9999", shown)
    with open(fresh.config, encoding="utf-8") as file:
        text = file.read()
    with open(fresh.config, "w", encoding="utf-8") as file:
        file.write(text.replace("Example.ORG", "other.example"))
    run = fresh.raw("account", "list")
    expect(run.returncode == 78 and "cannot change" in run.stderr, "another domain", run.stderr)


def s134_a_key_that_others_may_read_is_refused(stage):
    key = os.path.join(stage.folder, "fresh", "data", "sealing-key")
    config = os.path.join(stage.folder, "fresh", "fediflow.conf")
    with open(config, encoding="utf-8") as file:
        text = file.read()
    with open(config, "w", encoding="utf-8") as file:
        file.write(text.replace("other.example", "example.org"))
    fresh = Program(stage.path, config)
    os.chmod(key, 0o640)
    run = fresh.raw("account", "list")
    expect(run.returncode == 78 and "chmod 600" in run.stderr, run.returncode, run.stderr)
    os.chmod(key, 0o600)
    fresh("account", "list")


CASES = [
    version_and_help,
    every_command_has_help,
    wrong_usage_is_told,
    missing_settings_are_told,
    config_check_reports_every_error,
    config_describes_itself,
    init_makes_a_node,
    init_writes_settings,
    s134_a_key_that_others_may_read_is_refused,
]
