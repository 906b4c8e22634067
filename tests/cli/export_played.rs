//! An exported page in a real browser: it plays, step by step, and asks nobody for anything.

use std::path::Path;

use super::export::session;
use crate::support::chromium::{chromium, open};
use crate::support::command::{mtlscope, status};

/// How many elements of the document have a class among theirs.
fn count(document: &str, start: &str, class: &str) -> usize {
    let tags = document.split(start).skip(1);
    tags.filter(|tag| {
        let tag = tag.split('>').next().unwrap_or_default();
        let classes = tag
            .split("class=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        classes.is_some_and(|classes| classes.split(' ').any(|one| one == class))
    })
    .count()
}

fn check_console(console: &str) {
    let said = console.lines().find(|line| line.contains("CONSOLE"));
    assert_eq!(said, None, "the page wrote to the console");
}

#[test]
fn a_page_plays_in_a_real_browser() {
    let Some(program) = chromium("a page plays in a real browser") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["root-rotated", "good-tls12"] {
        let page = folder.path().join(format!("{name}.html"));
        let file = session(name);
        let arguments = ["export", file.to_str().expect("a path"), "--to", "html", "--out"];
        let output = mtlscope(&[&arguments[..], &[page.to_str().expect("a path")]].concat());
        assert_eq!(status(&output), 0, "{output:?}");
        let text = std::fs::read_to_string(&page).expect("written");
        let steps = text.matches("<g class=\"step\"").count();
        let address = format!("file://{}", page.display());
        for step in [0, 1, steps / 2, steps] {
            let (document, console) = open(&program, &format!("{address}#step={step}"), &["--dump-dom"]);
            check_console(&console);
            assert!(
                document.contains(&format!("data-step=\"{step}\"")),
                "{name} at {step}"
            );
            assert!(document.contains("<html lang=\"en\" data-steps="), "{name}");
            // What has not happened is not shown.
            assert_eq!(count(&document, "<g ", "step"), steps, "{name}");
            assert_eq!(count(&document, "<g ", "later"), steps - step, "{name} at {step}");
            assert_eq!(
                count(&document, "<g ", "now"),
                usize::from(step > 0),
                "{name} at {step}"
            );
            assert_eq!(
                count(&document, "<section ", "later") > 0,
                step < steps,
                "{name} at {step}: why"
            );
            assert!(
                document.contains(&format!("{step} / {steps}")),
                "{name} at {step}"
            );
        }
        // Without a step the end is shown, as in the window.
        let (document, _) = open(&program, &address, &["--dump-dom"]);
        assert!(document.contains(&format!("{steps} / {steps}")), "{name}");
        picture(&program, &address, folder.path());
    }
}

/// A picture is taken, and pages are printed.
fn picture(program: &Path, address: &str, folder: &Path) {
    let png = folder.join("page.png");
    open(program, address, &[&format!("--screenshot={}", png.display())]);
    let picture = image::open(&png).expect("a picture");
    assert_eq!((picture.width(), picture.height()), (1440, 900));
    let pdf = folder.join("page.pdf");
    open(program, address, &[&format!("--print-to-pdf={}", pdf.display())]);
    assert!(std::fs::read(&pdf).expect("printed").starts_with(b"%PDF-"));
}

/// Nothing but the page's own script runs in it, whatever a session calls itself.
#[test]
fn a_hostile_name_runs_nothing() {
    let Some(program) = chromium("a hostile name runs nothing") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("page.html");
    let file = session("good-tls13");
    let title =
        "</title><script>document.title='taken'</script><img src=http://127.0.0.1:9/x onerror=alert(1)>";
    let output = mtlscope(&[
        "export",
        file.to_str().expect("a path"),
        "--to",
        "html",
        "--title",
        title,
        "--out",
        page.to_str().expect("a path"),
    ]);
    assert_eq!(status(&output), 0, "{output:?}");
    let (document, console) = open(&program, &format!("file://{}", page.display()), &["--dump-dom"]);
    check_console(&console);
    assert!(!document.contains("<img"), "no element came of it");
    assert!(!document.contains("<title>taken"), "no script ran");
}
