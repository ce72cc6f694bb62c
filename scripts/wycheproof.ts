// Wycheproof's vectors through our code: `npm run wycheproof -- --folder PATH/testvectors_v1`.
// The folder is in github.com/C2SP/wycheproof. `--fixture FOLDER` writes those that the suite holds.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isWrong, judgeFile, type VectorFile } from "../test/support/wycheproof.ts";
import { readArguments } from "./arguments.ts";
import { run } from "./run.ts";
import { Trouble } from "./trouble.ts";
import { compactVectors } from "./wycheproof/compact.ts";

/** What touches values of ours: signatures of RSA and ECDSA, AES in CMS, keys that travel, keys that are agreed upon. */
const ours = [
  /^rsa_signature_\d+_sha(256|384|512)_test/,
  /^rsa_pss_.*_params_test/,
  /^rsa_pss_\d+_(sha256_mgf1_32|sha384_mgf1_48|sha512_mgf1_64)_test/,
  /^ecdsa_secp(256r1|384r1|521r1)_sha(256|384|512)_test/,
  /^aes_(gcm|cbc_pkcs5)_test/,
  /^rsa_pkcs1_(2048|3072|4096)_test/,
  /^rsa_oaep_\d+_sha(1|256|384|512)_mgf1sha(1|256|384|512)_test/,
  /^x25519_test/,
  /^ecdh_secp(256r1|384r1)_ecpoint_test/,
];

/** One of each kind is in the suite. */
const inTheSuite = new Set(
  [
    "rsa_signature_2048_sha256",
    "rsa_pss_2048_sha256_mgf1_32_params",
    "rsa_pss_2048_sha256_mgf1_32",
    "ecdsa_secp256r1_sha256",
    "ecdsa_secp384r1_sha384",
    "aes_gcm",
    "aes_cbc_pkcs5",
    "rsa_pkcs1_2048",
    "rsa_oaep_2048_sha256_mgf1sha256",
    "x25519",
    "ecdh_secp256r1_ecpoint",
  ].map((name) => `${name}_test.json`),
);

await run(async () => {
  const { folder, fixture } = readArguments({
    name: "npm run wycheproof",
    does: "Wycheproof's vectors through our code.",
    options: {
      folder: { takes: "PATH", help: "testvectors_v1 of github.com/C2SP/wycheproof" },
      fixture: { takes: "FOLDER", help: "write the vectors that the suite holds" },
    },
  });
  if (!folder) throw new Trouble("which folder? npm run wycheproof -- --folder PATH/testvectors_v1");
  const names = readdirSync(folder).filter((name) => ours.some((pattern) => pattern.test(name)));
  const wrong: string[] = [];
  let judged = 0;
  for (const name of names.sort()) {
    const file = JSON.parse(readFileSync(join(folder, name), "utf8")) as VectorFile;
    const verdicts = await judgeFile(file);
    judged += verdicts.length;
    for (const { tcId, by, expected } of verdicts.filter(isWrong)) {
      wrong.push(`${name} ${tcId}: ${expected}, and ${by} says otherwise`);
    }
    if (fixture && inTheSuite.has(name)) writeFileSync(join(fixture, name), compactVectors(file));
  }
  console.log(`${judged} verdicts on the vectors of ${names.length} files, ${wrong.length} of them wrong`);
  if (wrong.length > 0) throw new Trouble(wrong.join("\n"));
});
