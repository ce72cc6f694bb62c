// What everyday tasks need besides the console: a fleet that lives, what Apple does, and a person at the keyboard.
import type { Page } from "playwright-core";
import { parseCsr } from "../../../src/pki/csr.ts";
import { oids } from "../../../src/pki/oids.ts";
import { readPem } from "../../../src/pki/pem.ts";
import type { AppleDevice } from "../apple-device.ts";
import { testIdentity, testTopic } from "../test-pki.ts";
import { newMember } from "./console-fleet.ts";
import type { ServerHands } from "./server-hands.ts";

/** Each connection is work for the server, which also has a person to answer. */
const pauseMs = 1_000;

/** Devices that connect again and again, as if they were woken at once. */
export class LivingFleet {
  readonly #devices: AppleDevice[];
  #lives = true;
  readonly #life: Promise<void>;

  constructor(devices: readonly AppleDevice[]) {
    this.#devices = [...devices];
    this.#life = this.#live();
  }

  add(device: AppleDevice): void {
    this.#devices.push(device);
  }

  async stop(): Promise<void> {
    this.#lives = false;
    await this.#life;
  }

  async #live(): Promise<void> {
    while (this.#lives) {
      // One that was erased has nothing to say, and one that is refused says so in the test.
      const enrolled = this.#devices.filter(({ isEnrolled }) => isEnrolled);
      await Promise.allSettled(enrolled.map((device) => device.converse()));
      await new Promise((done) => setTimeout(done, pauseMs));
    }
  }
}

/** The owner opens the link of an invitation, reads the page, and installs the profile. */
export async function openInvitation(server: ServerHands, link: string, device: AppleDevice): Promise<void> {
  const page = await fetch(link, { headers: { "User-Agent": safari } });
  const button = /href="([^"]*\/enroll\/profile[^"]*)"/.exec(await page.text())?.[1];
  if (button === undefined) throw new Error(`the page at ${link} has no button: ${page.status}`);
  const profile = await fetch(new URL(button.replaceAll("&amp;", "&"), server.origin), {
    headers: { "User-Agent": safari },
  });
  await device.enroll({ profile: new Uint8Array(await profile.arrayBuffer()) });
}

const safari =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1";

export const newPhone = (server: ServerHands, name: string): AppleDevice =>
  newMember(server, { flavour: "iphone", name });

/** The Mac was told to which certificate its recovery key is encrypted, and reports the key. */
export async function escrowFileVault(server: ServerHands, mac: AppleDevice): Promise<void> {
  const { items } = await server.json("POST", "/escrow-certificates");
  mac.state.escrowCertificate = readPem(items[0].certificate)[0]?.der;
  await server.json("POST", `/devices/${encodeURIComponent(mac.id)}/inventory`);
}

/** What Apple's page gives for a request: a certificate with the same topic. */
export async function pushCertificateFor(csrPem: string): Promise<string> {
  const csr = parseCsr(readPem(csrPem)[0]?.der ?? new Uint8Array());
  if (!csr.ok) throw new Error(csr.refusal.detail);
  const issuer = await testIdentity({ commonName: "Apple Test Root", isCa: true });
  const { spki } = csr.value;
  const { certificatePem } = await testIdentity({
    commonName: "APSP:edgemdm",
    topic: testTopic,
    // Only the public half is in a certificate; Apple never has the other one.
    keys: { spki, pkcs8: issuer.keys.pkcs8 },
    issuer,
    purposes: [oids.clientAuth],
  });
  return certificatePem;
}

/** By the key Tab alone, to what has this name. */
export async function tabTo(page: Page, name: string | RegExp, most = 150): Promise<void> {
  const seen: string[] = [];
  for (let step = 0; step < most; step++) {
    await page.keyboard.press("Tab");
    const here = String(await page.evaluate(nameOfFocus));
    if (typeof name === "string" ? here === name : name.test(here)) return;
    seen.push(here);
  }
  throw new Error(`Tab does not come by ${name}, only by ${[...new Set(seen)].join(" | ")}`);
}

const nameOfFocus = `(() => {
  const at = document.activeElement;
  if (at === null) return "";
  const label = at.labels?.[0]?.textContent ?? at.getAttribute("aria-label") ?? at.textContent ?? "";
  return label.trim();
})()`;
