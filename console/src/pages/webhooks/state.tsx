import type { Schemas } from "../../../../client/api.d.ts";
import type { Tone } from "../../parts/page.tsx";
import { Badge } from "../../parts/small.tsx";
import { words } from "../../words/words.ts";

export function WebhookState({ webhook: { state, failing_since } }: { webhook: Schemas["Webhook"] }) {
  const said = words("operations").webhooks;
  const [tone, word]: [Tone, string] =
    state === "paused"
      ? ["warn", said.paused]
      : failing_since !== null
        ? ["bad", said.failing]
        : ["good", said.active];
  return <Badge tone={tone}>{word}</Badge>;
}
