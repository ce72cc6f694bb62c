api /profiles/com.example.printer -X PUT --json '{"PayloadDisplayName": "Printer of {{attribute.room}}", "PayloadContent": [
  {"PayloadType": "com.apple.wifi.managed", "SSID_STR": "Room {{attribute.room}}", "EncryptionType": "None"}]}'
