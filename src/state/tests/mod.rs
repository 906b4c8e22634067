//! The state alone, with no window and no worker.

mod agreed;
mod anew;
mod compared;
mod compared_words;
mod exported;
mod fetched;
mod kept;
mod lab;
mod late;
mod looked;
mod opinions;
mod order;
mod saving;
mod shown;
mod sorting;
mod tabs;
mod tried;
mod wire;
mod written;
