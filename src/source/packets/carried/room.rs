//! How much of carried conversations is kept.

/// Bytes of all conversations.
const MOST_BYTES: usize = 64 << 20;
/// Conversations; each takes memory even where it says little.
const MOST_CONVERSATIONS: usize = 32_768;
/// Bytes and packets of one conversation: a handshake with a thousand certificates.
const MOST_OF_ONE: usize = 1 << 20;
const MOST_PACKETS: usize = 8192;
/// What a packet costs beside its bytes.
const OVERHEAD: usize = 64;

/// What is left for all.
#[derive(Debug)]
pub(in super::super) struct Room {
    bytes: usize,
    conversations: usize,
    /// Packets that found none.
    pub refused: u64,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            bytes: MOST_BYTES,
            conversations: MOST_CONVERSATIONS,
            refused: 0,
        }
    }
}

impl Room {
    /// Whether one more conversation is kept.
    pub(super) fn conversation(&mut self) -> bool {
        let is_left = self.conversations > 0;
        self.conversations = self.conversations.saturating_sub(1);
        self.refused += u64::from(!is_left);
        is_left
    }

    /// Whether so many bytes of a conversation are kept, which has used up `of_one` already.
    pub(super) fn packet(&mut self, of_one: &mut Used, bytes: usize) -> bool {
        let cost = bytes + OVERHEAD;
        let fits = cost <= self.bytes && of_one.bytes + bytes <= MOST_OF_ONE && of_one.packets < MOST_PACKETS;
        if fits {
            self.bytes -= cost;
            of_one.bytes += bytes;
            of_one.packets += 1;
        } else {
            self.refused += 1;
        }
        fits
    }
}

/// What one conversation has used up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Used {
    bytes: usize,
    packets: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_conversation_takes_no_more_than_its_part_and_all_no_more_than_there_is() {
        let mut room = Room::default();
        let mut one = Used::default();
        assert!(room.packet(&mut one, MOST_OF_ONE));
        assert!(!room.packet(&mut one, 1));
        let mut many = Used::default();
        assert!((0..MOST_PACKETS).all(|_| room.packet(&mut many, 0)));
        assert!(!room.packet(&mut many, 0));
        let mut kept = 0;
        while room.packet(&mut Used::default(), MOST_OF_ONE) {
            kept += 1;
        }
        assert_eq!((kept, room.refused), (62, 3));
        assert!((0..MOST_CONVERSATIONS).all(|_| room.conversation()));
        assert!(!room.conversation());
    }
}
