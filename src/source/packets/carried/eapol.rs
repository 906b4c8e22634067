//! EAP on a link (IEEE 802.1X): whose frame is whose, also where it is sent to the group of all ports.

use std::collections::HashMap;

use super::eap::Conversation;
use super::evidence::{Carried, Place};
use super::room::Room;
use crate::capture::{EapLower, Side};
use crate::preamble::eap::{Eap, in_eapol};
use crate::source::packets::eapol_frame::{EapolFrame, Mac};

/// The conversations on all links.
#[derive(Default)]
pub(super) struct Ports {
    conversations: Vec<Conversation>,
    /// The latest of a supplicant.
    of_supplicant: HashMap<Mac, usize>,
    /// The latest of an authenticator, and whose it is where that is known.
    of_authenticator: HashMap<Mac, (usize, Option<Mac>)>,
}

impl Ports {
    pub(super) fn take(&mut self, frame: &EapolFrame, place: Place, payload: &[u8], room: &mut Room) {
        let Some(bytes) = in_eapol(payload) else { return };
        let Some(eap) = Eap::read(bytes) else { return };
        let bytes = bytes.get(..eap.length).unwrap_or(bytes);
        let to = frame.to.filter(|mac| !is_group(*mac));
        let (supplicant, authenticator) = match eap.code.sender() {
            Side::Client => (Some(frame.from), to),
            Side::Server => (to, Some(frame.from)),
        };
        let known = self.find(supplicant, authenticator).filter(|index| {
            let conversation = self.conversations.get(*index);
            conversation.is_some_and(|conversation| !conversation.is_over_before(&eap, bytes))
        });
        let index = match known {
            Some(index) => index,
            None if room.conversation() => {
                self.conversations.push(Conversation::new(EapLower::Eapol, place));
                self.conversations.len() - 1
            }
            None => return,
        };
        if let Some(mac) = supplicant {
            self.of_supplicant.insert(mac, index);
        }
        if let Some(mac) = authenticator {
            let before = self
                .of_authenticator
                .get(&mac)
                .filter(|(known, _)| *known == index);
            let supplicant = supplicant.or(before.and_then(|(_, supplicant)| *supplicant));
            self.of_authenticator.insert(mac, (index, supplicant));
        }
        if let Some(conversation) = self.conversations.get_mut(index) {
            for (side, mac) in [(Side::Client, supplicant), (Side::Server, authenticator)] {
                if let Some(mac) = mac {
                    *conversation.ends.of_mut(side) = Some(words(mac));
                }
            }
            conversation.take(&eap, bytes, place, room);
        }
    }

    fn find(&self, supplicant: Option<Mac>, authenticator: Option<Mac>) -> Option<usize> {
        if let Some(mac) = supplicant {
            if let Some(index) = self.of_supplicant.get(&mac) {
                return Some(*index);
            }
            // Asked through the group, nobody was named yet: who answers first was meant.
            let is_unanswered = |(index, supplicant): &&(usize, Option<Mac>)| {
                let conversation = self.conversations.get(*index);
                supplicant.is_none() && conversation.is_some_and(|one| one.ends.client.is_none())
            };
            let latest = match authenticator {
                Some(mac) => self.of_authenticator.get(&mac).filter(is_unanswered),
                None => self
                    .of_authenticator
                    .values()
                    .filter(is_unanswered)
                    .max_by_key(|(index, _)| *index),
            };
            return latest.map(|(index, _)| *index);
        }
        let known = authenticator.and_then(|mac| self.of_authenticator.get(&mac));
        known.map(|(index, _)| *index).or_else(|| {
            // The supplicant spoke to the group, and this is the first that an authenticator says.
            let last = self.conversations.len().checked_sub(1)?;
            let is_open = self
                .conversations
                .get(last)
                .is_some_and(|conversation| conversation.ends.server.is_none());
            is_open.then_some(last)
        })
    }

    pub(super) fn finish(self) -> impl Iterator<Item = Carried> {
        self.conversations.into_iter().filter_map(Conversation::finish)
    }
}

fn is_group(mac: Mac) -> bool {
    mac.first().is_some_and(|first| first & 1 != 0)
}

fn words(mac: Mac) -> String {
    mac.map(|byte| format!("{byte:02x}")).join(":")
}

#[cfg(test)]
mod tests;
