//! Envoy, from its wheel's binary: a listener's and an upstream's transport failure reason, as an access log gives them.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::child::{Ended, free_port};
use super::faults::Given;
use super::programs::ready;
use super::{Dialled, Serving, Stack, ask_plainly};

/// What stands before the words in the access log.
const MARK: &str = "SAID ";
const TYPE: &str = "type.googleapis.com/envoy.extensions";

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

fn common(directory: &Path, given: &Given) -> Value {
    let file = |name: &str| json!({ "filename": directory.join(name) });
    let version = match given.tls {
        Some("1.2") => ("TLSv1_2", "TLSv1_2"),
        Some(_) => ("TLSv1_3", "TLSv1_3"),
        // An upstream would leave TLS 1.3 out.
        None => ("TLSv1_2", "TLSv1_3"),
    };
    let mut out = json!({
        "tls_params": { "tls_minimum_protocol_version": version.0, "tls_maximum_protocol_version": version.1 },
        "validation_context": { "trusted_ca": file(given.trust) },
    });
    if let Some(name) = given.identity {
        out["tls_certificates"] = json!([{
            "certificate_chain": file(&format!("{name}.pem")), "private_key": file(&format!("{name}.key")),
        }]);
    }
    if let Some(list) = given.crl {
        out["validation_context"]["crl"] = file(list);
    }
    if let Some(alpn) = given.alpn {
        out["alpn_protocols"] = json!([alpn]);
    }
    out
}

fn address(port: u16) -> Value {
    json!({ "socket_address": { "address": "127.0.0.1", "port_value": port } })
}

fn start(binary: &Path, directory: &Path, resources: &Value) -> Ended {
    let file = tempfile::Builder::new()
        .suffix(".json")
        .tempfile_in(directory)
        .expect("a file");
    let (_, path) = file.keep().expect("kept");
    std::fs::write(&path, json!({ "static_resources": resources }).to_string()).expect("written");
    let all = [
        "--disable-hot-restart",
        "--concurrency",
        "1",
        "-l",
        "warning",
        "--file-flush-interval-msec",
        "10",
        "--use-dynamic-base-id",
        "-c",
    ]
    .map(str::to_owned);
    Ended::start(
        directory,
        &binary.to_string_lossy(),
        &[&all[..8], &[all[8].clone(), path.to_string_lossy().into_owned()]].concat(),
    )
}

/// The transport failure reason; or why it would not take its configuration.
pub fn words(text: &str) -> String {
    let said = text
        .lines()
        .filter_map(|line| line.strip_prefix(MARK))
        .map(str::trim)
        .find(|line| !line.is_empty() && *line != "-");
    // A refusal that comes after the handshake is no transport failure to Envoy: its flags and details tell what there is.
    let said = said.map(|said| match said.split_once("|||") {
        Some(("-", flags)) => flags,
        Some((reason, _)) => reason,
        None => said,
    });
    if let Some(said) = said {
        return said.trim_end_matches(":TLS_error_end").to_owned();
    }
    text.lines()
        .find(|line| line.contains("[critical]") || line.contains("error initializing"))
        .map(|line| line.rsplit("] ").next().unwrap_or(line))
        // Behind it stands the configuration, in an encoding that differs from run to run.
        .map(|line| {
            line.split(" initializing config")
                .next()
                .unwrap_or(line)
                .to_owned()
        })
        .unwrap_or_default()
}

pub fn server(binary: &Path, directory: &Path, given: &Given) -> Result<(Serving, u16), String> {
    let port = free_port();
    let route = json!({ "match": { "prefix": "/" }, "direct_response": { "status": 200, "body": { "inline_string": "hello" } } });
    let child = start(
        binary,
        directory,
        &json!({ "listeners": [{
            "address": address(port),
            "access_log": access_log("%DOWNSTREAM_TRANSPORT_FAILURE_REASON%"),
            "filter_chains": [{
                "filters": [http(&route, None)],
                "transport_socket": { "name": "tls", "typed_config": {
                    "@type": format!("{TYPE}.transport_sockets.tls.v3.DownstreamTlsContext"),
                    "require_client_certificate": true,
                    "common_tls_context": common(directory, given),
                } },
            }],
        }] }),
    );
    ready(child, port, Stack::Envoy, words)
}

pub fn client(binary: &Path, directory: &Path, given: &Given, upstream: u16) -> Dialled {
    let port = free_port();
    let mut tls = common(directory, given);
    let kind = if given.asks_for_an_address() {
        "IP_ADDRESS"
    } else {
        "DNS"
    };
    tls["validation_context"]["match_typed_subject_alt_names"] =
        json!([{ "san_type": kind, "matcher": { "exact": given.name } }]);
    let host = (!given.asks_for_an_address()).then_some(given.name);
    let route = json!({ "match": { "prefix": "/" }, "route": { "cluster": "upstream" } });
    let child = start(
        binary,
        directory,
        &json!({
            "listeners": [{
                "address": address(port),
                "filter_chains": [{ "filters": [http(&route, Some(access_log("%UPSTREAM_TRANSPORT_FAILURE_REASON%|||%RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%")))] }],
            }],
            "clusters": [{
                "name": "upstream",
                "connect_timeout": "5s",
                "load_assignment": { "cluster_name": "upstream", "endpoints": [{ "lb_endpoints": [{ "endpoint": { "address": address(upstream) } }] }] },
                "transport_socket": { "name": "tls", "typed_config": {
                    "@type": format!("{TYPE}.transport_sockets.tls.v3.UpstreamTlsContext"),
                    "sni": host.unwrap_or_default(),
                    "common_tls_context": tls,
                } },
            }],
        }),
    );
    match ready(child, port, Stack::Envoy, words) {
        Err(words) => Dialled {
            words,
            answered: false,
            is_unusable: true,
        },
        Ok((Serving::Program(_, mut child), _)) => {
            let answered = ask_plainly(port);
            child.wait_for(Duration::from_secs(1), |text| text.contains(MARK));
            Dialled {
                words: words(&child.finish()),
                answered,
                is_unusable: false,
            }
        }
        Ok(_) => unreachable!("Envoy is a program"),
    }
}
