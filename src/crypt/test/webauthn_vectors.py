#!/usr/bin/env python3
"""Makes webauthn_vectors.h: what authenticators would answer, by another implementation of the cryptography
(python3-cryptography) and a CBOR writer of its own. Run it to make the vectors anew:

    python3 src/crypt/test/webauthn_vectors.py > src/crypt/test/webauthn_vectors.h
"""

import base64
import hashlib
import json
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

PARTY = b"social.example.org"
ORIGIN = "https://social.example.org"
CHALLENGE = bytes(range(32))
PRESENT, VERIFIED, CREDENTIAL, EXTENSIONS = 1, 4, 64, 128


def head(major, n):
    for info, size, form in ((24, 1, ">B"), (25, 2, ">H"), (26, 4, ">I")):
        if n < 24:
            return bytes([major << 5 | n])
        if n < 1 << 8 * size:
            return bytes([major << 5 | info]) + struct.pack(form, n)
    raise ValueError(n)


def cbor(value):
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value)) + value.encode()
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    raise TypeError(value)


def es256():
    key = ec.generate_private_key(ec.SECP256R1())
    n = key.public_key().public_numbers()
    cose = {1: 2, 3: -7, -1: 1, -2: n.x.to_bytes(32, "big"), -3: n.y.to_bytes(32, "big")}
    return cose, lambda message: key.sign(message, ec.ECDSA(hashes.SHA256()))


def eddsa():
    key = ed25519.Ed25519PrivateKey.generate()
    return {1: 1, 3: -8, -1: 6, -2: key.public_key().public_bytes_raw()}, key.sign


def rs256():
    key = rsa.generate_private_key(65537, 2048)
    n = key.public_key().public_numbers()
    cose = {1: 3, 3: -257, -1: n.n.to_bytes(256, "big"), -2: n.e.to_bytes(3, "big")}
    return cose, lambda message: key.sign(message, padding.PKCS1v15(), hashes.SHA256())


def client(act):
    challenge = base64.urlsafe_b64encode(CHALLENGE).decode().rstrip("=")
    text = {"type": f"webauthn.{act}", "challenge": challenge, "origin": ORIGIN, "crossOrigin": False}
    return json.dumps(text, separators=(",", ":")).encode()


def literal(data):
    return '"' + "".join(f"\\x{byte:02x}" for byte in data) + '"'


def lines(name, data):
    print(f"\t\t.{name} = STR_INIT(")
    for start in range(0, len(data), 20):
        print(f"\t\t\t{literal(data[start:start + 20])}")
    print("\t\t),")


def vector(name, make, form, statement, extensions):
    cose, sign = make()
    identity = hashlib.sha256(name.encode()).digest()[:20]
    attested = bytes(16) + struct.pack(">H", len(identity)) + identity + cbor(cose)
    flags = PRESENT | VERIFIED | CREDENTIAL | (EXTENSIONS if extensions else 0)
    more = cbor(extensions) if extensions else b""
    hashed = hashlib.sha256(PARTY).digest()
    data = hashed + bytes([flags]) + struct.pack(">I", 1) + attested + more
    answer = hashed + bytes([PRESENT | VERIFIED]) + struct.pack(">I", 7)
    print(f'\t{{\n\t\t.name = "{name}",')
    lines("id", identity)
    lines("attestation", cbor({"fmt": form, "attStmt": statement, "authData": data}))
    lines("authenticator", answer)
    lines("signature", sign(answer + hashlib.sha256(client("get")).digest()))
    print("\t},")


def main():
    print("/* Made by webauthn_vectors.py. */")
    print("/* clang-format off */")
    print("static const struct vector vectors[] = {")
    vector("ES256", es256, "none", {}, {})
    vector("EdDSA", eddsa, "packed", {"alg": -8, "sig": bytes(64)}, {})
    vector("RS256", rs256, "tpm", {"ver": "2.0", "x5c": [b"one", b"two"]}, {"credProtect": 2})
    print("};")
    print("/* clang-format on */")


if __name__ == "__main__":
    main()
