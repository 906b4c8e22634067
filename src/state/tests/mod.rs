//! The state alone, with no window and no worker.

mod late;
mod order;
mod tabs;
mod tried;
