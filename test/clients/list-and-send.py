# Lists the devices of a server and sends the first one a command, by a client that openapi-python-client made of the
# API's description. Prints what the device answers.
import os
import time

from edgemdm_client import AuthenticatedClient
from edgemdm_client.api.commands import read_command, send_command
from edgemdm_client.api.devices import list_devices
from edgemdm_client.models import ListDevicesState, NewCommand, NewCommandPayload, Problem

mdm = AuthenticatedClient(base_url=os.environ["EDGEMDM_URL"], token=os.environ["EDGEMDM_TOKEN"])

page = list_devices.sync(client=mdm, state=ListDevicesState.ENROLLED, limit=10)
for device in page.items:
    print("device", device.serial, device.platform)

payload = NewCommandPayload()
payload["Queries"] = ["SerialNumber", "OSVersion"]
order = NewCommand(request_type="DeviceInformation", payload=payload)
sent = send_command.sync(page.items[0].id, client=mdm, body=order, idempotency_key=f"example-{time.time()}")
if isinstance(sent, Problem):
    raise SystemExit(sent.detail)

while sent.state in ("queued", "sent", "not_now"):
    time.sleep(0.2)
    sent = read_command.sync(page.items[0].id, sent.uuid, client=mdm)
print("command", sent.request_type, sent.state)
print("answer", sent.result["QueryResponses"]["SerialNumber"])
