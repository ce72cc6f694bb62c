import type { VariableFacts } from "../mdm/variables.ts";
import type { findListed } from "./directory.ts";
import type { PersonFacts } from "./people.ts";

type Listed = Awaited<ReturnType<typeof findListed>>;

/** A user that the directory does not know still has an id. */
export function variableFacts(
  device: NonNullable<Listed["device"]>,
  user: { userId: string; channels: Listed["channels"] } | undefined,
  person: PersonFacts | undefined,
): VariableFacts {
  const channel = user?.channels.find(({ userId }) => userId === user.userId);
  return {
    device: {
      id: device.id,
      // In a user enrollment the device never sends its UDID; its id is another one.
      udid: device.kind === "user" ? null : device.id,
      serial_number: device.serial,
      name: device.name,
      model: device.model,
      model_name: device.modelName,
      product_name: device.productName,
      platform: device.platform,
      os_version: device.osVersion,
      build: device.build,
      imei: device.imei,
      meid: device.meid,
    },
    ...(user && {
      user: {
        id: user.userId,
        short_name: channel?.userShortName ?? null,
        long_name: channel?.userLongName ?? null,
      },
    }),
    ...(person && {
      person: {
        email: person.email,
        name: person.name,
        department: person.department,
        account: person.account,
      },
    }),
    attributes: device.attributes,
  };
}
