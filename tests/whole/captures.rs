//! Every packet capture among the fixtures: its list, and what is said of each connection, whole.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mtlscope::analysis::Analysis;
use mtlscope::cancel::Cancel;
use mtlscope::capture::{Capture, Der, Side, Trust};
use mtlscope::pki::read_file;
use mtlscope::source::packets::{PacketIndex, key_log_beside};
use mtlscope::survey::Survey;

use crate::digest;
use crate::each::Each;
use crate::files::{fixtures, name_of};
use crate::text::{self, Text, written};

/// Those of `carried` that are kept as text; the others tell the same handshakes in another carrier.
const WHOLE: [&str; 4] = [
    "carried/eap-tls-12.pcap",
    "carried/eap-tls-refused.pcap",
    "carried/openvpn-udp.pcap",
    "carried/ttls.pcap",
];

/// What both ends of those in `carried` trust.
fn carried_trust() -> Vec<Der> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/carried/meadow-ca.pem");
    let bundle = read_file(&path).expect("the CA");
    bundle.certificates.into_iter().map(|one| one.der).collect()
}

fn captures() -> Vec<PathBuf> {
    let mut all = fixtures("carried");
    all.extend(fixtures("field"));
    all.retain(|path| path.extension().is_some_and(|extension| extension == "pcap"));
    all
}

/// The same, judged by what both ends trust.
fn judged(capture: &Capture) -> Arc<Capture> {
    let mut capture = capture.clone();
    for side in Side::BOTH {
        capture.sides.of_mut(side).trust = Some(Trust {
            roots: carried_trust(),
            clock_unix_s: capture.started_at_unix_us / 1_000_000,
            ..Trust::default()
        });
    }
    Arc::new(capture)
}

fn told(text: &mut Text, analysis: &Analysis) {
    text::diagnosis(text, analysis);
    text::warned(text, analysis.warned());
    text::paths(text, analysis.paths());
    text::story(text, &analysis.story);
}

#[test]
fn each_connection_is_told() {
    let mut each = Each::default();
    let (mut transcripts, mut unjudged, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for path in captures() {
        let name = name_of(&path);
        let index = PacketIndex::open(&path, &Cancel::default(), &mut |_| ()).expect("it opens");
        let survey = Survey::of(index, key_log_beside(&path).0, &Cancel::default(), &|_, _| ())
            .expect("it is surveyed");
        let text = written(|text| {
            for remark in &survey.index.remarks {
                text.line(format!("remark {remark}"));
            }
            for row in &survey.rows {
                text.line(format!("{row:?}"));
                text.line(row.words());
                let analysis = survey.analysis(row).expect("it is analysed");
                let fields = written(|text| text::transcript(text, &analysis.transcript));
                transcripts.push((format!("{name} {}", row.connection), fields));
                if name.starts_with("carried") {
                    unjudged.push((name.clone(), written(|text| told(text, &analysis))));
                    told(text, &Analysis::of(judged(&analysis.capture)));
                } else {
                    told(text, &analysis);
                }
            }
        });
        if WHOLE.contains(&name.as_str()) || name.starts_with("field") {
            each.holds(&format!("capture-{name}"), &text);
        } else {
            others.push((name, text));
        }
    }
    digest::holds("others", &others);
    digest::holds("unjudged", &unjudged);
    digest::holds("captures", &transcripts);
    each.end();
}
