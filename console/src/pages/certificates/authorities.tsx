import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Card, Facts } from "../../parts/page.tsx";
import { Badge, CodeBlock, Disclosure, Empty, Time } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

export function Authorities() {
  const said = words("operations").certificates;
  const all = useResource((signal) => api.get("/authorities", { signal }), []);
  const make = useAction(async () => {
    await api.post("/authorities", { body: { if_none: true } });
    say(said.authorityMade);
    all.reload();
  });
  return (
    <>
      <p class="hint lead">{said.authoritiesHint}</p>
      <Load of={all}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty
              title={said.noAuthority}
              icon="certificate"
              action={
                <Button kind="primary" may="POST /authorities" busy={make.busy} onClick={() => make.run()}>
                  {said.makeAuthority}
                </Button>
              }
            >
              {said.noAuthorityHint}
            </Empty>
          ) : (
            items.map((authority) => (
              <OneAuthority key={authority.id} authority={authority} onChange={all.reload} />
            ))
          )
        }
      </Load>
      <FaultNote fault={make.fault} />
    </>
  );
}

function OneAuthority({
  authority: { id, subject, issuing, trusted_only, expires_at, fingerprint, certificate },
  onChange,
}: {
  authority: Schemas["Authority"];
  onChange: () => void;
}) {
  const said = words("operations").certificates;
  const issue = useAction(async () => {
    if (!(await confirm({ title: said.issueTitle, text: said.issueText, yes: said.issue }))) return;
    await api.patch("/authorities/{id}", { path: { id }, body: { issuing: true } });
    say(said.issueDone);
    onChange();
  });
  return (
    <Card>
      <div class="section-head">
        <h2 class="breakable">{subject}</h2>
        <div class="actions">
          <Badge tone={issuing ? "good" : "quiet"}>
            {issuing ? said.issuing : trusted_only ? said.trustedOnly : said.trusted}
          </Badge>
          {!issuing && !trusted_only && (
            <Button small may="PATCH /authorities/{id}" busy={issue.busy} onClick={() => issue.run()}>
              {said.issue}
            </Button>
          )}
        </div>
      </div>
      <Facts
        items={[
          [said.ends, <Time key="ends" at={expires_at} />],
          [
            said.fingerprint,
            <code key="print" class="breakable">
              {fingerprint}
            </code>,
          ],
        ]}
      />
      <Disclosure title={said.pem}>
        <CodeBlock text={certificate} label={said.pem} />
      </Disclosure>
      <FaultNote fault={issue.fault} />
    </Card>
  );
}
