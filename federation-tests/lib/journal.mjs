// What came in, in order, with waiting for what is still to come.
import { within } from "./tap.mjs";

export class Journal {
  entries = [];
  #waiting = new Set();

  add(entry) {
    this.entries.push(entry);
    for (const look of [...this.#waiting]) look();
  }

  find(fits) {
    return this.entries.find(fits);
  }

  filter(fits) {
    return this.entries.filter(fits);
  }

  // The first entry that fits, now or within the limit.
  async wait(what, fits, limit = 10_000) {
    await this.waitCount(what, 1, fits, limit);
    return this.find(fits);
  }

  // All that fit, once there are that many.
  async waitCount(what, count, fits, limit = 10_000) {
    let look;
    const enough = new Promise((resolve) => {
      look = () => this.filter(fits).length >= count && resolve();
      this.#waiting.add(look);
      look();
    });
    try {
      await within(limit, enough);
    } catch {
      const seen = this.filter(fits).length;
      throw new Error(`${what}: ${seen} of ${count} came within ${limit} ms`);
    } finally {
      this.#waiting.delete(look);
    }
    return this.filter(fits);
  }

  clear() {
    this.entries.length = 0;
  }
}

// Asks again and again until the answer is true (or something), for conditions that nobody tells of.
export async function until(what, ask, limit = 10_000, step = 40) {
  const end = performance.now() + limit;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) throw new Error(`${what}: not so after ${limit} ms`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, step));
  }
}
