// "Try again": one thing that failed, or all of them.
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useAction } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

type Wish = Schemas["RetryWish"];

export function Again({
  device,
  wish = {},
  title,
  onDone,
}: {
  device: string;
  /** Nothing: all that failed. */
  wish?: Wish;
  title?: string;
  onDone: () => void;
}) {
  const said = words("device").again;
  const again = useAction(async () => {
    const { items } = await api.post("/devices/{id}/retry", { path: { id: device }, body: wish });
    say(items.length === 0 ? said.nothing : said.asked(items.length));
    onDone();
  });
  return (
    <>
      <Button
        small
        icon="update"
        may="POST /devices/{id}/retry"
        busy={again.busy}
        onClick={() => again.run()}
      >
        {title ?? said.one}
      </Button>
      <FaultNote fault={again.fault} />
    </>
  );
}
