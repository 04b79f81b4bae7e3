// One suite: its tests run one after another, each with a time limit, and print TAP.
import { takeFaults } from "./own-api.mjs";

const LIMIT_MS = 30_000;

export class Suite {
  #name;
  #count = 0;
  #failed = 0;
  #logs = []; // functions that return what a server said since they were last asked

  constructor(name) {
    this.#name = name;
    console.log(`# ${name}`);
  }

  // What to show when a test fails.
  watch(log) {
    this.#logs.push(log);
  }

  async test(sentence, body, limit = LIMIT_MS) {
    for (const log of this.#logs) log();
    this.#count++;
    try {
      await within(limit, body());
      // of answers that nobody has looked at
      const faults = takeFaults();
      if (faults.length > 0) throw new Error(faults.join("\n"));
      console.log(`ok ${this.#count} - ${this.#name}: ${sentence}`);
      return true;
    } catch (error) {
      this.#failed++;
      console.log(`not ok ${this.#count} - ${this.#name}: ${sentence}`);
      comment(error?.stack ?? error);
      if (error?.cause !== undefined) comment(`because of ${error.cause?.stack ?? error.cause}`);
      for (const log of this.#logs) comment(log());
      return false;
    }
  }

  // What cannot be tried here, and why.
  skip(sentence, why) {
    this.#count++;
    console.log(`ok ${this.#count} - ${this.#name}: ${sentence} # SKIP ${why}`);
  }

  note(text) {
    comment(text);
  }

  // Prints the plan and ends the process; nothing may hold it back.
  end() {
    console.log(`1..${this.#count}`);
    process.exit(this.#failed === 0 ? 0 : 1);
  }
}

function comment(text) {
  const lines = String(text ?? "").trimEnd();
  if (lines !== "") console.log(lines.replace(/^/gm, "#   "));
}

export async function within(limit, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${limit} ms`)), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

// Runs a suite from its set-up to its end; what fails outside of a test is a failure, too.
export async function run(name, body) {
  const suite = new Suite(name);
  try {
    await body(suite);
  } catch (error) {
    await suite.test("runs to its end", () => Promise.reject(error));
  }
  suite.end();
}
