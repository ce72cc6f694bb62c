// Requests to the least object that keeps a queue (bare-worker.js).
import { commandBody } from "./fleet.ts";
import type { Lane, Shot } from "./load.ts";

type Asked = "create" | "enqueue" | "report" | "answer";

/** As long as the answer of a device to the commands here. */
const answer = Buffer.alloc(1_200, "a");

/** `answer`: the result of that command. Like a report without one, it is answered with the next command. */
export function note(object: number, asked: Asked, uuid = "", expected = ""): Shot {
  const body = asked === "enqueue" ? commandBody(uuid) : asked === "answer" ? answer : undefined;
  const head = [
    `${body ? "PUT" : "GET"} /${asked} HTTP/1.1`,
    "host: localhost",
    `x-object: note-${object}`,
    `x-uuid: ${uuid}`,
    `content-length: ${body?.length ?? 0}`,
  ];
  return {
    bytes: Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body ?? Buffer.alloc(0)]),
    expected,
  };
}

/** Fetches commands that wait, as a device does: each answer is answered with the next. */
export const noteConversation = (object: number, uuids: readonly string[]): Lane => [
  note(object, "report", "", uuids[0]),
  ...uuids.map((uuid, at) => note(object, "answer", uuid, uuids[at + 1])),
];
