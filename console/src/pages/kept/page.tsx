// Values of deleted devices: they stay in escrow, and are found by the serial number or the identifier.
import { useState } from "preact/hooks";
import { hasRight } from "../../api/may.ts";
import { Button } from "../../parts/button.tsx";
import { TextField } from "../../parts/form.tsx";
import { Card, PageHead } from "../../parts/page.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { go } from "../../shell/router.ts";
import { words } from "../../words/words.ts";
import { KeptValues } from "../device/recovery.tsx";

export default function KeptPage({ params: { id } }: PageProps) {
  const { kept: said } = words("device");
  const { pages, say } = words("common");
  const [typed, setTyped] = useState(id ?? "");
  return (
    <>
      <PageHead
        back={{ to: "/devices", title: pages.devices }}
        title={pages.kept}
        lead={hasRight("read-escrow") ? said.lead : `${said.lead} ${said.onlyNames}`}
      />
      <Card>
        <form
          class="kept-search"
          onSubmit={(event) => {
            event.preventDefault();
            const wanted = typed.trim();
            if (wanted !== "") void go(`/kept/${encodeURIComponent(wanted)}`);
          }}
        >
          <TextField label={said.which} hint={said.whichHint} mono value={typed} onInput={setTyped} />
          <div class="actions">
            <Button type="submit" kind="primary" icon="search">
              {say.search}
            </Button>
          </div>
        </form>
      </Card>
      {id !== undefined && <KeptValues key={id} id={id} />}
    </>
  );
}
