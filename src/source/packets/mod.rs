//! Packets that somebody recorded: pcap and pcapng files, and the TCP connections in them.
//!
//! `opened` opens a file, `packed` unpacks one (`frames` those of Zstandard), `pipe` takes one from a pipe.
//! `file` reads the blocks, `frame` takes a packet apart down to TCP, `inner` knows the tunnels, `fragments` joins IP packets
//! that were sent in parts, and `layers` goes through all of them; `index` and `table` find the connections and where their packets
//! lie (`places`), `stream` puts one direction together again, `beside` finds a key log that lies next to the file. A file is read once from start to end, and again only where a
//! connection is opened: memory is bounded by the number of packets, not by their payload.
//!
//! Deliberately absent: TLS. Which connection speaks it, and from which byte on, is decode's to say; no port is looked
//! at but those of tunnels over UDP.

mod beside;
mod blocks;
mod carried;
mod connection;
mod covered;
mod direction;
mod eapol_frame;
mod file;
mod fragments;
mod frame;
mod frames;
mod index;
mod inner;
mod item;
mod layers;
mod opened;
mod packed;
mod pipe;
mod places;
mod progress;
mod silent;
mod since;
mod stream;
mod table;
mod wifi;

pub use beside::key_log_beside;
pub use carried::Carried;
pub use connection::TcpConnection;
pub use file::PacketsError;
pub use index::{Connection, PacketIndex};
pub use opened::may_be_packet_capture;
pub use progress::Progress;
