import type { EventRow } from "../../db/events.ts";
import { isoTime, type Message } from "./message.ts";

/** Slack's incoming webhooks: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
const longestValue = 300;
const mostFields = 10;

export function slackMessage(event: EventRow): Message {
  const title = titleOf(event);
  const facts = Object.entries(event.detail).filter(
    ([name, value]) => value !== null && value !== "" && !toldInTitle.includes(name),
  );
  const fields = facts.slice(0, mostFields).map(([name, value]) => ({
    type: "mrkdwn",
    text: `*${escaped(spelled(name))}*\n${escaped(cut(String(value)))}`,
  }));
  const body = JSON.stringify({
    text: escaped(title),
    blocks: [
      { type: "section", text: { type: "mrkdwn", text: `*${escaped(title)}*` } },
      ...(fields.length > 0 ? [{ type: "section", fields }] : []),
      {
        type: "context",
        elements: [{ type: "mrkdwn", text: escaped(`${event.name} · ${isoTime(event.at)}`) }],
      },
    ],
  });
  return { body, contentType: "application/json; charset=utf-8" };
}

const toldInTitle: readonly string[] = ["title"];

/** A problem has its own sentence; for other events the name is used. */
function titleOf({ name, deviceId, detail }: EventRow): string {
  if (typeof detail.title === "string") {
    const how = { "problem.closed": "Solved: ", "problem.reminded": "Still: " }[name] ?? "";
    return `${how}${cut(detail.title)}`;
  }
  const what = name.split(".").map(spelled).join(" ");
  return deviceId === "" ? what : `${what}: ${deviceId}`;
}

const spelled = (name: string): string => name.replaceAll("_", " ");
const cut = (text: string): string =>
  text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;

// The three characters that have a meaning in Slack.
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
