// The push certificate: which one is used, and the way to a new one.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Card, Facts } from "../../parts/page.tsx";
import { Badge, Copyable, Empty, Meter } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { dateOf } from "../../words/forms.ts";
import { words } from "../../words/words.ts";
import { PushWizard } from "./push-wizard.tsx";

type Certificate = Schemas["PushCertificate"];

export function Push() {
  const said = words("enrollment").push;
  const [wizard, setWizard] = useState<{ renews: Certificate | undefined }>();
  const certificates = useResource((signal) => api.get("/push-certificates", { signal }), []);
  if (wizard !== undefined)
    return (
      <PushWizard
        renews={wizard.renews}
        onClose={() => setWizard(undefined)}
        onDone={() => {
          setWizard(undefined);
          say(said.steps.upload.done);
          certificates.reload();
        }}
      />
    );
  return (
    <>
      <p class="hint lead">{said.hint}</p>
      <Load of={certificates}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty
              title={said.none}
              icon="certificate"
              action={
                <Button
                  kind="primary"
                  may="POST /push-certificate-requests"
                  onClick={() => setWizard({ renews: undefined })}
                >
                  {said.get}
                </Button>
              }
            >
              {said.noneHint}
            </Empty>
          ) : (
            items.map((certificate) => (
              <CertificateCard
                key={certificate.id}
                certificate={certificate}
                onRenew={() => setWizard({ renews: certificate })}
                onChanged={certificates.reload}
              />
            ))
          )
        }
      </Load>
    </>
  );
}

function toneOf({ trouble, days_left, in_use }: Certificate) {
  if (!in_use) return "quiet";
  if (trouble !== null || days_left <= 7) return "bad";
  return days_left <= 60 ? "warn" : "good";
}

function CertificateCard({
  certificate,
  onRenew,
  onChanged,
}: {
  certificate: Certificate;
  onRenew: () => void;
  onChanged: () => void;
}) {
  const said = words("enrollment").push;
  const { id, topic, in_use, account, days_left, not_after, trouble, serial } = certificate;
  const goBack = useAction(async () => {
    const yes = await confirm({ title: said.goBackTitle, text: said.goBackText, yes: said.goBack });
    if (!yes) return;
    await api.patch("/push-certificates/{id}", { path: { id }, body: { in_use: true } });
    say(said.back);
    onChanged();
  });
  const tone = toneOf(certificate);
  return (
    <Card tone={tone}>
      <div class="certificate-line">
        <h2>
          {account ?? topic} <Badge tone={tone}>{in_use ? said.inUse : said.earlier}</Badge>
        </h2>
        {in_use ? (
          <Button
            kind={days_left <= 60 ? "primary" : "plain"}
            icon="update"
            may="POST /push-certificate-requests"
            onClick={onRenew}
          >
            {said.renew}
          </Button>
        ) : (
          days_left > 0 && (
            <Button small may="PATCH /push-certificates/{id}" busy={goBack.busy} onClick={() => goBack.run()}>
              {said.goBack}
            </Button>
          )
        )}
      </div>
      <FaultNote fault={goBack.fault} />
      <Facts
        items={[
          [
            said.ends,
            <>
              {dateOf(not_after)} · {days_left > 0 ? said.daysLeft(days_left) : said.ended}
              {in_use && (
                <Meter value={Math.max(0, days_left)} of={365} label={said.daysLeft(days_left)} tone={tone} />
              )}
            </>,
          ],
          [said.account, account ?? <span class="quiet">{said.accountUnknown}</span>],
          [said.topic, <Copyable key="topic" text={topic} />],
          trouble !== null && [said.trouble, trouble],
          [said.serial, <code key="serial">{serial}</code>],
        ]}
      />
    </Card>
  );
}
