# The library has a profile and a configuration, in a set.
api /profiles/com.example.wifi -X PUT --json '{"PayloadDisplayName": "Wi-Fi", "PayloadContent": [{"PayloadType": "com.apple.wifi.managed", "SSID_STR": "Office", "EncryptionType": "None"}]}'
api /declarations/com.example.passcode -X PUT \
  --json '{"type": "com.apple.configuration.passcode.settings", "payload": {"RequirePasscode": true}}'
