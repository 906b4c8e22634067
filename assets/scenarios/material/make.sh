#!/usr/bin/env bash
# Makes the certificates of the scenarios that the Rust library cannot mint, with OpenSSL, valid for a hundred years.
# Run in this directory. The keys of the leaves are kept, because the lab signs with them: they are for teaching, and
# known to everybody. The CAs' keys are thrown away.
set -euo pipefail
quiet() { "$@" >/dev/null 2>&1 || "$@"; }
ca() { # name subject
  quiet openssl req -x509 -new -key "$1.key" -out "$1.pem" -subj "/CN=$2" -days 36500 ${3:+"-$3"} \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}
leaf() { # name issuer extensions-file-or-empty [digest]
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null
  quiet openssl req -new -key "$1.key" -subj "/CN=payments" -out "$1.csr"
  quiet openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -set_serial "0x$(openssl rand -hex 8)" -days 36500 \
    ${4:+"-$4"} ${3:+-extfile "$3"} -out "$1.pem"
  { echo "The private key of $1.pem: a teaching key, published on purpose. Never use it."; cat "$1.key"; } >> "$1.pem"
  rm "$1.csr" "$1.key"
}
cat > leaf.ext <<END
subjectAltName=DNS:payments.shop.svc
basicConstraints=CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
END
openssl ecparam -name prime256v1 -genkey -noout -out teaching-root.key; ca teaching-root "Teaching Root" sha256
leaf sha1-leaf teaching-root leaf.ext sha1          # ECDSA with SHA-1
leaf v1-leaf teaching-root "" sha256                # no extension: X.509 version 1
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa1024-root.key 2>/dev/null; ca rsa1024-root "Legacy RSA Root" sha256
leaf rsa1024-signed-leaf rsa1024-root leaf.ext sha256
openssl genpkey -algorithm ED448 -out ed448-root.key; ca ed448-root "Ed448 Root" ""
leaf ed448-signed-leaf ed448-root leaf.ext ""
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out p521-leaf.key 2>/dev/null
quiet openssl req -new -key p521-leaf.key -subj "/CN=payments" -out p521-leaf.csr
quiet openssl x509 -req -in p521-leaf.csr -CA teaching-root.pem -CAkey teaching-root.key -set_serial 0x5210000000000001 -days 36500 \
  -sha256 -extfile leaf.ext -out p521-leaf.pem
{ echo "The private key of p521-leaf.pem: a teaching key, published on purpose. Never use it."; cat p521-leaf.key; } >> p521-leaf.pem
rm -f ./*.key ./*.csr leaf.ext
