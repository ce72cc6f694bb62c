// A .mobileconfig goes into the library: what is wrong with it is said before it is stored.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { readBytes } from "../../api/files.ts";
import { useAction } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { FileField, TextField } from "../../parts/form.tsx";
import { Badge } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { identifierIn } from "./identifier-in.ts";

const type = "application/octet-stream";

export function UploadProfile({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const said = words("library");
  const [file, setFile] = useState<File>();
  const [identifier, setIdentifier] = useState("");
  const [verdict, setVerdict] = useState<Schemas["ProfileVerdict"]>();
  const check = useAction(async (chosen: File) => {
    const bytes = await readBytes(chosen);
    // A signed or a binary file says nothing here.
    setIdentifier(identifierIn(new TextDecoder().decode(bytes)));
    setVerdict(await api.post("/profiles/validate", { body: { type, bytes } }));
  });
  const save = useAction(async () => {
    if (file === undefined) return;
    const body = { type, bytes: await readBytes(file) } as const;
    await api.put("/profiles/{identifier}", { path: { identifier: identifier.trim() }, body });
    say(said.uploaded);
    onDone();
    onClose();
  });
  return (
    <Dialog title={said.upload} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save.run();
        }}
      >
        <FileField
          label={said.file}
          hint={said.fileHint}
          accept=".mobileconfig,.plist,.xml"
          onFile={(chosen) => {
            setFile(chosen);
            setVerdict(undefined);
            if (chosen) void check.run(chosen);
          }}
        />
        <TextField
          label={said.identifier}
          hint={said.identifierHint}
          value={identifier}
          onInput={setIdentifier}
        />
        <FaultNote fault={check.fault ?? save.fault} />
        {verdict && <Findings findings={verdict.findings} />}
        <div class="actions">
          <Button
            type="submit"
            kind="primary"
            disabled={verdict?.valid !== true || identifier.trim() === ""}
            busy={save.busy || check.busy}
          >
            {said.upload}
          </Button>
          <Button onClick={onClose}>{words("common").say.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function Findings({ findings }: { findings: Schemas["ProfileVerdict"]["findings"] }) {
  const said = words("library");
  if (findings.length === 0) return <p>{said.noFindings}</p>;
  return (
    <ul class="findings">
      {findings.map(({ level, pointer, code, detail }) => (
        <li key={`${pointer} ${code}`}>
          <Badge tone={level === "error" ? "bad" : "warn"}>{said.levels[level]}</Badge> <code>{pointer}</code>
          <p>{detail}</p>
        </li>
      ))}
    </ul>
  );
}
