#!/usr/bin/env python3
"""A mail server for the tests, made with aiosmtpd. Usage: mailserver.py HOST PORT FOLDER [CERTIFICATE KEY]

With a certificate it wants STARTTLS, then a name and a password ("node", "mail-password"). Every message that it takes
becomes FOLDER/N.json: who it is from and to, and its bytes. Addresses that begin with "refused" are refused for good,
those that begin with "later" for now. Prints "ready" when it listens."""
import asyncio
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, folder):
        self.folder, self.count = folder, 0

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address.startswith("refused"):
            return "550 5.1.1 No such person"
        if address.startswith("later"):
            return "451 4.7.1 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope):
        self.count += 1
        message = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "text": envelope.content.decode("latin-1"),
                   "tls": session.ssl is not None, "name": session.host_name}
        path = os.path.join(self.folder, f"{self.count}.json")
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(message, file)
        os.rename(path + ".new", path)
        return "250 OK"


def authenticate(_server, _session, _envelope, _mechanism, data):
    fits = (data.login, data.password) == (b"node", b"mail-password")
    return AuthResult(success=fits, handled=fits)


async def main(host, port, folder, certificate=None, key=None):
    handler, options = Handler(folder), {}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        options = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": authenticate}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, **options), host, int(port))
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
