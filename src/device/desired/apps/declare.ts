import { type AppDevice, activationOf, configurationOf, declarationOf } from "../../../apps/app.ts";
import { declareApp } from "../../../apps/declared.ts";
import type { WantedApp } from "../../../assignment/wanted-apps.ts";
import { fromUtf8 } from "../../../base/bytes.ts";
import { type RenderedDeclaration, renderPlain } from "../../../declarations/rendered.ts";
import type { DutyContext } from "../../alarm/duty-context.ts";
import type { AppRow } from "../../store/apps.ts";
import { manifestAddressOf } from "./manifest-address.ts";

/** What is declared for the apps that declarations manage here. */
export async function declarationsOfApps(
  work: DutyContext,
  wanted: ReadonlyMap<string, WantedApp>,
  device: AppDevice,
  origin: string,
): Promise<RenderedDeclaration[]> {
  const rows = work.store.apps().filter(({ channel, wish }) => channel === "declarations" && wish === "have");
  const addressOf = (sha256: string): string =>
    `${origin}/mdm/data/${encodeURIComponent(work.deviceId)}/${sha256}`;
  const made = await Promise.all(
    rows.map(async (row) => {
      const one = wanted.get(row.name);
      if (one === undefined) return [];
      // A device removes what is not declared any more: what it has stays as it is.
      if (row.hindrance !== null) return declaredBefore(work, row);
      const manifestUrl = await manifestAddressOf(work, { app: one.app, row, origin, now: Date.now() });
      const plain = declareApp(one.app, device, { touches: row.touches, addressOf, manifestUrl });
      return Promise.all(
        plain.map(({ type, identifier, payload, ...more }) => renderPlain(type, identifier, payload, more)),
      );
    }),
  );
  return made.flat();
}

async function declaredBefore(
  { store, vault }: DutyContext,
  { name }: AppRow,
): Promise<RenderedDeclaration[]> {
  const ours = [declarationOf(name), activationOf(name), configurationOf(name)];
  const heads = store
    .declarations("")
    .filter(({ identifier, in_force }) => in_force === 1 && ours.includes(identifier));
  const kept = await Promise.all(
    heads.map(async (head): Promise<RenderedDeclaration[]> => {
      const { identifier, server_token: serverToken, kind, type } = head;
      const body = store.declarationBody(head);
      const opened = body && (await vault.tryDeclaration(["", identifier, serverToken], body));
      if (!opened?.ok) return [];
      const files = JSON.parse(head.files) as string[];
      return [{ kind, identifier, type, serverToken, body: fromUtf8(opened.value), files }];
    }),
  );
  return kept.flat();
}
