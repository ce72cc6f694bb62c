// How devices enroll from now on, and what each keeps for life.
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, type Tagged } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useResource } from "../../api/resource.ts";
import { Load } from "../../parts/fault.tsx";
import { CheckField, Form, SelectField, TextField, useTaggedForm } from "../../parts/form.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Card, Facts, Section } from "../../parts/page.tsx";
import { Copyable } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

type Known = Schemas["EnrollmentSettings"];

const kinds = ["device", "ade", "account_device", "user"] as const;
const attestations = ["default", "required", "preferred", "off"] as const;

export function Settings() {
  const settings = useResource((signal) => readTagged("/enrollment/settings", { signal }), []);
  return (
    <>
      <p class="hint lead">{words("enrollment").settings.hint}</p>
      <Load of={settings} rows={8}>
        {(known) => (
          <>
            <ForLife known={known.value} />
            <Changeable known={known} onSaved={settings.set} />
          </>
        )}
      </Load>
    </>
  );
}

function ForLife({ known: { effective } }: { known: Known }) {
  const said = words("enrollment").settings;
  const isWell = effective.ready && effective.warning === null;
  return (
    <Section title={said.forLife} hint={said.forLifeHint}>
      <div class={`note tone-${isWell ? "good" : "warn"}`}>
        <Icon name={isWell ? "check" : "warning"} />
        <div>
          <p class="note-title">{effective.ready ? said.ready : said.notReady}</p>
          {(effective.problem ?? effective.warning) && <p>{effective.problem ?? effective.warning}</p>}
        </div>
      </div>
      <Card>
        <Facts
          items={[
            [
              said.topic,
              effective.Topic === null ? (
                <span class="quiet">{said.topicNone}</span>
              ) : (
                <Copyable text={effective.Topic} />
              ),
            ],
            [said.server, <Copyable key="server" text={effective.ServerURL} />],
            [said.checkIn, <Copyable key="check-in" text={effective.CheckInURL} />],
          ]}
        />
      </Card>
    </Section>
  );
}

const valuesOf = ({ profile, attestation, account_driven, open_enrollment, challenge_hours }: Known) => ({
  displayName: profile.PayloadDisplayName ?? "",
  organization: profile.PayloadOrganization ?? "",
  description: profile.PayloadDescription ?? "",
  removal: profile.PayloadRemovalDisallowed ?? false,
  open: open_enrollment ?? false,
  accountDriven: account_driven.enabled ?? false,
  hours: challenge_hours === null ? "" : String(challenge_hours),
  device: attestation.device ?? "default",
  ade: attestation.ade ?? "default",
  account_device: attestation.account_device ?? "default",
  user: attestation.user ?? "default",
});

type Values = ReturnType<typeof valuesOf>;

/** Only what was changed is sent: what somebody else set in the meantime stays. Empty: as the server has it. */
function changeOf(values: Values, before: Values): Schemas["EnrollmentSettingsPatch"] {
  const changed = (name: keyof Values) => values[name] !== before[name];
  const attested = (name: (typeof kinds)[number]) =>
    values[name] === "default" ? null : (values[name] as "required" | "preferred" | "off");
  return {
    profile: {
      ...(changed("displayName") && { PayloadDisplayName: values.displayName.trim() || null }),
      ...(changed("organization") && { PayloadOrganization: values.organization.trim() || null }),
      ...(changed("description") && { PayloadDescription: values.description.trim() || null }),
      ...(changed("removal") && { PayloadRemovalDisallowed: values.removal }),
    },
    attestation: Object.fromEntries(kinds.filter(changed).map((kind) => [kind, attested(kind)])),
    ...(changed("accountDriven") && { account_driven: { enabled: values.accountDriven } }),
    ...(changed("open") && { open_enrollment: values.open }),
    ...(changed("hours") && { challenge_hours: values.hours === "" ? null : Number(values.hours) }),
  };
}

function Changeable({ known, onSaved }: { known: Tagged<Known>; onSaved: (known: Tagged<Known>) => void }) {
  const said = words("enrollment").settings;
  const { form, ...others } = useTaggedForm({
    ...{ known, valuesOf, onSaved },
    read: () => readTagged("/enrollment/settings", {}),
    save: (values, before, guard) =>
      api.patch("/enrollment/settings", { body: changeOf(values, before), ...guard }),
  });
  const { values, errors, set } = form;
  if (!may("PATCH /enrollment/settings")) return null;
  return (
    <Form state={form} submit={said.save} onDone={() => say(said.saved)} {...others}>
      <Section title={said.profile}>
        <div class="form">
          <TextField
            label={said.organization}
            hint={said.organizationHint}
            error={errors["/profile/PayloadOrganization"]}
            value={values.organization}
            onInput={(organization) => set({ organization })}
          />
          <TextField
            label={said.displayName}
            error={errors["/profile/PayloadDisplayName"]}
            value={values.displayName}
            onInput={(displayName) => set({ displayName })}
          />
          <TextField
            label={said.description}
            rows={3}
            error={errors["/profile/PayloadDescription"]}
            value={values.description}
            onInput={(description) => set({ description })}
          />
          <CheckField
            label={said.removal}
            hint={said.removalHint}
            checked={values.removal}
            onChange={(removal) => set({ removal })}
          />
        </div>
      </Section>
      <Section title={said.door}>
        <div class="form">
          <CheckField
            label={said.accountDriven}
            hint={said.accountDrivenHint}
            checked={values.accountDriven}
            onChange={(accountDriven) => set({ accountDriven })}
          />
          <CheckField
            label={said.open}
            hint={said.openHint}
            checked={values.open}
            onChange={(open) => set({ open })}
          />
          <TextField
            label={said.hours}
            type="number"
            min={1}
            placeholder="24"
            error={errors["/challenge_hours"]}
            value={values.hours}
            onInput={(hours) => set({ hours })}
          />
        </div>
      </Section>
      <Section title={said.attestation} hint={said.attestationHint}>
        <div class="pair">
          {kinds.map((kind) => (
            <SelectField
              key={kind}
              label={said.kinds[kind]}
              value={values[kind]}
              options={attestations.map((value) => [value, said.attestations[value]] as const)}
              error={errors[`/attestation/${kind}`]}
              onChange={(chosen) => set({ [kind]: chosen })}
            />
          ))}
        </div>
      </Section>
    </Form>
  );
}
