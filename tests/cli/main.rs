//! The program without its window, run as people and pipelines run it.
#![allow(missing_docs, reason = "a test")]

#[path = "../support/mod.rs"]
mod support;

mod asked_for;
#[cfg(unix)]
mod asking;
mod audit;
mod audit_authority;
mod audit_no_http;
mod built_in;
mod compare;
mod compare_inputs;
mod compare_recorded;
mod containers;
mod contract;
mod corpora_verify;
mod doctor;
mod exit_status;
mod experiment;
mod explain_lines;
mod explain_told;
mod explain_without_key;
mod export;
mod export_played;
mod fetch;
mod fetch_flags;
#[cfg(unix)]
mod hostile;
mod lesson;
mod lesson_packs;
#[cfg(target_os = "linux")]
mod output;
#[cfg(unix)]
mod readme_ci;
mod readme_commands;
mod revocation;
mod show;
mod show_evidence;
mod show_packed;
mod steps;
#[cfg(unix)]
mod too_much;
mod verify;
mod verify_flags;
mod verify_levels;
mod verify_reports;
