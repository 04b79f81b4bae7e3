#!/usr/bin/env python3
"""Drives every command of a built program, most of them beside a running node. Prints TAP and "N passed, N failed".

  federation-tests/cli.py build/fediflow

The node and its peer listen on free ports of loopback, so the program must have been built with test hooks. What a
command changes elsewhere is waited for by looking again and again, with a limit; nothing sleeps for long.
"""
import os
import shutil
import sys
import tempfile
import traceback

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "cli"))

import acts
import communities
import setup
import upkeep
from kit import Failure, Stage

CASES = setup.CASES + acts.CASES + communities.CASES + upkeep.CASES


def show_logs(stage):
    for node in (stage.a, stage.b):
        if os.path.exists(node.log):
            with open(node.log, encoding="utf-8") as file:
                for line in file.readlines()[-8:]:
                    print(f"#   {node.name}: {line.rstrip()}")


def run(stage):
    """How many failed. The cases build on each other, so that each needs what came before."""
    failed = 0
    for number, case in enumerate(CASES, 1):
        name = "command line: " + case.__name__.replace("_", " ")
        try:
            case(stage)
            print(f"ok {number} - {name}", flush=True)
        except Exception as failure:  # a case that breaks must not hide the others
            failed += 1
            print(f"not ok {number} - {name}")
            text = str(failure) if isinstance(failure, Failure) else traceback.format_exc()
            print("\n".join("#   " + line for line in text.split("\n")))
            show_logs(stage)
    return failed


def main():
    if len(sys.argv) != 2 or not os.access(sys.argv[1], os.X_OK):
        print(__doc__, file=sys.stderr)
        return 2
    folder = tempfile.mkdtemp(prefix="fediflow-cli.")
    stage = Stage(os.path.abspath(sys.argv[1]), folder)
    try:
        failed = run(stage)
    finally:
        stage.close()
        shutil.rmtree(folder)
    print(f"1..{len(CASES)}")
    print(f"{len(CASES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
