import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Load } from "../../parts/fault.tsx";
import { Card, Facts } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { words } from "../../words/words.ts";

export function Signing() {
  const said = words("operations").certificates;
  const all = useResource((signal) => api.get("/signing-certificates", { signal }), []);
  return (
    <>
      <p class="hint lead">{said.signingHint}</p>
      <Load of={all}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={said.signingNone} icon="certificate">
              {said.signingNoneHint}
            </Empty>
          ) : (
            items.map(({ id, subject, in_use, not_after, fingerprint }) => (
              <Card key={id}>
                <div class="section-head">
                  <h2 class="breakable">{subject}</h2>
                  <Badge tone={in_use ? "good" : "quiet"}>{in_use ? said.inUse : said.notInUse}</Badge>
                </div>
                <Facts
                  items={[
                    [said.ends, <Time key="ends" at={not_after} />],
                    [
                      said.fingerprint,
                      <code key="print" class="breakable">
                        {fingerprint}
                      </code>,
                    ],
                  ]}
                />
              </Card>
            ))
          )
        }
      </Load>
    </>
  );
}
