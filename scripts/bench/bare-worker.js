// What the Worker is measured against: the least that a Worker can do, and the least that one can do which remembers.
import { DurableObject } from "cloudflare:workers";

export class Note extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, at INTEGER)");
  }

  write(at) {
    this.ctx.storage.sql.exec("INSERT OR REPLACE INTO note (id, at) VALUES (1, ?)", at);
  }
}

export default {
  async fetch(request, env) {
    const name = request.headers.get("x-object");
    if (name !== null) await env.NOTE.getByName(name).write(Date.now());
    return new Response();
  },
};
