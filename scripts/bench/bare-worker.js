// What the Worker is measured against: the least that a Worker can do, and the least object that keeps a queue: it writes
// the rows that a command of a device needs, and nothing else. It checks nobody and seals nothing.
import { DurableObject } from "cloudflare:workers";

export class Note extends DurableObject {
  #sql;

  constructor(ctx, env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
  }

  /** Once for each object, so that an opening writes nothing. */
  create() {
    for (const table of [
      "queue (id INTEGER PRIMARY KEY, uuid TEXT, state TEXT, sent_at INTEGER, body BLOB)",
      "finished (id INTEGER PRIMARY KEY, uuid TEXT, state TEXT, sent_at INTEGER, body BLOB, result BLOB)",
      "outbox (seq INTEGER PRIMARY KEY, event TEXT)",
    ])
      this.#sql.exec(`CREATE TABLE IF NOT EXISTS ${table}`);
  }

  enqueue(uuid, body) {
    this.#sql.exec(
      `INSERT INTO queue VALUES (1 + max(coalesce((SELECT max(id) FROM queue), 0),
         coalesce((SELECT max(id) FROM finished), 0)), ?, 'queued', NULL, ?)`,
      uuid,
      body,
    );
    this.#tell("queued", uuid);
  }

  /** A result, if there is one, and then the next command; undefined: none waits. */
  report(uuid, result) {
    if (uuid !== undefined) {
      this.#sql.exec(
        "INSERT INTO finished SELECT id, uuid, 'acknowledged', sent_at, body, ? FROM queue WHERE uuid = ?",
        result,
        uuid,
      );
      this.#sql.exec("DELETE FROM queue WHERE uuid = ?", uuid);
      this.#tell("finished", uuid);
    }
    const [next] = this.#sql.exec("SELECT id, body FROM queue ORDER BY id LIMIT 1").toArray();
    if (next === undefined) return undefined;
    this.#sql.exec("UPDATE queue SET state = 'sent', sent_at = ? WHERE id = ?", Date.now(), next.id);
    return next.body;
  }

  #tell(name, uuid) {
    const event = JSON.stringify({ name, uuid, at: Date.now() });
    this.#sql.exec("INSERT INTO outbox (event) VALUES (?)", event);
  }
}

/** As the Worker writes one for each request. */
function logLine() {
  const request_id = crypto.randomUUID();
  const ids = { request_id, device_id: "00008110-001A2B3C4D5E6F70", token_id: undefined };
  console.log(
    JSON.stringify({
      event: "request",
      route: "/mdm",
      method: "PUT",
      status: 200,
      ms: Date.now() % 10,
      ...ids,
    }),
  );
}

export default {
  async fetch(request, env) {
    for (let lines = Number(request.headers.get("x-lines")); lines > 0; lines--) logLine();
    const name = request.headers.get("x-object");
    if (name === null) return new Response();
    const note = env.NOTE.getByName(name);
    const body = request.body === null ? undefined : await request.arrayBuffer();
    const uuid = request.headers.get("x-uuid");
    switch (new URL(request.url).pathname) {
      case "/create":
        return new Response(await note.create());
      case "/enqueue":
        return new Response(await note.enqueue(uuid, body));
      case "/answer":
        return new Response(await note.report(uuid, body));
      default:
        return new Response(await note.report());
    }
  },
};
