# The library has two profiles, a configuration, and its activation.
for name in wifi lab; do
  api "/profiles/com.example.$name" -X PUT --json '{"PayloadDisplayName": "Wi-Fi", "PayloadContent": [{"PayloadType": "com.apple.wifi.managed", "SSID_STR": "Office", "EncryptionType": "None"}]}'
done
api /declarations/com.example.passcode -X PUT \
  --json '{"type": "com.apple.configuration.passcode.settings", "payload": {"RequirePasscode": true}}'
api /declarations/com.example.everyone -X PUT \
  --json '{"type": "com.apple.activation.simple", "payload": {"StandardConfigurations": ["com.example.passcode"]}}'
