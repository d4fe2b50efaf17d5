"""Steers a rig as a Python test would: by the standard library alone. Called with the port of the control interface."""

import http.client
import json
import sys

connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)


def ask(method, path, body=None, content_type="application/json"):
    connection.request(method, path, body, {"Content-Type": content_type})
    response = connection.getresponse()
    content = response.read()
    if response.getheader("Content-Type") == "application/json":
        content = json.loads(content)
    return response.status, content


assert ask("GET", "/api/health") == (200, {"status": "ready"})
status, state = ask("PATCH", "/api/modems/m1", json.dumps({"radio": {"rssi": 9}}))
assert (status, state["radio"]["rssi"]) == (200, 9)
status, refusal = ask("PATCH", "/api/modems/m1", json.dumps({"radio": {"rssi": 99999}}))
assert (status, refusal["error"]["at"]) == (422, "/radio/rssi")
content = bytes(range(256)) * 4096
assert ask("PUT", "/api/modems/m1/efs/C:/a.bin", content, "application/octet-stream")[0] == 200
assert ask("GET", "/api/modems/m1/efs/C:/a.bin") == (200, content)
# A body without a length is sent in chunks, and one that is refused leaves its answer.
assert ask("PUT", "/api/modems/m1/efs/C:/b.bin", iter([b"ab", b"cd"]), "application/octet-stream")[1]["size"] == 4
assert ask("POST", "/api/expect", b" " * 3_000_000)[0] == 413
assert ask("POST", "/api/reset")[0] == 200
assert ask("GET", "/api/modems/m1/efs/C:/a.bin")[0] == 404
print("done")
