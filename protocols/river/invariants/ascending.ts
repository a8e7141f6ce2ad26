/** Different numbers in ascending order. Most come in that order, so that adding is cheap, and so is asking. */
export class Ascending {
  readonly #numbers: number[] = [];
  /** How many are past: they count, and are smaller than all others. */
  #past = 0;

  /** Puts a number where it belongs; one that is there already changes nothing. */
  add(number: number): void {
    const at = this.#smaller(number);
    if (this.#numbers[at] !== number) this.#numbers.splice(at, 0, number);
  }

  /** Takes a number out, if it is there. */
  remove(number: number): void {
    const at = this.#smaller(number);
    if (this.#numbers[at] === number) this.#numbers.splice(at, 1);
  }

  /** How many are smaller. */
  below(limit: number): number {
    return this.#past + this.#smaller(limit);
  }

  /** The number with so many smaller ones; undefined where it is past, too. */
  at(index: number): number | undefined {
    return index < this.#past ? undefined : this.#numbers[index - this.#past];
  }

  /** Lets go of those that are smaller, which still count. None of them may be added or taken out any more. */
  forgetBelow(limit: number): void {
    const count = this.#smaller(limit);
    this.#numbers.splice(0, count);
    this.#past += count;
  }

  #smaller(limit: number): number {
    let [low, high] = [0, this.#numbers.length];
    const last = this.#numbers[high - 1];
    if (last === undefined || last < limit) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#numbers[middle] ?? limit) < limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
