api /profiles/com.example.wifi -X PUT --json '{"PayloadDisplayName": "Wi-Fi", "PayloadContent": [{"PayloadType": "com.apple.wifi.managed", "SSID_STR": "Office", "EncryptionType": "None"}]}'
