import type { EventRow } from "../../db/events.ts";
import type { ChannelKind } from "../../mdm/channel.ts";
import type { OpenWebhook } from "../webhook.ts";
import { cloudEvent } from "./cloudevents.ts";
import { type Message, publicEvent } from "./message.ts";
import { nanoEvent, nanoTopicOf } from "./nanomdm.ts";
import { originalOf } from "./original.ts";
import { slackMessage } from "./slack.ts";

/** Whether the style has a form for the event. */
export const isSayable = (style: OpenWebhook["row"]["style"], event: EventRow): boolean =>
  style !== "nanomdm" || nanoTopicOf(event) !== undefined || event.name === "webhook.ping";

export type Composer = (event: EventRow) => Promise<Message>;

/** `kindOf`: the kind of the channel in the directory. */
export function composer(
  env: Env,
  { row }: OpenWebhook,
  source: string,
  kindOf: (event: EventRow) => ChannelKind | undefined,
): Composer {
  switch (row.style) {
    case "cloudevents":
      return async (event) => cloudEvent(event, source);
    case "slack":
      return async (event) => slackMessage(event);
    case "nanomdm":
      return async (event) => {
        const topic = nanoTopicOf(event);
        if (topic === undefined) return plain(event);
        const kind = kindOf(event) ?? (event.userId === null ? "device" : "mac_user");
        return nanoEvent(event, topic, {
          raw: await originalOf(env, event, topic, kind, row.includeSecrets),
          kind,
        });
      };
  }
}

/** NanoMDM has no test message. */
const plain = (event: EventRow): Message => ({
  body: JSON.stringify({
    topic: `edgemdm.${event.name}`,
    created_at: new Date(event.at).toISOString(),
    event: publicEvent(event),
  }),
  contentType: "application/json; charset=utf-8",
});
