"""Parses mails with Python's email package: one base64 message a line in, one JSON object a line out."""

import base64
import email
import email.policy
import email.utils
import json
import re
import sys
from email.header import decode_header, make_header


def addresses(source, field):
    # The new parser of Python 3.11 keeps the blank between two encoded-words of a name, against RFC 2047 6.2.
    value = re.sub(r"\r\n", "", source[field] or "")
    pairs = email.utils.getaddresses([value]) if value else []
    return [[str(make_header(decode_header(name))), address] for name, address in pairs]


def leaf(part):
    return {
        "type": part.get_content_type(),
        "charset": part.get_content_charset(),
        "encoding": str(part["Content-Transfer-Encoding"]),
        "disposition": part.get_content_disposition(),
        "fileName": part.get_param("filename", header="Content-Disposition") if part["Content-Disposition"] else None,
        "name": part.get_param("name") if part["Content-Type"] else None,
        "bytes": base64.b64encode(part.get_payload(decode=True)).decode(),
    }


def defects(message):
    found = [str(defect) for part in message.walk() for defect in part.defects]
    for part in message.walk():
        for value in part.values():
            found += [repr(defect) for defect in getattr(value, "defects", ())]
    return found


for line in sys.stdin:
    message = email.message_from_bytes(base64.b64decode(line), policy=email.policy.default)
    source = email.message_from_bytes(base64.b64decode(line), policy=email.policy.compat32)
    parts = list(message.iter_parts()) if message.is_multipart() else [message]
    result = {
        "fields": message.keys(),
        "subject": str(message["Subject"]),
        "date": message["Date"].datetime.isoformat(),
        "from": addresses(source, "From"),
        "to": addresses(source, "To"),
        "cc": addresses(source, "Cc"),
        "parts": [leaf(part) for part in parts],
        "preamble": message.preamble or "",
        "epilogue": message.epilogue or "",
        "defects": defects(message),
    }
    print(json.dumps(result), flush=True)
