import type { FakeContentService } from "../../../test/support/fake-content/service.ts";
import { Trouble } from "../../trouble.ts";

const orders = ["assets/associate", "assets/disassociate", "assets/revoke"];
const lists = ["client/config", "assets", "assignments", "users"];

/** What was asked of Apple's service for Apps and Books, by its paths. */
export class CallCount {
  readonly #service: FakeContentService;
  #from = 0;

  constructor(service: FakeContentService) {
    this.#service = service;
  }

  again(): void {
    this.#from = this.#service.requests.length;
  }

  said(): string {
    const words = [...this.#byPath()].map(([path, count]) => `${count} ${path}`);
    return `${this.#all().length} calls to Apple (${words.join(", ")})`;
  }

  /**
   * Lists are read when a location is stored, and then every hour; limits every five minutes at most; the store once a day.
   * An order is followed by some looks.
   */
  refuseMoreThan(most: { orders: number; seconds: number }): void {
    const counts = this.#byPath();
    const of = (paths: readonly string[]): number =>
      paths.reduce((sum, path) => sum + (counts.get(path) ?? 0), 0);
    const ordered = of(orders);
    if (ordered > most.orders) throw new Trouble(`${ordered} orders are more than ${most.orders}`);
    const limits = of(["service/config"]);
    if (limits > Math.ceil(most.seconds / 300) + 1) throw new Trouble(`the limits were read ${limits} times`);
    const looks = of(["status"]);
    if (looks > 3 * ordered) throw new Trouble(`${ordered} orders were looked at ${looks} times`);
    if (of(lists) > 0 && most.seconds < 3_000) throw new Trouble(`lists were read: ${this.said()}`);
  }

  #all = () => this.#service.requests.slice(this.#from);

  #byPath(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { path } of this.#all()) {
      const name = path.endsWith("/lookup") ? "lookup" : path.replace(/^\/mdm\/v2\//, "");
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }
}
