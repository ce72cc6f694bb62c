import { useState } from "preact/hooks";
import { api, readTagged } from "../../api/api.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button, Link, OutLink } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Card, Facts, PageHead } from "../../parts/page.tsx";
import { Badge, Time } from "../../parts/small.tsx";
import { go } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { dateTimeOf } from "../../words/forms.ts";
import { words } from "../../words/words.ts";
import { EditPolicy } from "./edit.tsx";
import { Progress } from "./progress.tsx";
import { type Policy, platformNames, platformTitle, targetOf } from "./said.ts";

export function OnePolicy({ name }: { name: string }) {
  const said = words("updates");
  const { pages, say: common } = words("common");
  const path = { name };
  const [editing, setEditing] = useState(false);
  const policy = useResource(
    (signal) => readTagged("/software-updates/policies/{name}", { path, signal }),
    [name],
  );
  const remove = useAction(async () => {
    const yes = await confirm({
      title: said.deleteTitle(name),
      text: said.deleteText,
      yes: common.delete,
      danger: true,
      type: name,
    });
    if (!yes) return;
    await api.delete("/software-updates/policies/{name}", { path });
    say(said.deleted);
    await go("/updates");
  });
  return (
    <>
      <PageHead
        title={name}
        lead={policy.value && targetOf(policy.value.value)}
        back={{ to: "/updates", title: pages.updates }}
        actions={
          !editing &&
          policy.value && (
            <>
              <Button
                icon="edit"
                may="PUT /software-updates/policies/{name}"
                onClick={() => setEditing(true)}
              >
                {said.edit}
              </Button>
              <Button
                kind="danger"
                icon="trash"
                may="DELETE /software-updates/policies/{name}"
                busy={remove.busy}
                onClick={() => remove.run()}
              >
                {common.delete}
              </Button>
            </>
          )
        }
      />
      <FaultNote fault={remove.fault} />
      <Load of={policy}>
        {(known) =>
          editing ? (
            <Card>
              <EditPolicy known={known} onSaved={policy.set} onClose={() => setEditing(false)} />
            </Card>
          ) : (
            <>
              <Warnings policy={known.value} />
              <About policy={known.value} />
            </>
          )
        }
      </Load>
      <Progress name={name} policy={policy.value?.value} />
    </>
  );
}

function Warnings({ policy: { audience, warnings } }: { policy: Policy }) {
  const said = words("updates");
  if (audience !== "nobody" && warnings.length === 0) return null;
  return (
    <div class="note tone-warn" role="status">
      <Icon name="warning" />
      <div>
        {audience === "nobody" && (
          <>
            <p class="note-title">{said.nobody}</p>
            <p>{said.nobodyHint}</p>
          </>
        )}
        {warnings.map(({ code, detail }) => (
          <p key={code + detail}>{detail}</p>
        ))}
      </div>
    </div>
  );
}

function About({ policy }: { policy: Policy }) {
  const said = words("updates");
  const sets = policy.sets.length > 0 ? policy.sets : [`software-update.${policy.name}`];
  return (
    <Card>
      <Facts
        items={[
          [said.platforms, platformNames(policy.platforms)],
          [
            said.enforces,
            <ul class="changes" key="enforces">
              {policy.enforces.map((one) => (
                <li key={one.configuration}>
                  <Enforced of={one} />
                </li>
              ))}
            </ul>,
          ],
          [
            said.sets,
            <span class="badges" key="sets">
              {sets.map((set) => (
                <Link key={set} to={`/sets/${encodeURIComponent(set)}`}>
                  {policy.sets.length > 0 ? set : said.ownSet(set)}
                </Link>
              ))}
            </span>,
          ],
          [
            said.plan,
            policy.rollout === null ? (
              said.allAtOnce
            ) : (
              <Link to="/rollouts" query={{ kind: "policy" }} key="plan">
                {policy.rollout}
              </Link>
            ),
          ],
          policy.details_url !== null && [
            said.details,
            <OutLink href={policy.details_url} key="url">
              {policy.details_url}
            </OutLink>,
          ],
          [said.changed, <Time key="changed" at={policy.updated_at} />],
        ]}
      />
    </Card>
  );
}

function Enforced({ of }: { of: Policy["enforces"][number] }) {
  const said = words("updates");
  const { platform, version, deadline, withdrawn, models } = of;
  return (
    <>
      <strong>
        {platformTitle(platform)} {version}
      </strong>
      {withdrawn ? (
        <Badge tone="warn">{said.withdrawn}</Badge>
      ) : (
        <span class="quiet">
          {version === null ? said.unknownVersion : deadline !== null && said.byDay(dateTimeOf(deadline))}
          {models !== null && ` · ${said.onlyModels(models.length)}`}
        </span>
      )}
    </>
  );
}
