// A declaration as a form from the catalogue, or as JSON: the same content, seen in two ways.
import { useMemo, useRef, useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { Load } from "../../parts/fault.tsx";
import { type FormState, TextField } from "../../parts/form.tsx";
import { words } from "../../words/words.ts";
import { CodeEditor } from "./editor/code-editor.tsx";
import { placesInJson } from "./editor/places.ts";
import { FieldsOf } from "./fields/context.ts";
import { systemsOf } from "./fields/facts.ts";
import { FindingList, goToField, placeInPayload, useFindings, useRefused } from "./fields/findings.tsx";
import { Group, saidOf } from "./fields/group.tsx";
import { titleOfType } from "./fields/key-words.ts";
import { isObject } from "./fields/list-field.tsx";
import { type Finding, type Json, type JsonObject, readSpec } from "./fields/spec.ts";

/** `text`: it is written as JSON, which need not be whole yet. */
export type Draft = { identifier: string; type: string; payload: JsonObject; text: string | undefined };

/** What is sent. Throws while the JSON is not whole. */
export function contentOf({ type, payload, text }: Draft): { type: string; payload: JsonObject } {
  if (text === undefined) return { type, payload };
  const read = JSON.parse(text) as Json;
  if (!isObject(read)) throw new SyntaxError(words("payloads").notObject);
  return { type, payload: read };
}

type Plan = Schemas["DeclarationPlan"];

export function DeclarationFields({ form, isNew }: { form: FormState<Draft>; isNew: boolean }) {
  const said = words("payloads");
  const { values, set, errors } = form;
  const box = useRef<HTMLDivElement>(null);
  const [plan, setPlan] = useState<Plan>();
  const spec = useResource(
    () => readSpec("declarations", values.type).then((known) => ({ known })),
    [values.type],
  );
  const ask = async (signal: AbortSignal): Promise<readonly Finding[]> => {
    const content = whole(values);
    if (content instanceof Error)
      return [{ level: "error", pointer: "", code: "not-json", detail: content.message }];
    const told = (await api.put("/declarations/{identifier}", {
      path: { identifier: values.identifier.trim() || "new" },
      query: { dry_run: true },
      body: content,
      signal,
    })) as Plan;
    setPlan(told);
    return told.warnings;
  };
  const { findings, checking } = useFindings([values.type, values.payload, values.text], ask);
  const live = findings.map(inPayload);
  const refused = useRefused(form.fault, values).map(inPayload);
  const shown = (live.length > 0 ? live : refused).filter(
    // What is still missing is no mistake of a person who has only begun.
    ({ code }) => code !== "missing-key" || form.fault !== undefined || !isNew,
  );
  const context = useMemo(
    () => ({
      findingsAt: (pointer: string) => shown.filter((finding) => finding.pointer === pointer),
      references: [],
    }),
    [JSON.stringify(shown)],
  );
  const view = (asText: boolean) => {
    const content = whole(values);
    if (content instanceof Error) return;
    set({
      payload: content.payload,
      text: asText ? JSON.stringify(content.payload, null, 2) : undefined,
    });
  };
  const known = spec.value?.known;
  const isText = values.text !== undefined;
  return (
    <FieldsOf value={context}>
      <div class="payload-form" ref={box}>
        {isNew && (
          <TextField
            label={words("library").identifier}
            hint={said.declarationIdentifierHint}
            error={errors["/identifier"]}
            required
            mono
            value={values.identifier}
            onInput={(identifier) => set({ identifier })}
          />
        )}
        <section class="card payload" aria-label={titleOfType(values.type)}>
          <div class="section-head">
            <h2>{titleOfType(values.type)}</h2>
            <fieldset class="views" aria-label={said.view}>
              {[false, true].map((asText) => (
                <Button
                  key={String(asText)}
                  small
                  kind={isText === asText ? "plain" : "quiet"}
                  pressed={isText === asText}
                  onClick={() => view(asText)}
                >
                  {asText ? said.asJson : said.asForm}
                </Button>
              ))}
            </fieldset>
          </div>
          <p class="hint">
            <code>{values.type}</code>
            {known && ` · ${systemsOf(known.platforms)}`}
          </p>
          {shown
            .filter(({ pointer }) => pointer === "" && !isText)
            .map((finding) => (
              <p key={finding.code} class={finding.level}>
                {saidOf(finding)}
              </p>
            ))}
          {values.text !== undefined ? (
            <CodeEditor
              label={said.declarationSource}
              value={values.text}
              onInput={(text) => set({ text })}
              places={placesInJson}
              findings={shown}
              checking={checking}
            />
          ) : (
            <Load of={spec}>
              {({ known: schema }) =>
                schema === undefined ? (
                  <p class="hint">{said.unknownPayloadHint}</p>
                ) : schema.keys.length === 0 ? (
                  <p class="hint">{said.noFields}</p>
                ) : (
                  <Group
                    keys={schema.keys}
                    type={values.type}
                    value={values.payload}
                    onChange={(payload) => set({ payload })}
                    pointer=""
                  />
                )
              }
            </Load>
          )}
        </section>
        {values.text === undefined && (
          <FindingList
            findings={shown}
            placeOf={({ pointer }) => placeInPayload(pointer)}
            onGo={({ pointer }) => box.current && goToField(box.current, pointer)}
          />
        )}
        {!isNew && plan && <Reaches plan={plan} />}
      </div>
    </FieldsOf>
  );
}

/** Whom saving it concerns. */
function Reaches({ plan: { sets, channels } }: { plan: Plan }) {
  const said = words("payloads");
  return (
    <p class="hint">
      {sets.length === 0 ? said.reachesNone : said.reachesBySets(sets.join(", "))}{" "}
      {channels > 0 && said.reachesChannels(channels)}
    </p>
  );
}

/** The server points into what was sent; the form and the text are its payload. */
const inPayload = (finding: Finding): Finding => ({
  ...finding,
  pointer: finding.pointer.replace(/^\/payload/, ""),
});

function whole(draft: Draft) {
  try {
    return contentOf(draft);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
