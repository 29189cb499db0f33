// Tells when updates were skipped, so that the page asks for the run anew instead of drawing a hole.

export class Sequence {
  #last = 0;

  /** Goes on from a snapshot's number. */
  restart(last: number): void {
    this.#last = last;
  }

  /** False when numbers are missing between this one and the one before. */
  follows(number: number): boolean {
    const next = number <= this.#last + 1;
    this.#last = number;
    return next;
  }
}
