//! The state alone, with no window and no worker.

mod anew;
mod kept;
mod late;
mod opinions;
mod order;
mod saving;
mod sorting;
mod tabs;
mod tried;
