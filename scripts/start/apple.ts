// `npm start -- --apple`: a stand-in for Apple's device assignment service and its portal, beside the Worker.
import { FakeAppleService } from "../../test/support/node/fake-apple.ts";
import { errorCode, Trouble } from "../trouble.ts";
import { shellValueOf } from "./dev-vars.ts";

/** The same each time: an account keeps the address. */
const usualPort = 8788;

/** `anyPort`: where any free port will do. */
export async function startApple(anyPort: boolean): Promise<FakeAppleService> {
  const service = new FakeAppleService();
  service.apple.addServer("edgemdm").addDevices(5);
  service.apple.addServer("the-server-before").addDevices(2);
  await service.listen(anyPort ? 0 : usualPort).catch((fault: unknown) => {
    if (errorCode(fault) !== "EADDRINUSE") throw fault;
    throw new Trouble(
      `port ${usualPort}, where the stand-in for Apple's services goes, is taken by another program: stop it, or start with --port 0, which takes free ports for both`,
    );
  });
  return service;
}

/** What a person may do with it, to paste. */
export function appleWelcome(apple: string, origin: string, varsFile: string): string {
  const curl = `curl -s -H "Authorization: Bearer ${shellValueOf("ADMIN_TOKEN", varsFile)}"`;
  const json = '-H "Content-Type: application/json"';
  return `A stand-in for Apple's enrollment service is at ${apple}, with five devices; it forgets all when it stops.

  1. Make an account, and keep its certificate
     ${curl} ${json} ${origin}/api/v1/ade/accounts -d '{"name":"test","base_url":"${apple}"}' | jq -r .certificate > test.pem

  2. Upload the certificate "at Apple", and the token that comes for it here
     curl -s --data-binary @test.pem ${apple}/portal/servers/edgemdm/token > test.p7m
     ${curl} -T test.p7m ${origin}/api/v1/ade/accounts/test/token

  3. See the devices; more arrive with the second line
     ${curl} ${origin}/api/v1/ade/devices
     curl -s -X POST "${apple}/portal/servers/edgemdm/devices?count=3" && ${curl} -X POST ${origin}/api/v1/ade/accounts/test/sync

  4. Orders, AppleCare and moves: make an API account "at Apple", and store it here (docs/apple-business.md)
     curl -s -X POST ${apple}/portal/api-accounts | jq '. + {name: "test", base_url: "${apple}"}' | ${curl} ${json} ${origin}/api/v1/ade/api-accounts -d @-
     ${curl} ${origin}/api/v1/ade/api-accounts/test/servers

  5. Licences of Apps and Books: download a content token "at Apple", store it here, and see what the location has (docs/apps.md)
     curl -s -X POST ${apple}/portal/content-tokens | jq -R '{name: "berlin", token: ., base_url: "${apple}"}' | ${curl} ${json} ${origin}/api/v1/apps-and-books/locations -d @-
     ${curl} ${origin}/api/v1/apps-and-books/locations/berlin/assets

  6. Apps on an iPhone, an iPad and a Mac, from the content token to installed and removed, in three minutes
     npm run simulate -- --apps --url ${origin} --apple ${apple}
`;
}
