"""Reads messages, base64, one a line; writes what Python's email package makes of each, JSON, one a line."""
import base64
import json
import re
import sys
from email import message_from_bytes
from email.header import decode_header
from email.policy import compat32


def text_of(value):
    words = decode_header(re.sub(r"\r?\n", "", value))
    return "".join(word if isinstance(word, str) else word.decode(charset or "latin-1") for word, charset in words)


def leaves(part, linesep):
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for child in part.get_payload():
            yield from leaves(child, linesep)
        return
    if part.get_content_type() == "message/rfc822":
        policy = compat32.clone(linesep=linesep, mangle_from_=False)
        content = part.get_payload(0).as_bytes(policy=policy)
    else:
        content = part.get_payload(decode=True)
    name = part.get_filename()
    yield {
        "type": part.get_content_type(),
        "attachment": part.get_content_disposition() == "attachment",
        "name": None if name is None else text_of(name),
        "content": base64.b64encode(content).decode(),
    }


for line in sys.stdin:
    raw = base64.b64decode(line)
    message = message_from_bytes(raw)
    fields = {}
    for field in ("From", "Date", "Subject"):
        fields[field] = re.sub(r"\r?\n", "", str(message.get(field, ""))).replace("\t", " ").strip()
    print(json.dumps({"fields": fields, "parts": list(leaves(message, "\r\n" if b"\r\n" in raw else "\n"))}))
