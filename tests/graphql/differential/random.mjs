/** Makes random choices. The same seed always results in the same choices. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) >>> 0;
  }

  /** Returns a number in [0, 1), by the algorithm mulberry32. */
  number() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Returns a whole number in [0, limit). */
  integerBelow(limit) {
    return Math.floor(this.number() * limit);
  }

  /** Returns a whole number from `min` to `max`, inclusive. */
  integerBetween(min, max) {
    return min + this.integerBelow(max - min + 1);
  }

  /** Returns true with this probability. */
  boolean(probability) {
    return this.number() < probability;
  }

  pick(items) {
    return items[this.integerBelow(items.length)];
  }

  /** Picks an item from pairs `[weight, item]`. */
  pickWeighted(items) {
    let rest = this.number() * items.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, item] of items) {
      rest -= weight;
      if (rest < 0) return item;
    }
    return items[items.length - 1][1];
  }

  /** Returns a copy of the list in random order. */
  shuffle(items) {
    const copy = [...items];
    for (let i = copy.length - 1; i > 0; --i) {
      const j = this.integerBelow(i + 1);
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  }
}
