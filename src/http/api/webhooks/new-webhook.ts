import * as v from "valibot";
import { topicForm } from "../../../events/topics.ts";
import { isSecret } from "../../../webhooks/sign.ts";
import { styles } from "../../../webhooks/webhook-values.ts";

/** Webhooks as they are sent. */
const wholeNumber = v.pipe(v.number(), v.integer());

const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100));
const url = v.pipe(v.string(), v.maxLength(2_000), v.description("https, and a public address"));
const topics = v.pipe(
  v.array(
    v.pipe(
      v.string(),
      v.maxLength(100),
      v.regex(topicForm, "must be such as command.finished, command.* or *"),
    ),
  ),
  v.minLength(1),
  v.maxLength(100),
  v.description("Names of events, or beginnings of names with a star"),
);
const includeSecrets = v.pipe(
  v.boolean(),
  v.description(
    "Only with style nanomdm: messages are sent as devices sent them, including unlock tokens and keys",
  ),
);
export const secret = v.pipe(
  v.string(),
  v.check(isSecret, "must be whsec_ and base64 of 24 to 64 bytes"),
  v.description("Your own secret; one is made unless set"),
);
const hmacKey = v.pipe(v.string(), v.minLength(1), v.maxLength(500));

export const NewWebhook = v.pipe(
  v.strictObject({
    name,
    url,
    style: v.optional(v.picklist(styles), "cloudevents"),
    topics: v.optional(topics, ["*"]),
    include_secrets: v.optional(includeSecrets, false),
    secret: v.optional(secret),
    hmac_key: v.optional(
      v.pipe(hmacKey, v.description("Adds NanoMDM's header X-Hmac-Signature, computed with this key")),
    ),
    after: v.optional(
      v.pipe(
        wholeNumber,
        v.minValue(0),
        v.description("Begin after the event with this id; with new events unless set"),
      ),
    ),
  }),
  v.title("NewWebhook"),
);

export const WebhookPatch = v.pipe(
  v.strictObject({
    name: v.exactOptional(name),
    url: v.exactOptional(url),
    topics: v.exactOptional(topics),
    include_secrets: v.exactOptional(includeSecrets),
    hmac_key: v.exactOptional(v.nullable(hmacKey)),
    state: v.exactOptional(v.picklist(["active", "paused"])),
  }),
  v.title("WebhookPatch"),
);
