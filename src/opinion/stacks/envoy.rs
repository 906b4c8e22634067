//! Envoy: a listener, and an upstream; its words are the transport failure reason of an access log.

use serde_json::{Value, json};

use super::given::{
    Asked, CannotBeAsked, DEADLINE, Given, LISTS, OWN, OWN_KEY, Port, Start, TRUST, free_port,
    only_in_a_handshake, words,
};
use crate::opinion::run::Task;
use crate::setup::TlsVersion;

pub(super) const ASKED: Asked = Asked {
    server,
    client,
    chain_tool: |_| Err(only_in_a_handshake("Envoy")),
    words: telling,
    accepts: |_| None,
    compares_names_in_files: false,
    takes_time: false,
    deadline: DEADLINE,
};

/// What stands before the words in the access log.
const MARK: &str = "SAID ";
const TYPE: &str = "type.googleapis.com/envoy.extensions";
const CONFIGURATION: &str = "envoy.json";

fn access_log(words: &str) -> Value {
    json!([{
        "name": "said",
        "typed_config": {
            "@type": format!("{TYPE}.access_loggers.file.v3.FileAccessLog"),
            "path": "/dev/stdout",
            "log_format": { "text_format_source": { "inline_string": format!("{MARK}{words}\n") } },
        },
    }])
}

/// An HTTP connection manager with one route.
fn http(route: &Value, log: Option<Value>) -> Value {
    json!({
        "name": "http",
        "typed_config": {
            "@type": format!("{TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager"),
            "stat_prefix": "http",
            "access_log": log.unwrap_or_else(|| json!([])),
            "http_filters": [{ "name": "router", "typed_config": { "@type": format!("{TYPE}.filters.http.router.v3.Router") } }],
            "route_config": { "virtual_hosts": [{ "name": "all", "domains": ["*"], "routes": [route] }] },
        },
    })
}

fn common(given: &Given<'_>) -> Result<Value, CannotBeAsked> {
    if !given.trusts_any() {
        return Err("Envoy judges nobody where it is given nothing to trust".to_owned());
    }
    let file = |name: &str| json!({ "filename": given.directory.join(name) });
    let (least, most) = match given.only_version() {
        Some(TlsVersion::Tls12) => ("TLSv1_2", "TLSv1_2"),
        Some(TlsVersion::Tls13) => ("TLSv1_3", "TLSv1_3"),
        // An upstream would leave TLS 1.3 out.
        None => ("TLSv1_2", "TLSv1_3"),
    };
    let mut validation = json!({ "trusted_ca": file(TRUST) });
    if let (true, Some(validation)) = (given.has_lists(), validation.as_object_mut()) {
        validation.insert("crl".to_owned(), file(LISTS));
        let is_leaf_only = given.question.revocation.is_leaf_only;
        validation.insert("only_verify_leaf_cert_crl".to_owned(), is_leaf_only.into());
    }
    if let (Some(name), Some(validation)) = (&given.name, validation.as_object_mut()) {
        let kind = if name.parse::<std::net::IpAddr>().is_ok() {
            "IP_ADDRESS"
        } else {
            "DNS"
        };
        validation.insert(
            "match_typed_subject_alt_names".to_owned(),
            json!([{ "san_type": kind, "matcher": { "exact": name } }]),
        );
    }
    Ok(json!({
        "tls_params": { "tls_minimum_protocol_version": least, "tls_maximum_protocol_version": most },
        "validation_context": validation,
        "tls_certificates": [{ "certificate_chain": file(OWN), "private_key": file(OWN_KEY) }],
    }))
}

fn address(port: u16) -> Value {
    json!({ "socket_address": { "address": "127.0.0.1", "port_value": port } })
}

fn start(given: &Given<'_>, port: u16, resources: &Value) -> Start {
    let mut arguments = words(&["--disable-hot-restart", "--concurrency", "1", "-l", "warning"]);
    arguments.extend(words(&[
        "--file-flush-interval-msec",
        "10",
        "--use-dynamic-base-id",
        "-c",
        CONFIGURATION,
    ]));
    Start {
        task: Task {
            program: given.program.to_owned(),
            arguments,
            environment: Vec::new(),
            stdin: "",
        },
        files: vec![(
            CONFIGURATION,
            json!({ "static_resources": resources }).to_string(),
        )],
        port: Port::Told(port),
    }
}

fn server(given: &Given<'_>) -> Result<Start, CannotBeAsked> {
    let port = free_port()?;
    let route = json!({ "match": { "prefix": "/" }, "direct_response": { "status": 200, "body": { "inline_string": "hello" } } });
    Ok(start(
        given,
        port,
        &json!({ "listeners": [{
            "address": address(port),
            "access_log": access_log("%DOWNSTREAM_TRANSPORT_FAILURE_REASON%"),
            "filter_chains": [{
                "filters": [http(&route, None)],
                "transport_socket": { "name": "tls", "typed_config": {
                    "@type": format!("{TYPE}.transport_sockets.tls.v3.DownstreamTlsContext"),
                    "require_client_certificate": true,
                    "common_tls_context": common(given)?,
                } },
            }],
        }] }),
    ))
}

fn client(given: &Given<'_>, upstream: u16) -> Result<Start, CannotBeAsked> {
    let port = free_port()?;
    let route = json!({ "match": { "prefix": "/" }, "route": { "cluster": "upstream" } });
    let log = access_log("%UPSTREAM_TRANSPORT_FAILURE_REASON%|||%RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%");
    let mut tls = json!({
        "@type": format!("{TYPE}.transport_sockets.tls.v3.UpstreamTlsContext"),
        "common_tls_context": common(given)?,
    });
    let host = given
        .name
        .as_ref()
        .filter(|name| name.parse::<std::net::IpAddr>().is_err());
    if let (Some(name), Some(tls)) = (host, tls.as_object_mut()) {
        tls.insert("sni".to_owned(), name.as_str().into());
    }
    Ok(start(
        given,
        port,
        &json!({
            "listeners": [{ "address": address(port), "filter_chains": [{ "filters": [http(&route, Some(log))] }] }],
            "clusters": [{
                "name": "upstream",
                "connect_timeout": "5s",
                "load_assignment": { "cluster_name": "upstream", "endpoints": [{ "lb_endpoints": [{ "endpoint": { "address": address(upstream) } }] }] },
                "transport_socket": { "name": "tls", "typed_config": tls },
            }],
        }),
    ))
}

/// The transport failure reason; or why it would not take its configuration.
fn telling(text: &str) -> Option<String> {
    let said = text
        .lines()
        .filter_map(|line| line.strip_prefix(MARK))
        .map(|line| line.split("|||").next().unwrap_or(line).trim())
        .find(|words| !words.is_empty() && *words != "-");
    if let Some(said) = said {
        return Some(said.to_owned());
    }
    let line = text
        .lines()
        .find(|line| line.contains("[critical]") || line.contains("error initializing"))?;
    let words = line.rsplit("] ").next().unwrap_or(line);
    // Behind it stands the configuration.
    Some(
        words
            .split(" initializing config")
            .next()
            .unwrap_or(words)
            .to_owned(),
    )
}
