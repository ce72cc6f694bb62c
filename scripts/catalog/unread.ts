// What the files say and this generator does not understand. A newer release may bring it; nothing fails, all is told.
export class Unread {
  readonly #counts = new Map<string, number>();

  note(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  list(): string[] {
    return [...this.#counts].map(([what, count]) => `${what} (${count})`).sort();
  }
}
