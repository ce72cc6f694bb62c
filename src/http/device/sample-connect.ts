import { utf8 } from "../../base/bytes.ts";
import { connectType } from "../../mdm/decode.ts";

// An idle connect before the first device comes, because V8 compiles a function when it first runs.

export const body = utf8(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>Status</key><string>Idle</string><key>UDID</key><string>0</string></dict></plist>
`);

/** A test key's signature of exactly this body. No authority of this server issued its certificate. */
export const signature = `
MIID7AYJKoZIhvcNAQcCoIID3TCCA9kCAQExDTALBglghkgBZQMEAgEwCwYJKoZIhvcNAQcBoIICUjCCAk4wggG3oAMCAQICFD5X+HpY
b0gvd5kSWaYOgDA+zB8fMA0GCSqGSIb3DQEBCwUAMDUxEDAOBgNVBAoMB0V4YW1wbGUxITAfBgNVBAMMGEV4YW1wbGUgRGV2aWNlIEF1
dGhvcml0eTAeFw0yNjExMjExNjEzMTFaFw00NjAxMjAxNjEzMTFaMCExEDAOBgNVBAoMB0V4YW1wbGUxDTALBgNVBAMMBHdlYWswgZ8w
DQYJKoZIhvcNAQEBBQADgY0AMIGJAoGBAMJQJz8Jg6ykXc8JSGbL1lGFJnoOPsvTTJ9w/1LdFCDKue8btVisicd8OFiYe9rydV1Gcgti
vhKoMC149Wh5gkIzoiGBSt3RbdZF8WA+aTeTI8wfvGErhyY9HxrdBW8xfMqOjOcpNOyWoRtvWuC0H1Bc+fCuRHXna2KByKTJ3pw5AgMB
AAGjbzBtMAkGA1UdEwQCMAAwCwYDVR0PBAQDAgWgMBMGA1UdJQQMMAoGCCsGAQUFBwMCMB0GA1UdDgQWBBQC3ct0f7TmcBD4ImbcQ3qk
RopkUTAfBgNVHSMEGDAWgBQyVHpXQOtcfM8xUiotOWd5pGw3jzANBgkqhkiG9w0BAQsFAAOBgQBPPjqX6wVOGi+U5n7Ol8J5UsJxev7N
RTIl2XY5g0Hnxu25rvxnci/vME/h7EeiVLSn5ghcfePtf08OaeQvyccBDNaW+ENFsSIEu5a0cEoiolqs6JzjwkC25u78Qmt3pqacWp/c
aLrffQytIbrnF9IMREOJJcRiYRPJCzlvX6AZ1zGCAWAwggFcAgEBME0wNTEQMA4GA1UECgwHRXhhbXBsZTEhMB8GA1UEAwwYRXhhbXBs
ZSBEZXZpY2UgQXV0aG9yaXR5AhQ+V/h6WG9IL3eZElmmDoAwPswfHzALBglghkgBZQMEAgGgaTAYBgkqhkiG9w0BCQMxCwYJKoZIhvcN
AQcBMBwGCSqGSIb3DQEJBTEPFw0yNjExMjExNjEzMTFaMC8GCSqGSIb3DQEJBDEiBCDgkes7n4gdOLazQ8EQ9LQrNacQ7KQhvbgnQwMc
RxZQGjANBgkqhkiG9w0BAQEFAASBgBUkFrFWA6ruXVPY3RgEjDxSIZpsgv3KO1Q0JEKEkukDYgcj18W2PW2NGsX9/BSq4ag74W19Y4IB
pblcTpLQC1aXMQ1GfJUlxO0vMeemVpL84/KJwevxS4dx0SqtVsYX3K7SdreybzSFgkaRlxwt76/27ZPwAXrV9W0Wd/D+ANor
`.replaceAll("\n", "");

/** As a device sends it; the platform allows no requests with bodies while an isolate starts, so this is a stand-in. */
export const sampleConnect = (): Request =>
  ({
    method: "PUT",
    url: "https://localhost/mdm",
    headers: new Headers({
      "Content-Type": connectType,
      "Content-Length": String(body.length),
      "Mdm-Signature": signature,
    }),
    arrayBuffer: async () => body.buffer,
  }) as unknown as Request;
