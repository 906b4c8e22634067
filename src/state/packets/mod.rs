//! Packet captures: being read, then a list of connections, filtered, one of them opened.

mod command;
mod job;
mod list;

pub use command::PacketCommand;
pub use job::{PacketDone, PacketJob};
pub use list::{PacketList, Packets, Phase};

pub(super) use job::is_packets;
pub(super) use list::title_of;
