"""Reads messages, base64, one a line; writes what Python's email package makes of each, JSON, one a line."""
import base64
import json
import re
import sys
from email import message_from_bytes
from email.header import decode_header
from email.policy import compat32
from email.utils import collapse_rfc2231_value


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
    # An empty file name gives way to the name of the type.
    name = part.get_filename() or part.get_param("name")
    yield {
        # A multipart whose boundary line never comes has text for its content.
        "type": "text/plain" if part.get_content_maintype() == "multipart" else part.get_content_type(),
        "disposition": part.get_content_disposition() or "",
        "name": "" if name is None else text_of(collapse_rfc2231_value(name)),
        "content": base64.b64encode(content).decode(),
    }


for line in sys.stdin:
    raw = base64.b64decode(line)
    message = message_from_bytes(raw)
    fields = {}
    for field in ("From", "Date", "Subject"):
        fields[field] = re.sub(r"\r?\n", "", str(message.get(field, ""))).replace("\t", " ").strip()
    print(json.dumps({"fields": fields, "parts": list(leaves(message, "\r\n" if b"\r\n" in raw else "\n"))}))
