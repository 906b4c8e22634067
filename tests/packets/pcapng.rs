//! pcapng files in every form that the format allows, block by block.

/// A file that grows; each section has its own byte order.
#[derive(Default)]
pub struct Pcapng {
    bytes: Vec<u8>,
    is_big: bool,
}

impl Pcapng {
    /// A file with one section.
    pub fn new(is_big: bool) -> Self {
        let mut file = Self::default();
        file.section(is_big);
        file
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn long(&self, number: u32) -> [u8; 4] {
        if self.is_big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        }
    }

    fn short(&self, number: u16) -> [u8; 2] {
        if self.is_big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        }
    }

    /// A block of any type.
    pub fn block(&mut self, kind: u32, body: &[u8]) {
        let mut body = body.to_vec();
        body.resize(body.len().next_multiple_of(4), 0);
        let length = self.long(body.len() as u32 + 12);
        let block = [&self.long(kind)[..], &length, &body, &length].concat();
        self.bytes.extend(block);
    }

    /// The beginning of a section: interfaces are counted anew.
    pub fn section(&mut self, is_big: bool) {
        self.is_big = is_big;
        let length = [0xff; 8];
        let body = [
            &self.long(0x1a2b_3c4d)[..],
            &self.short(1),
            &self.short(0),
            &length,
        ]
        .concat();
        self.block(0x0a0d_0d0a, &body);
    }

    /// Options, each with its code, and the end of them.
    fn options(&self, options: &[(u16, &[u8])]) -> Vec<u8> {
        let mut all = Vec::new();
        for (code, value) in options {
            all.extend(self.short(*code));
            all.extend(self.short(value.len() as u16));
            all.extend(*value);
            all.resize(all.len().next_multiple_of(4), 0);
        }
        if !all.is_empty() {
            all.extend([0; 4]);
        }
        all
    }

    /// An interface: link type, how much of each packet it keeps, options.
    pub fn interface(&mut self, link: u16, limit: u32, options: &[(u16, &[u8])]) {
        let mut body = [&self.short(link)[..], &self.short(0), &self.long(limit)].concat();
        body.extend(self.options(options));
        self.block(1, &body);
    }

    /// if_tsoffset's value in the section's byte order.
    pub fn seconds(&self, seconds: i64) -> [u8; 8] {
        if self.is_big {
            seconds.to_be_bytes()
        } else {
            seconds.to_le_bytes()
        }
    }

    /// An enhanced packet block.
    pub fn enhanced(&mut self, interface: u32, ticks: u64, data: &[u8], options: &[(u16, &[u8])]) {
        let length = data.len() as u32;
        let mut body = self.numbers(&[interface, (ticks >> 32) as u32, ticks as u32, length, length]);
        body.extend(data);
        body.resize(body.len().next_multiple_of(4), 0);
        body.extend(self.options(options));
        self.block(6, &body);
    }

    /// A simple packet block of the first interface; `limit` cuts it as the interface does.
    pub fn simple(&mut self, data: &[u8], limit: usize) {
        let mut body = self.numbers(&[data.len() as u32]);
        body.extend(&data[..data.len().min(limit)]);
        // What fills up the block is no data.
        body.resize(body.len().next_multiple_of(4), 0xee);
        self.block(3, &body);
    }

    /// The packet block of the format's first days.
    pub fn obsolete(&mut self, interface: u16, ticks: u64, data: &[u8]) {
        let length = data.len() as u32;
        let mut body = [&self.short(interface)[..], &self.short(7)].concat();
        body.extend(self.numbers(&[(ticks >> 32) as u32, ticks as u32, length, length]));
        body.extend(data);
        self.block(2, &body);
    }

    /// TLS secrets.
    pub fn secrets(&mut self, log: &str) {
        let mut body = self.numbers(&[0x544c_534b, log.len() as u32]);
        body.extend(log.as_bytes());
        self.block(10, &body);
    }

    fn numbers(&self, numbers: &[u32]) -> Vec<u8> {
        numbers.iter().flat_map(|number| self.long(*number)).collect()
    }
}
