// A profile as a form: its name, and its payloads with the fields that the catalogue tells.
import { useMemo, useRef, useState } from "preact/hooks";
import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { Load } from "../../parts/fault.tsx";
import { CheckField, type FormState, SelectField, TextField } from "../../parts/form.tsx";
import { Disclosure } from "../../parts/small.tsx";
import { words } from "../../words/words.ts";
import { FieldsOf } from "./fields/context.ts";
import { systemsOf } from "./fields/facts.ts";
import { FindingList, goToField, placeInProfile, useFindings, useRefused } from "./fields/findings.tsx";
import { Group, saidOf } from "./fields/group.tsx";
import { JsonField } from "./fields/json-field.tsx";
import { titleOfType } from "./fields/key-words.ts";
import { isObject } from "./fields/list-field.tsx";
import { type Finding, type Json, type JsonObject, readSpec, step } from "./fields/spec.ts";
import { PayloadPicker } from "./payload-picker.tsx";

export type Draft = { identifier: string; profile: JsonObject; encrypted: boolean };

export const payloadsIn = ({ PayloadContent: content }: JsonObject): JsonObject[] =>
  Array.isArray(content) ? content.filter(isObject) : [];

/** Whether a form can show it: an encrypted profile has no payloads to see. */
export const isForForms = (profile: JsonObject): boolean =>
  Array.isArray(profile.PayloadContent) && profile.PayloadContent.every(isObject);

const typeOf = (payload: JsonObject): string =>
  typeof payload.PayloadType === "string" ? payload.PayloadType : "";

const newPayload = (type: string): JsonObject => {
  const uuid = crypto.randomUUID().toUpperCase();
  return { PayloadType: type, PayloadUUID: uuid, PayloadIdentifier: `${type}.${uuid}`, PayloadVersion: 1 };
};

/** With the identifier, so that the server checks what it would save. */
export const contentOf = ({ identifier, profile }: Draft): JsonObject => ({
  ...profile,
  ...(identifier.trim() !== "" && { PayloadIdentifier: identifier.trim() }),
});

export function ProfileFields({ form, isNew }: { form: FormState<Draft>; isNew: boolean }) {
  const said = words("payloads");
  const { values, set, errors } = form;
  const box = useRef<HTMLDivElement>(null);
  const [picking, setPicking] = useState(false);
  const payloads = payloadsIn(values.profile);
  const types = payloads.map(typeOf);
  const { findings } = useFindings(contentOf(values), async (signal) =>
    payloads.length === 0
      ? []
      : (await api.post("/profiles/validate", { body: contentOf(values), signal })).findings,
  );
  const shown = merged(findings, useRefused(form.fault, values)).filter(
    // What is still missing is no mistake of a person who has only begun.
    ({ code }) => form.fault !== undefined || !["missing-key", "empty-identifier"].includes(code),
  );
  const context = useMemo(
    () => ({
      findingsAt: (pointer: string) => shown.filter((finding) => finding.pointer === pointer),
      references: payloads.map(
        (payload) => [String(payload.PayloadUUID ?? ""), nameOf(payload)] as [string, string],
      ),
    }),
    [JSON.stringify(shown), JSON.stringify(payloads)],
  );
  const setProfile = (change: JsonObject) => set({ profile: { ...values.profile, ...change } });
  const setPayloads = (next: Json[]) => setProfile({ PayloadContent: next });
  const textOf = (key: string): string => {
    const value = values.profile[key];
    return typeof value === "string" ? value : "";
  };
  const setText = (key: string, text: string) => {
    const { [key]: _before, ...rest } = values.profile;
    set({ profile: text === "" ? rest : { ...rest, [key]: text } });
  };
  const errorAt = (pointer: string): string | undefined =>
    shown.filter((one) => one.pointer === pointer && one.level === "error").map(saidOf)[0] ?? errors[pointer];
  return (
    <FieldsOf value={context}>
      <div class="payload-form" ref={box}>
        <div class="card group">
          <TextField
            label={words("library").name}
            required
            value={textOf("PayloadDisplayName")}
            onInput={(name) => {
              const follows = isNew && values.identifier === identifierOf(textOf("PayloadDisplayName"));
              set({
                profile: { ...values.profile, PayloadDisplayName: name },
                ...(follows && { identifier: identifierOf(name) }),
              });
            }}
          />
          {isNew && (
            <div data-pointer="/PayloadIdentifier">
              <TextField
                label={words("library").identifier}
                hint={said.identifierForLife}
                error={errors["/identifier"] ?? errorAt("/PayloadIdentifier")}
                required
                mono
                value={values.identifier}
                onInput={(identifier) => set({ identifier })}
              />
            </div>
          )}
          <Disclosure title={said.aboutProfile}>
            <div class="group">
              <TextField
                label={words("library").description}
                value={textOf("PayloadDescription")}
                onInput={(text) => setText("PayloadDescription", text)}
              />
              <SelectField
                label={said.scope}
                hint={said.scopeHint}
                error={errorAt("/PayloadScope")}
                value={textOf("PayloadScope")}
                options={[
                  ["", said.notSet],
                  ["System", said.scopes.System],
                  ["User", said.scopes.User],
                ]}
                onChange={(scope) => setText("PayloadScope", scope)}
              />
              <CheckField
                label={said.encrypt}
                hint={said.encryptHint}
                checked={values.encrypted}
                onChange={(encrypted) => set({ encrypted })}
              />
            </div>
          </Disclosure>
        </div>
        {payloads.map((payload, at) => (
          <Payload
            key={String(payload.PayloadUUID ?? at)}
            payload={payload}
            pointer={`/PayloadContent${step(at)}`}
            findings={shown}
            onChange={(next) => setPayloads(payloads.with(at, next))}
            onRemove={() => setPayloads(payloads.toSpliced(at, 1))}
          />
        ))}
        <div class="actions">
          <Button
            icon="enroll"
            kind={payloads.length === 0 ? "primary" : "plain"}
            onClick={() => setPicking(true)}
          >
            {said.addPayload}
          </Button>
        </div>
        <FindingList
          findings={shown}
          placeOf={({ pointer }) => placeInProfile(pointer, types)}
          onGo={({ pointer }) => box.current && goToField(box.current, pointer)}
        />
        {picking && (
          <PayloadPicker
            shelf="profiles"
            title={said.addPayload}
            onClose={() => setPicking(false)}
            onPick={(type) => {
              setPicking(false);
              setPayloads([...payloads, newPayload(type)]);
            }}
          />
        )}
      </div>
    </FieldsOf>
  );
}

