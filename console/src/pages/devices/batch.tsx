// What can be done to several devices at once: to those that are selected and still in the list.
import { api } from "../../api/api.ts";
import { hasRole, may } from "../../api/may.ts";
import { useAction } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { say as news } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

export function Batch({ ids, onDone }: { ids: readonly string[]; onDone: () => void }) {
  const { act, batch } = words("devices");
  const { say } = words("common");
  const targets = { ids: [...ids] };
  const wake = useAction(async () => {
    await api.post("/batches", { body: { push: true, targets } });
    news(batch.woken(ids.length));
    onDone();
  });
  const restart = useAction(async () => {
    const title = act.restart;
    if (!(await confirm({ title, text: batch.restartText(ids.length), yes: title }))) return;
    await api.post("/batches", { body: { request_type: "RestartDevice", targets } });
    news(batch.given(ids.length));
    onDone();
  });
  const erase = useAction(async () => {
    const title = act.erase;
    const type = String(ids.length);
    if (!(await confirm({ title, text: batch.eraseText(ids.length), yes: title, danger: true, type })))
      return;
    const made = await api.post("/batches", {
      body: { request_type: "EraseDevice", targets, confirm: ids.length },
    });
    news(made.state === "held" ? batch.held(ids.length) : batch.given(ids.length));
    onDone();
  });
  const busy = wake.busy || restart.busy || erase.busy;
  if (ids.length === 0 || !may("POST /batches")) return null;
  return (
    <div class="batch">
      <FaultNote fault={wake.fault ?? restart.fault ?? erase.fault} />
      <div class="actions">
        <span role="status">{say.selected(ids.length)}</span>
        <Button busy={busy} onClick={() => wake.run()}>
          {batch.wake}
        </Button>
        <Button busy={busy} onClick={() => restart.run()}>
          {act.restart}
        </Button>
        {hasRole("admin") && (
          <Button kind="danger" busy={busy} onClick={() => erase.run()}>
            {act.erase}
          </Button>
        )}
      </div>
    </div>
  );
}
