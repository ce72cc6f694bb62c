import { useState } from "preact/hooks";
import { api } from "../../api/api.ts";
import { useAction } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { Section } from "../../parts/page.tsx";
import { CodeBlock } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { bytes } from "../../words/forms.ts";
import { words } from "../../words/words.ts";

/** The backup is read page by page, as the command line reads it, and given to the person as one file. */
export function Backup() {
  const said = words("operations").system;
  const [parts, setParts] = useState(0);
  const download = useAction(async () => {
    const read: Blob[] = [];
    let cursor: string | undefined;
    do {
      const answer = await api.raw("GET", "/backup", { query: { cursor } });
      const text = await answer.text();
      read.push(new Blob([text]));
      setParts(read.length);
      cursor = cursorOf(text);
    } while (cursor !== undefined);
    const file = new Blob(read, { type: "application/x-ndjson" });
    offer(file, `edgemdm-${new Date().toISOString().slice(0, 10)}.ndjson`);
    say(said.backupDone(bytes(file.size)));
    setParts(0);
  });
  return (
    <Section title={said.tabs.backup} hint={said.backupHint}>
      <div class="actions">
        <Button
          kind="primary"
          icon="download"
          may="GET /backup"
          busy={download.busy}
          onClick={() => download.run()}
        >
          {said.backupDo}
        </Button>
        {parts > 0 && <output class="quiet">{said.backupPages(parts)}</output>}
      </div>
      <FaultNote fault={download.fault} />
      <p class="hint">{said.backupCli}</p>
      <CodeBlock
        label={said.backupCli}
        text={`npm run backup -- --url ${location.origin} --out backup.ndjson`}
      />
    </Section>
  );
}

/** The last line of a page says where the next begins. */
function cursorOf(page: string): string | undefined {
  const last = page.trimEnd().split("\n").at(-1) ?? "{}";
  return (JSON.parse(last) as { next_cursor?: string | null }).next_cursor ?? undefined;
}

function offer(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
