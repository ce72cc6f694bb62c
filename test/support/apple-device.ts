/**
 * A fake Apple device with verbs: `enroll`, `idle`, `acknowledge`, `notNow`, `converse`, `tokenUpdate`, `renewIdentity`.
 * Real keys, real SCEP, real CMS, real property lists. It runs in workerd (tests speak to the Worker directly) and in
 * Node (the simulator speaks HTTP): give it a transport.
 *
 *     const device = appleDevice("iphone", { transport: (request) => exports.default.fetch(request) });
 *     await device.enroll({ serverUrl, topic, scepUrl, challenge });
 *     const { command } = await device.idle();
 */
import { plausibleAnswer } from "./apple-device/answers.ts";
import { AppleDevice, type DeviceOptions } from "./apple-device/device.ts";
import type { FlavourName } from "./apple-device/flavours.ts";

export type { Identity } from "./apple-device/certificate.ts";
export { ConnectRefused, type Policy, type Reaction, type Turn } from "./apple-device/channel.ts";
export { type Command, chainLink, failed, type Report } from "./apple-device/connect.ts";
export {
  declarationsOf,
  dropDeclarations,
  reportStatus,
  sendStatus,
  synchronise,
} from "./apple-device/declarations.ts";
export { AppleDevice } from "./apple-device/device.ts";
export { EnrollmentFailed, type EnrollmentSource, type RenewalSource } from "./apple-device/enrollment.ts";
export { type FactoryIdentity, factoryIdentity, strangeRoot } from "./apple-device/factory.ts";
export { type FlavourName, flavours } from "./apple-device/flavours.ts";
export { newKey, pooledKey } from "./apple-device/keys.ts";
export { type Answer, NotManaged, type Transport } from "./apple-device/line.ts";
export { machineInfo } from "./apple-device/machine-info.ts";
export { ProfileRefused } from "./apple-device/profile.ts";
export { type Random, realRandom, seededRandom } from "./apple-device/random.ts";
export { ScepFailure } from "./apple-device/scep.ts";
export type { UserChannel, UserInput } from "./apple-device/user.ts";
export { plausibleAnswer };

export type AppleDeviceOptions = Omit<DeviceOptions, "policy" | "userPolicy"> &
  Partial<Pick<DeviceOptions, "policy" | "userPolicy">>;

/** A device that nobody manages yet. What it answers to commands is plausible, unless a policy says otherwise. */
export const appleDevice = (flavour: FlavourName, options: AppleDeviceOptions): AppleDevice =>
  new AppleDevice(flavour, { policy: plausibleAnswer, userPolicy: plausibleAnswer, ...options });
