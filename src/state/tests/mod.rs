//! The state alone, with no window and no worker.

mod kept;
mod late;
mod order;
mod tabs;
mod tried;
