//! EAP in RADIUS (RFC 3579): an access server speaks for many supplicants over one pair of ports. Request and answer belong
//! together by their number, and a conversation goes on by the State that the server hands out.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::eap::Conversation;
use super::evidence::{Carried, Place};
use super::room::Room;
use crate::capture::EapLower;
use crate::preamble::eap::{Code as EapCode, Eap};
use crate::preamble::radius::{Code, Radius};

/// Requests and States that are remembered; the oldest half is forgotten when there are more.
const REMEMBERED: usize = 32_768;

/// The conversations with all servers.
#[derive(Default)]
pub(super) struct Exchanges {
    conversations: Vec<Conversation>,
    /// By access server, server and number: the request's random and its conversation.
    asked: Recent<(SocketAddr, SocketAddr, u8), (Vec<u8>, usize)>,
    /// By server and State.
    states: Recent<(SocketAddr, Vec<u8>), usize>,
}

impl Exchanges {
    /// Whether a datagram is RADIUS with EAP.
    pub(super) fn take(
        &mut self,
        from: SocketAddr,
        to: SocketAddr,
        place: Place,
        payload: &[u8],
        room: &mut Room,
    ) -> bool {
        let Some(radius) = Radius::read(payload) else {
            return false;
        };
        let eap = Eap::read(&radius.eap);
        let is_request = radius.code == Code::AccessRequest;
        let (access, server) = if is_request { (from, to) } else { (to, from) };
        let key = (access, server, radius.identifier);
        let index = if is_request {
            let Some(eap) = eap.filter(|eap| eap.code == EapCode::Response) else {
                return !radius.eap.is_empty();
            };
            let asked = self.asked.get(&key);
            if asked.is_some_and(|(random, _)| random == radius.authenticator) {
                // Sent once more.
                return true;
            }
            let state = radius
                .state
                .and_then(|state| self.states.get(&(server, state.to_vec())));
            self.index(state.copied(), Some(&eap), &radius.eap, place, room)
        } else {
            if eap.is_some_and(|eap| eap.code == EapCode::Response) {
                return true;
            }
            let asked = self.asked.get(&key).map(|(_, index)| *index);
            match (asked, radius.code) {
                // Whom an answer to no request lets in, nobody knows.
                (None, Code::AccessAccept | Code::AccessReject) => return true,
                (asked, _) if asked.is_some() || eap.is_some() => {
                    self.index(asked, eap.as_ref(), &radius.eap, place, room)
                }
                _ => return false,
            }
        };
        let Some(index) = index else { return true };
        if is_request {
            self.asked.put(key, (radius.authenticator.to_vec(), index));
        } else if let Some(state) = radius.state {
            self.states.put((server, state.to_vec()), index);
        }
        let Some(conversation) = self.conversations.get_mut(index) else {
            return true;
        };
        conversation.through = Some(access.to_string());
        let station = radius
            .calling_station
            .map(|station| String::from_utf8_lossy(station).into_owned());
        let client = &mut conversation.ends.client;
        match station {
            Some(station) => *client = Some(station),
            None if client.is_none() => *client = Some(format!("behind {access}")),
            None => {}
        }
        conversation.ends.server = Some(server.to_string());
        if let Some(eap) = eap {
            let bytes = radius.eap.get(..eap.length).unwrap_or_default();
            conversation.take(&eap, bytes, place, room);
        }
        match radius.code {
            Code::AccessAccept => conversation.admitted_below(true, place),
            Code::AccessReject => conversation.admitted_below(false, place),
            Code::AccessRequest | Code::AccessChallenge => {}
        }
        true
    }

    /// The conversation that goes on, or a new one.
    fn index(
        &mut self,
        known: Option<usize>,
        eap: Option<&Eap<'_>>,
        bytes: &[u8],
        place: Place,
        room: &mut Room,
    ) -> Option<usize> {
        let goes_on = known.filter(|index| {
            let conversation = self.conversations.get(*index);
            let bytes = eap.and_then(|eap| bytes.get(..eap.length)).unwrap_or_default();
            conversation.is_some_and(|one| eap.is_none_or(|eap| !one.is_over_before(eap, bytes)))
        });
        if goes_on.is_some() {
            return goes_on;
        }
        room.conversation().then(|| {
            self.conversations
                .push(Conversation::new(EapLower::Radius, place));
            self.conversations.len() - 1
        })
    }

    pub(super) fn finish(self) -> impl Iterator<Item = Carried> {
        self.conversations.into_iter().filter_map(Conversation::finish)
    }
}

/// A map that forgets: in two generations, so that forgetting costs nothing for each.
struct Recent<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }
}

impl<K: std::hash::Hash + Eq, V> Recent<K, V> {
    fn get(&self, key: &K) -> Option<&V> {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    fn put(&mut self, key: K, value: V) {
        if self.young.len() >= REMEMBERED {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests;
