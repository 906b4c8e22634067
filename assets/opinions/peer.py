"""One end of a TLS connection, as Python's ssl module makes it; opinion/ runs it, and so do the tests.

A job is KEY=VALUE (role, port, name, cert, key, trust, crl, tls, alpn, scope), one to an argument; where there are no arguments,
a line of stdin with tabs between. The answer is a line of stdout: a word (port, answered, refused, unusable), a tab and text. A
server answers HTTP; a client reads until it has an answer. Without a name none is judged. scope=chain asks for the revocation of
every certificate, not the leaf alone. The other peers keep to the same protocol; those that can also know role=chain, which judges
the file "chain" without a handshake, and "at", the time to judge at in seconds since 1970.
"""

import socket
import ssl
import sys
import time

PATIENCE_S = 8
status = 0


def say(kind, words=""):
    global status
    status = 0 if kind in ("port", "answered") else 1
    print(kind + "\t" + " · ".join(str(words).splitlines()), flush=True)


def words_of(error):
    name = type(error).__name__
    module = "" if type(error).__module__ == "builtins" else type(error).__module__ + "."
    return f"{module}{name}: {error}"


def context_of(job):
    is_server = job["role"] == "server"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if is_server else ssl.PROTOCOL_TLS_CLIENT)
    if job.get("tls"):
        version = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[job["tls"]]
        context.minimum_version = context.maximum_version = version
    if job.get("trust"):
        context.load_verify_locations(job["trust"])
    if job.get("crl"):
        context.load_verify_locations(job["crl"])
        whole = job.get("scope") == "chain"
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN if whole else ssl.VERIFY_CRL_CHECK_LEAF
    if not is_server and not job.get("name"):
        context.check_hostname = False
    if is_server:
        context.verify_mode = ssl.CERT_REQUIRED
    if job.get("alpn"):
        context.set_alpn_protocols([job["alpn"]])
    if job.get("cert"):
        context.load_cert_chain(job["cert"], job["key"])
    return context


def serve(job):
    context = context_of(job)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE_S)
        say("port", listener.getsockname()[1])
        connection, _ = listener.accept()
        connection.settimeout(PATIENCE_S)
        try:
            with context.wrap_socket(connection, server_side=True) as stream:
                if stream.recv(4096):
                    stream.sendall(b"HTTP/1.0 200 OK\r\n\r\nhello\n")
                    say("answered")
                else:
                    say("refused")
        finally:
            connection.close()


def dial(job):
    context = context_of(job)
    with socket.create_connection(("127.0.0.1", int(job["port"])), PATIENCE_S) as connection:
        with context.wrap_socket(connection, server_hostname=job.get("name")) as stream:
            time.sleep(0.1)
            try:
                stream.sendall(b"GET / HTTP/1.0\r\n\r\n")
            except OSError:
                pass  # Why is seen by the next read.
            answer = stream.recv(4096)
            status = answer.split(b"\r\n")[0].decode("latin-1")
            say("answered" if b" 200 " in answer[:20] else "refused", "" if b" 200 " in answer[:20] else status)


print("version\t" + sys.version.split()[0] + " (" + " ".join(ssl.OPENSSL_VERSION.split()[:2]) + ")", flush=True)
jobs = [sys.argv[1:]] if sys.argv[1:] else (line.rstrip("\n").split("\t") for line in sys.stdin)
for parts in jobs:
    job = dict(part.split("=", 1) for part in parts)
    try:
        context_of(job)
    except Exception as error:  # What it says of its own files is of interest, too.
        say("unusable", words_of(error))
        continue
    try:
        serve(job) if job["role"] == "server" else dial(job)
    except Exception as error:
        say("refused", words_of(error))
if sys.argv[1:]:
    sys.exit(status)