/** Without what is said twice: once by the check while one types, once by the refusal. */
function merged(live: readonly Finding[], refused: readonly Finding[]): Finding[] {
  const known = new Set(live.map(({ pointer, code }) => `${pointer} ${code}`));
  return [...live, ...refused.filter(({ pointer, code }) => !known.has(`${pointer} ${code}`))];
}

function nameOf(payload: JsonObject): string {
  const { PayloadDisplayName: name, PayloadCertificateFileName: file } = payload;
  const own = typeof name === "string" ? name : typeof file === "string" ? file : undefined;
  const title = titleOfType(typeOf(payload));
  return own === undefined || own === "" ? title : `${title}: ${own}`;
}

/** Such as `com.example.mdm.office-wi-fi`, after the address of this server. */
export function identifierOf(name: string): string {
  const host = /^[\d.]+$|:/.test(location.hostname)
    ? "local"
    : location.hostname.split(".").reverse().join(".");
  const end = name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return end === "" ? "" : `${host}.${end}`;
}

function Payload({
  payload,
  pointer,
  findings,
  onChange,
  onRemove,
}: {
  payload: JsonObject;
  pointer: string;
  findings: readonly Finding[];
  onChange: (payload: JsonObject) => void;
  onRemove: () => void;
}) {
  const said = words("payloads");
  const type = typeOf(payload);
  const spec = useResource(() => readSpec("profiles", type).then((known) => ({ known })), [type]);
  const own = findings.filter((one) => one.pointer === pointer || one.pointer === `${pointer}/PayloadType`);
  const title = titleOfType(type);
  return (
    <section class="card payload" data-pointer={pointer} aria-label={title}>
      <div class="section-head">
        <h2>{title}</h2>
        <Button small kind="quiet" icon="trash" label={said.removePayload(title)} onClick={onRemove} />
      </div>
      <p class="hint">
        <code>{type}</code>
        {spec.value?.known && ` · ${systemsOf(spec.value.known.platforms)}`}
      </p>
      {own.map((finding) => (
        <p key={finding.code} class={finding.level === "error" ? "error" : "warning"}>
          {saidOf(finding)}
        </p>
      ))}
      <Load of={spec}>
        {({ known }) =>
          known === undefined ? (
            <JsonField
              value={payload}
              onChange={(next) => next !== undefined && isObject(next) && onChange(next)}
              frame={{ label: said.unknownPayload, hint: said.unknownPayloadHint }}
              rows={10}
            />
          ) : (
            <Group keys={known.keys} type={type} value={payload} onChange={onChange} pointer={pointer} />
          )
        }
      </Load>
    </section>
  );
}
