api /declarations/com.example.passcode -X PUT \
  --json '{"type": "com.apple.configuration.passcode.settings", "payload": {"RequirePasscode": true}}'
