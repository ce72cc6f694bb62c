// What a simulated device meets at Apple's store: a stand-in that runs elsewhere, asked as Apple's is.
import type { AppStore } from "../../test/support/apple-device/state.ts";
import { Trouble } from "../trouble.ts";

type Shown = Record<string, { bundleId: string; offers: { version: Version }[] }>;
type Version = { display: string; externalId: number };
type Assigned = { assignments: { serialNumber?: string }[] };

export function storeAt(apple: string, contentToken: string): AppStore {
  return {
    async app(adamId) {
      const lookup = `${apple}/WebObjects/MZStorePlatform.woa/wa/lookup?version=2&p=mdm-lockup&caller=MDM&platform=enterprisestore&cc=de&l=en&id=${adamId}`;
      const { results } = await read<{ results: Shown }>(lookup, { Cookie: `itvt=${contentToken}` });
      const shown = results[adamId];
      const version = shown?.offers[0]?.version;
      if (shown === undefined || version === undefined) return undefined;
      return { bundleId: shown.bundleId, version: version.display, externalVersion: version.externalId };
    },
    isLicensed: async (adamId, serialNumber) =>
      (await holdersAt(apple, contentToken, adamId)).includes(serialNumber),
  };
}

/** The serial numbers that Apple says have it. */
export async function holdersAt(apple: string, contentToken: string, adamId: string): Promise<string[]> {
  const list = `${apple}/mdm/v2/assignments?adamId=${adamId}`;
  const { assignments } = await read<Assigned>(list, { Authorization: `Bearer ${contentToken}` });
  return assignments.flatMap(({ serialNumber }) => serialNumber ?? []);
}

async function read<T>(url: string, headers: Record<string, string>): Promise<T> {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Trouble(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
