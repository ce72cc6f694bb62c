/**
 * How long property lists take: microseconds a document, warm, for a check-in of 1.9 KB and an application list of
 * 103 KB, by both readers, the envelope and the writer.
 *
 *   node scripts/bench/plist.ts
 *
 * Targets on the machine the figures were first taken on: our own reader 12 us and 600 us.
 */
import { readEnvelope } from "../../src/plist/envelope.ts";
import { readPlist } from "../../src/plist/read.ts";
import { readUpload } from "../../src/plist/upload.ts";
import { PlistReal } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";

const udid = "00008110-000A1B2C3D4E5F60";

const checkin = {
  AwaitingConfiguration: false,
  MessageType: "TokenUpdate",
  NotOnConsole: false,
  PushMagic: "6D2D3C4E-0001-4000-8000-000000000001",
  Token: new Uint8Array(32),
  Topic: "com.apple.mgmt.External.2f6b7c1e-0000-4000-8000-000000000001",
  UDID: udid,
  UnlockToken: new Uint8Array(760),
  EnrollmentUserID: "6D2D3C4E-0001-4000-8000-000000000002",
  UserShortName: "jane",
};

const applications = {
  CommandUUID: "6D2D3C4E-0001-4000-8000-000000000001",
  InstalledApplicationList: Array.from({ length: 233 }, (_, index) => ({
    BundleSize: 1_000_000 * index,
    DynamicSize: index,
    Identifier: `com.example.application${index}`,
    IsValidated: index % 2 === 0,
    Name: `Application & ${index}`,
    Rating: new PlistReal(index / 4),
    ShortVersion: `1.${index}`,
    Version: `1.${index}.0`,
  })),
  Status: "Acknowledged",
  UDID: udid,
};

function microseconds(work: () => unknown, budgetMs = 1500): number {
  const warm = performance.now();
  while (performance.now() - warm < budgetMs / 3) work();
  let best = Infinity;
  for (const start = performance.now(); performance.now() - start < budgetMs; ) {
    const rounds = 20;
    const from = performance.now();
    for (let round = 0; round < rounds; round++) work();
    best = Math.min(best, (performance.now() - from) / rounds);
  }
  return best * 1000;
}

for (const [name, input] of Object.entries({ "check-in": checkin, "application list": applications })) {
  const bytes = writePlist(input);
  console.log(`${name}, ${(bytes.length / 1000).toFixed(1)} KB`);
  const works = {
    "our reader": () => readPlist(bytes),
    envelope: () => readEnvelope(bytes),
    "fast-xml-parser": () => readUpload(bytes),
    writer: () => writePlist(input),
  };
  for (const [work, run] of Object.entries(works)) {
    console.log(`  ${work.padEnd(16)}${microseconds(run).toFixed(1).padStart(9)} us`);
  }
}
