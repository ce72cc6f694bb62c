// Answers about the kind of enrollment, by which later commands are checked.
import type { PlistDict, PlistValue } from "../../plist/value.ts";
import type { DeviceFacts } from "../checkin.ts";
import { platformOf, versionKey } from "../platform.ts";
import type { ResultFacts, ResultReader } from "./result-facts.ts";

export const deviceInformation: ResultReader = ({ result, userId, facts }) => {
  const answers = result.get("QueryResponses");
  if (!(answers instanceof Map)) return undefined;
  const { IsSupervised: supervised, IsMultiUser: shared } = Object.fromEntries(answers) as {
    [query: string]: PlistValue;
  };
  const told: ResultFacts = {
    traits: {
      ...(typeof supervised === "boolean" && { supervised }),
      ...(typeof shared === "boolean" && { sharedIpad: shared }),
    },
  };
  const hasCode = supervised === true && shared !== true && userId === "" && hasBypassCode(facts);
  return hasCode ? { ...told, questions: [bypassCode] } : told;
};

/** The device sends it only for 15 days, so it is asked as soon as supervision is known. */
const bypassCode = { requestType: "ActivationLockBypassCode", unlessEscrowed: "activation-lock-bypass" };

const firstWithBypassCode: { [platform in NonNullable<ReturnType<typeof platformOf>>]?: string } = {
  ios: "7.1",
  ipados: "7.1",
  macos: "10.15",
  visionos: "2.0",
};

function hasBypassCode({ ProductName, Model, ModelName, OSVersion }: DeviceFacts): boolean {
  const platform = platformOf([ProductName, Model, ModelName]);
  const first = platform && firstWithBypassCode[platform];
  if (first === undefined) return false;
  return (versionKey(OSVersion ?? first) ?? 0) >= (versionKey(first) ?? 0);
}

/** The installed profile with the MDM payload: removing it ends the enrollment. */
export const enrollmentProfile: ResultReader = ({ result, userId }) => {
  const profiles = result.get("ProfileList");
  if (userId !== "" || !Array.isArray(profiles)) return undefined;
  const holder = profiles.find(
    (profile): profile is PlistDict => profile instanceof Map && holdsMdm(profile),
  );
  const identifier = holder?.get("PayloadIdentifier");
  return typeof identifier === "string" ? { traits: { enrollmentProfile: identifier } } : undefined;
};

function holdsMdm(profile: PlistDict): boolean {
  const content = profile.get("PayloadContent");
  return (
    Array.isArray(content) &&
    content.some((payload) => payload instanceof Map && payload.get("PayloadType") === "com.apple.mdm")
  );
}
