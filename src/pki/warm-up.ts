import { type Bytes, fromBase64 } from "../base/bytes.ts";
import { verifySignedData } from "./cms/verify.ts";

// Runs the reader of signatures once while the isolate starts. V8 compiles a function when it first runs, and that is
// most of what the first signature in a fresh isolate would cost (`scripts/bench/pki.ts` measures it); the start is
// not charged to a request.

/** A test key's signature around one letter. */
export const sample: Bytes = fromBase64(`
MIIETwYJKoZIhvcNAQcCoIIEQDCCBDwCAQExDTALBglghkgBZQMEAgEwEAYJKoZIhvcNAQcBoAMEAXigggLDMIICvzCCAaegAwIB
AgIBFDANBgkqhkiG9w0BAQsFADA1MRAwDgYDVQQKDAdFeGFtcGxlMSEwHwYDVQQDDBhFeGFtcGxlIERldmljZSBBdXRob3JpdHkw
HhcNMjYxMTIxMDkwMDQwWhcNNDYwMTIwMDkwMDQwWjAhMRAwDgYDVQQKDAdFeGFtcGxlMQ0wCwYDVQQDDAR3ZWFrMIGfMA0GCSqG
SIb3DQEBAQUAA4GNADCBiQKBgQC+ANNsDd36r5kyTZeMjFYePRrJHJgHWM15lehHXcr81ktNiFWcJEND/cIZZzOq1kK0qh9SPuCC
9hb/BSHDM/Xl/p2gUZDvzDxHmb4yl4531/upF3+IJnM1466vxGPZttg9EpnaVN/y0qFVb6x03Tm0n7qgViL0fTkjC4oo7BUzjwID
AQABo3IwcDAJBgNVHRMEAjAAMA4GA1UdDwEB/wQEAwIFoDATBgNVHSUEDDAKBggrBgEFBQcDAjAdBgNVHQ4EFgQU1PHgFI6DbJ2v
IDG+jh1QPA0nPEAwHwYDVR0jBBgwFoAUJ5x3gvqx9B++xGhhhn5RV6yuZ6UwDQYJKoZIhvcNAQELBQADggEBAA3vbhevZeyaRu+I
ofa7EiBDYcR+ciXWlPRV/I6Q+/TC7OYTAgOWc/vYfER53oBxJGa/fdnyxheWCNddFVL5MVcWBAkduzoJwzSctS+yavzgscQDU1Ud
0JgHUsGyVCS1ujIXjOdBd7VrDrsizKueDtk5aNUYwta5A4H9J4SlvWrdEmDWHdgY605LQEL6Qf7z8p0A6LlHffs/I0r13Wsx630O
XOxgpC4qp9ogmX3qm6lsKQ7d9VToXkxgnK0d7YuXgm51jHVsFKoB3B5HMJslyWC2AAgMX6loXab9kv6Juxcc4U8neqcNJamf65Lc
pkMVbZ8Zwrhkt4rGq6rq9BZBo6sxggFNMIIBSQIBATA6MDUxEDAOBgNVBAoMB0V4YW1wbGUxITAfBgNVBAMMGEV4YW1wbGUgRGV2
aWNlIEF1dGhvcml0eQIBFDALBglghkgBZQMEAgGgaTAYBgkqhkiG9w0BCQMxCwYJKoZIhvcNAQcBMBwGCSqGSIb3DQEJBTEPFw0y
NjExMjEwOTE3NThaMC8GCSqGSIb3DQEJBDEiBCAtcRZCtyawRAFifKn7rDL1yFMPsZA8xNsCJYcXkhpIgTANBgkqhkiG9w0BAQEF
AASBgGsBKh/svVc3oqHCFGPxvq0SbqujvznJZFDuacIRvBBB/2+eS0aRB/Dh2qRQGyh9ffnfuwNNlCLl5lIldf9VqY/nkwOqAeEL
fS7PlXHX3Lq1ZDhV9gXApWUUxaKkBz5FLO8cTOaF8R2xn31llo3nzSDe2zgVu8W/lJNPV2mTfcWl
`) as Bytes;

/** What comes of it does not matter: where the platform forbids a part this early, that part stays cold. */
export function warmUp(): void {
  void verifySignedData(sample).catch(() => undefined);
}
