import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useAction, useList } from "../../api/resource.ts";
import { Button, Link } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { FilterBar } from "../../parts/filters.tsx";
import type { Tone } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { query } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

type Certificate = Schemas["Certificate"];

export function Issued() {
  const said = words("operations").certificates;
  const chosen = query.value.get("revoked");
  const revoked = chosen === null ? undefined : chosen === "true";
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/certificates", { query: { revoked, cursor }, ...(signal && { signal }) }),
    [revoked],
  );
  const revoke = useAction(async ({ fingerprint }: Certificate) => {
    const yes = await confirm({
      title: said.revokeTitle,
      text: said.revokeText,
      yes: said.revoke,
      danger: true,
    });
    if (!yes) return;
    await api.post("/certificates/{fingerprint}/revoke", { path: { fingerprint }, body: {} });
    say(said.revokeDone);
    list.reload();
  });
  return (
    <>
      <FilterBar
        filters={[
          {
            name: "revoked",
            title: said.state,
            options: [
              ["false", said.notRevoked],
              ["true", said.onlyRevoked],
            ],
          },
        ]}
      />
      <FaultNote fault={revoke.fault} />
      <Table
        label={said.tabs.issued}
        list={list}
        idOf={({ fingerprint }) => fingerprint}
        columns={[
          {
            key: "subject",
            title: said.subject,
            cell: ({ subject, serial }) => (
              <span class="breakable">
                {subject} <span class="quiet">{serial}</span>
              </span>
            ),
          },
          {
            key: "device",
            title: said.device,
            cell: ({ device_id }) =>
              device_id === null ? (
                <span class="quiet">{said.noDevice}</span>
              ) : (
                <Link to={`/devices/${encodeURIComponent(device_id)}`} class="breakable">
                  {device_id}
                </Link>
              ),
          },
          { key: "state", title: said.state, cell: (certificate) => <State certificate={certificate} /> },
          { key: "purpose", title: said.purpose, wide: true, cell: ({ purpose }) => said.purposes[purpose] },
          { key: "how", title: said.how, wide: true, cell: ({ how }) => <code>{how}</code> },
          { key: "ends", title: said.ends, cell: ({ expires_at }) => <Time at={expires_at} /> },
          {
            key: "do",
            title: "",
            cell: (certificate) =>
              certificate.revoked_at === null && (
                <Button
                  small
                  kind="quiet"
                  may="POST /certificates/{fingerprint}/revoke"
                  label={`${said.revoke}: ${certificate.serial}`}
                  onClick={() => revoke.run(certificate)}
                >
                  {said.revoke}
                </Button>
              ),
          },
        ]}
        empty={
          <Empty
            title={chosen === null ? said.issuedNone : words("common").say.nothingFits}
            icon="certificate"
          />
        }
      />
    </>
  );
}

function State({ certificate: { revoked_at, expires_at } }: { certificate: Certificate }) {
  const said = words("operations").certificates;
  const [tone, word]: [Tone, string] =
    revoked_at !== null
      ? ["bad", said.revoked]
      : Date.parse(expires_at) < Date.now()
        ? ["quiet", said.ended]
        : ["good", said.valid];
  return <Badge tone={tone}>{word}</Badge>;
}
