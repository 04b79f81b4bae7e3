// A wall clock that jumps when it is told to, for nodes that are started with its environment (faults/clock_shim.c).
import { execFileSync } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { program, work } from "./world.mjs";

const source = fileURLToPath(new URL("../faults/clock_shim.c", import.meta.url));

export class Clock {
  constructor() {
    this.file = join(work, `clock-${process.pid}`);
    const shim = join(work, `clock-${process.pid}.so`);
    writeFileSync(this.file, Buffer.alloc(8));
    // a program built with sanitizers takes no other library before its own
    this.works = !readFileSync(program).includes("__asan_init");
    if (this.works) execFileSync("cc", ["-D_GNU_SOURCE", "-O1", "-shared", "-fPIC", "-o", shim, source]);
    this.env = this.works ? { FF_CLOCK: this.file, LD_PRELOAD: shim } : {};
  }

  // That many seconds from the true time. Written in place: it is mapped.
  set(seconds) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(seconds));
    const file = openSync(this.file, "r+");
    writeSync(file, bytes, 0, 8, 0);
    closeSync(file);
  }
}
