# A reader who looks for a command has sent one.
api "/devices/$ID/commands" --json '{"request_type": "DeviceInformation", "payload": {"Queries": ["OSVersion"]}}'
