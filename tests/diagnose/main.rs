//! What is judged and told: checks, causes, paths, remedies, stories, and every built-in scenario.
#![allow(missing_docs, reason = "a test")]

#[path = "../support/mod.rs"]
mod support;

mod alerts_alone;
mod cause_chains;
mod cause_lists;
mod causes;
mod corpora_chains;
mod corpora_containers;
mod corpora_limbo;
mod corpora_limbo_reasons;
mod corpora_paths;
mod corpora_reasons;
mod corpora_revocation;
mod edges;
mod edges_revocation;
mod edges_words;
mod explain;
mod explain_chain;
mod explain_files;
mod explain_unseen;
mod field_agree;
mod field_cases;
mod field_cases_more;
mod field_files;
mod field_lines;
mod fixture_certificates;
mod grid;
mod integrity;
mod limits;
mod load;
mod load_ber;
mod load_containers;
mod load_documents;
mod load_folder;
mod load_keys;
mod load_tools;
mod malformed;
mod mutation_chains;
mod near_lists;
mod paths;
mod paths_near;
mod paths_twins;
mod repair;
mod repair_commands;
mod repair_words;
mod revocation_grid;
mod scenarios;
mod story;
mod story_evidence;
mod time_line;
mod told;
mod turned_away;
