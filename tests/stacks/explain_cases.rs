//! The faults whose remedies `explain_remedies` runs: a line of the table is one, in another program's words.

/// Who presents and trusts what.
#[derive(Clone, Copy)]
pub struct Files {
    pub client: [&'static str; 2],
    pub server: [&'static str; 2],
    pub client_trust: &'static str,
    pub server_trust: &'static str,
    pub name: &'static str,
    pub more: &'static [&'static str],
}

pub const GOOD: Files = Files {
    client: ["cli-full.pem", "cli.key"],
    server: ["srv-full.pem", "of the server.key"],
    client_trust: "root.pem",
    server_trust: "root.pem",
    name: "api.acme.test",
    more: &[],
};

/// What the commands make.
#[derive(Clone, Copy)]
pub enum Makes {
    ClientChain,
    ServerChain,
    ClientTrust,
    ServerTrust,
    /// The key that belongs to what is presented is another file.
    ClientKey(&'static str),
}

pub struct Case {
    pub id: &'static str,
    pub line: &'static str,
    /// Shell: makes the faulty files and puts keys where the commands want them.
    pub made: &'static str,
    pub files: Files,
    /// Words of the remedies to follow.
    pub words: &'static [&'static str],
    pub makes: Makes,
}

/// `sign NAME ISSUER SUBJECT OPTIONS EXTENSION…` issues NAME.pem for NAME.key, which is made if it is not there; `dated NAME ISSUER
/// SUBJECT FROM TO EXTENSION…` does with these dates.
pub const PRELUDE: &str = r#"
exec 2>/dev/null
CA='basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign,cRLSign subjectKeyIdentifier=hash'
CLI='basicConstraints=CA:FALSE keyUsage=critical,digitalSignature extendedKeyUsage=clientAuth subjectKeyIdentifier=hash authorityKeyIdentifier=keyid'
SRV='basicConstraints=CA:FALSE keyUsage=critical,digitalSignature extendedKeyUsage=serverAuth subjectKeyIdentifier=hash authorityKeyIdentifier=keyid'
key() { [ -f "$1.key" ] || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }
sign() { n=$1; ca=$2; subj=$3; opt=${4:--days 30}; shift 4; key "$n"; openssl req -new -key "$n.key" -subj "$subj" -out "$n.csr" || exit 1
  printf '%s\n' $* > "$n.ext"
  if [ "$ca" = self ]; then openssl x509 -req -in "$n.csr" -signkey "$n.key" $opt -extfile "$n.ext" -out "$n.pem" || exit 1
  else openssl x509 -req -in "$n.csr" -CA "$ca.pem" -CAkey "$ca.key" -CAcreateserial $opt -extfile "$n.ext" -out "$n.pem" || exit 1; fi; }
dated() { n=$1; ca=$2; subj=$3; from=$4; to=$5; shift 5; key "$n"; openssl req -new -key "$n.key" -subj "$subj" -out "$n.csr" || exit 1
  printf '%s\n' $* > "$n.ext"; : > index.txt; echo 1000 > serial; echo 1000 > crlnumber
  printf '%s\n' '[ca]' default_ca=here '[here]' database=index.txt serial=serial new_certs_dir=. default_md=sha256 policy=any \
    crlnumber=crlnumber crl_extensions=list '[any]' commonName=supplied '[list]' authorityKeyIdentifier=keyid > ca.cnf
  openssl ca -batch -notext -config ca.cnf -cert "$ca.pem" -keyfile "$ca.key" -startdate "$from" -enddate "$to" -extfile "$n.ext" \
    -in "$n.csr" -out "$n.pem" || exit 1; }
"#;

pub const AGAIN: &[&str] = &["Issue it again"];

pub fn cases() -> Vec<Case> {
    let client = |file| Files {
        client: [file, "bad.key"],
        ..GOOD
    };
    let server = |name| Files {
        server: ["bad.pem", "bad.key"],
        name,
        ..GOOD
    };
    vec![
        Case {
            id: "wrong-purpose",
            line: "tls: failed to verify client certificate: x509: certificate specifies an incompatible key usage",
            made: "sign bad int /CN=bad '' $SRV; cp int.key CA-KEY.pem; cat bad.pem int.pem > bad-full.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "validity-inverted",
            line: "tlsv1 alert certificate expired: SSL alert number 45",
            made: "sign bad int /CN=bad '-days -1' $CLI; cp int.key CA-KEY.pem; cat bad.pem int.pem > bad-full.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "missing-intermediate",
            line: "error 20 at 0 depth lookup: unable to get local issuer certificate",
            made: "true",
            files: Files {
                client: ["cli.pem", "cli.key"],
                ..GOOD
            },
            words: &["Append the intermediate"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "unknown-issuer",
            line: "PKIX path building failed: unable to find valid certification path to requested target",
            made: "sign other self /CN=Other '' $CA",
            files: Files {
                server_trust: "other.pem",
                more: &["--known", "root.pem"],
                ..GOOD
            },
            words: &["add it to what it trusts"],
            makes: Makes::ServerTrust,
        },
        Case {
            id: "self-signed-not-trusted",
            line: "SSL certificate problem: self-signed certificate",
            made: "sign bad self /CN=api.acme.test '' basicConstraints=CA:FALSE subjectAltName=DNS:api.acme.test",
            files: server("api.acme.test"),
            words: &["Trust this very certificate"],
            makes: Makes::ClientTrust,
        },
        Case {
            id: "name-mismatch",
            line: "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames",
            made: "sign bad int /CN=bad '' $SRV subjectAltName=DNS:old.acme.test; cp int.key CA-KEY.pem",
            files: server("new.acme.test"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "no-san",
            line: "x509: certificate relies on legacy Common Name field, use SANs instead",
            made: "sign bad int /CN=api.acme.test '' $SRV; cp int.key CA-KEY.pem",
            files: server("api.acme.test"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "ip-in-dns-name",
            line: "x509: cannot validate certificate for 10.9.8.7 because it doesn't contain any IP SANs",
            made: "sign bad int /CN=bad '' $SRV subjectAltName=DNS:10.9.8.7; cp int.key CA-KEY.pem",
            files: server("10.9.8.7"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "wildcard-misuse",
            line: "hostname 'a.b.acme.test' doesn't match '*.acme.test'",
            made: "sign bad int /CN=bad '' $SRV 'subjectAltName=DNS:*.acme.test'; cp int.key CA-KEY.pem",
            files: server("a.b.acme.test"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "issuer-not-ca",
            line: "error 24 at 1 depth lookup: invalid CA certificate",
            made: "sign mid root /CN=Mid '' basicConstraints=CA:FALSE subjectKeyIdentifier=hash authorityKeyIdentifier=keyid
                   sign bad mid /CN=bad '' $CLI; cat bad.pem mid.pem > bad-full.pem
                   cp root.key CA-KEY.pem; cp mid.key INTERMEDIATE-KEY.pem",
            files: client("bad-full.pem"),
            words: &["is a CA: have"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "path-length-exceeded",
            line: "error 25 at 1 depth lookup: path length constraint exceeded",
            made: "sign up root /CN=Up '' basicConstraints=critical,CA:TRUE,pathlen:0 keyUsage=critical,keyCertSign subjectKeyIdentifier=hash authorityKeyIdentifier=keyid
                   sign low up /CN=Low '' $CA authorityKeyIdentifier=keyid
                   sign bad low /CN=bad '' $CLI; cat bad.pem low.pem up.pem > bad-full.pem
                   cp root.key CA-KEY.pem; cp up.key INTERMEDIATE-KEY.pem",
            files: client("bad-full.pem"),
            words: &["is a CA: have"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "weak-signature",
            line: "nginx: client SSL certificate verify error: (68:CA signature digest algorithm too weak)",
            made: "sign mid root /CN=Mid '-days 30 -sha1' $CA authorityKeyIdentifier=keyid
                   sign bad mid /CN=bad '' $CLI; cat bad.pem mid.pem > bad-full.pem
                   cp root.key CA-KEY.pem; cp mid.key INTERMEDIATE-KEY.pem",
            files: client("bad-full.pem"),
            words: &["is a CA: have"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "weak-key",
            line: "nginx: client SSL certificate verify error: (67:CA certificate key too weak)",
            made: "openssl genrsa -out mid.key 1024; sign mid root /CN=Mid '' $CA authorityKeyIdentifier=keyid
                   sign bad mid /CN=bad '' $CLI; cat bad.pem mid.pem > bad-full.pem; cp root.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: &["It is the key of the CA", "Then issue"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "unknown-critical-extension",
            line: "x509: unhandled critical extension",
            made: "sign bad int /CN=bad '' $CLI 1.2.3.4.5.6=critical,ASN1:NULL; cat bad.pem int.pem > bad-full.pem
                   cp int.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "same-name-different-key",
            line: "x509: certificate signed by unknown authority (possibly because of \"x509: ECDSA verification failure\" while trying to verify candidate authority certificate \"Twin\")",
            made: "sign old root /CN=Twin '' $CA authorityKeyIdentifier=keyid
                   sign right root /CN=Twin '' $CA authorityKeyIdentifier=keyid
                   sign bad right /CN=bad '' $CLI; cat bad.pem old.pem > bad-full.pem",
            files: Files {
                more: &["--known", "right.pem"],
                ..client("bad-full.pem")
            },
            words: &["is at hand, and is an intermediate"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "name-constraint-violated",
            line: "error 47 at 0 depth lookup: permitted subtree violation",
            made: "sign mid root /CN=Mid '' $CA authorityKeyIdentifier=keyid nameConstraints=critical,permitted\\;DNS:other.test
                   sign bad mid /CN=bad '' $SRV subjectAltName=DNS:api.acme.test; cat bad.pem mid.pem > bad.tmp; mv bad.tmp bad.pem
                   cp int.pem CA.pem; cp int.key CA-KEY.pem",
            files: server("api.acme.test"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "unsupported-certificate-version",
            line: "invalid peer certificate: Other(OtherError(UnsupportedCertVersion))",
            made: "key bad; openssl req -new -key bad.key -subj /CN=bad -out bad.csr
                   openssl x509 -req -in bad.csr -CA int.pem -CAkey int.key -CAcreateserial -days 30 -out bad.pem
                   cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "weak-key",
            line: "error 66 at 0 depth lookup: EE certificate key too weak",
            made: "openssl genrsa -out bad.key 1024; sign bad int /CN=bad '' $CLI; cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "weak-key",
            line: "SSL routines::ee key too small",
            made: "openssl genrsa -out bad.key 1024; sign bad int /CN=bad '' $SRV subjectAltName=DNS:api.acme.test
                   cat bad.pem int.pem > bad.tmp; mv bad.tmp bad.pem; cp int.key CA-KEY.pem",
            files: server("api.acme.test"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "revoked",
            line: "error 23 at 0 depth lookup: certificate revoked",
            made: "dated bad int /CN=bad 20240101000000Z 20400101000000Z $CLI; cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem
                   openssl ca -config ca.cnf -cert int.pem -keyfile int.key -revoke bad.pem -crl_reason keyCompromise
                   openssl ca -config ca.cnf -cert int.pem -keyfile int.key -gencrl -crldays 30 -out int.crl
                   : > index.txt; openssl ca -config ca.cnf -cert root.pem -keyfile root.key -gencrl -crldays 30 -out root.crl",
            files: Files {
                more: &["--server-crl", "int.crl", "--server-crl", "root.crl"],
                ..client("bad-full.pem")
            },
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "weak-signature",
            line: "error 68 at 0 depth lookup: CA signature digest algorithm too weak",
            made: "sign bad int /CN=bad '-days 30 -sha1' $CLI; cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "not-yet-valid",
            line: "error 9 at 0 depth lookup: certificate is not yet valid",
            made: "dated bad int /CN=bad 20700101000000Z 20800101000000Z $CLI; cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "expired",
            line: "javax.net.ssl.SSLHandshakeException: Received fatal alert: certificate_expired",
            made: "dated bad int /CN=bad 20240101000000Z 20240131000000Z $CLI; cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: AGAIN,
            makes: Makes::ClientChain,
        },
        Case {
            id: "expired",
            line: "SSL certificate problem: certificate has expired",
            made: "dated bad int /CN=bad 20240101000000Z 20240131000000Z $SRV subjectAltName=DNS:api.acme.test
                   cat bad.pem int.pem > bad.tmp; mv bad.tmp bad.pem; cp int.key CA-KEY.pem",
            files: server("api.acme.test"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "leaf-is-ca",
            line: "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
            made: "sign bad int /CN=bad '' $CA authorityKeyIdentifier=keyid; cat bad.pem int.pem > bad-full.pem; cp int.key CA-KEY.pem",
            files: client("bad-full.pem"),
            words: &["It names nobody"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "leaf-is-ca",
            line: "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
            made: "sign bad self /CN=api.acme.test '' $CA subjectAltName=DNS:api.acme.test; cp root.pem CA.pem; cp root.key CA-KEY.pem",
            files: server("api.acme.test"),
            words: AGAIN,
            makes: Makes::ServerChain,
        },
        Case {
            id: "leaf-not-first",
            line: "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
            made: "sign bad int /CN=bad '' $CLI; cat int.pem bad.pem > bad-full.pem",
            files: client("bad-full.pem"),
            words: &["leaf first"],
            makes: Makes::ClientChain,
        },
        Case {
            id: "leaf-not-first",
            line: "The certificate issuer is unknown. certificate list is not sorted",
            made: "sign bad int /CN=bad '' $SRV subjectAltName=DNS:api.acme.test; cat root.pem int.pem bad.pem > bad.tmp; mv bad.tmp bad.pem",
            files: server("api.acme.test"),
            words: &["leaf first"],
            makes: Makes::ServerChain,
        },
        Case {
            id: "key-mismatch",
            line: "tls: private key does not match public key",
            made: "key bad; cp cli.key KEY.pem",
            files: client("cli-full.pem"),
            words: &["belongs"],
            makes: Makes::ClientKey("cli.key"),
        },
    ]
}
