// One connection, as a server or a client, and one line on how it ended. Arguments: "server" or "client", port, name, chain
// or "none", key, CA file, flags.
'use strict';
const fs = require('fs');
const tls = require('tls');

const [role, port, name, chain, key, ca, flags] = process.argv.slice(2);
let said = false;
function say(words) {
  if (!said) {
    said = true;
    console.log(words.replace(/\n/g, ' ').trim());
    setTimeout(() => process.exit(0), 50);
  }
}
const refused = (error) => say('REFUSED ' + error.message + (error.code ? ' [' + error.code + ']' : ''));
setTimeout(() => say('REFUSED timed out'), 5000);
const own = chain === 'none' ? {} : { cert: fs.readFileSync(chain), key: fs.readFileSync(key) };
const common = { ca: fs.readFileSync(ca), ...own };
if (flags.includes('only1.3')) common.minVersion = 'TLSv1.3';
if (flags.includes('h2')) common.ALPNProtocols = ['h2'];

if (role === 'server') {
  let server;
  try {
    server = tls.createServer({ ...common, requestCert: true, rejectUnauthorized: true }, (socket) => {
      socket.on('error', refused);
      socket.once('data', () => {
        socket.end('HTTP/1.0 200 OK\r\n\r\nwelcome\n');
        say('ACCEPTED');
      });
    });
  } catch (error) {
    console.log('LISTENING');
    refused(error);
  }
  if (server) {
    server.on('tlsClientError', refused);
    server.listen(Number(port), '127.0.0.1', () => console.log('LISTENING'));
  }
} else {
  const options = { ...common, host: '127.0.0.1', port: Number(port), servername: /^[0-9.]+$/.test(name) ? '' : name };
  // An address is no server name, but the certificate has to be for it.
  options.checkServerIdentity = (_, certificate) => tls.checkServerIdentity(name, certificate);
  if (flags.includes('tls1.2')) options.maxVersion = 'TLSv1.2';
  if (flags.includes('chacha')) Object.assign(options, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305' });
  try {
    const socket = tls.connect(options, () => socket.write('GET / HTTP/1.0\r\n\r\n'));
    socket.once('data', () => say('ACCEPTED'));
    socket.on('error', refused);
    socket.on('close', () => setTimeout(() => say('REFUSED closed without an error'), 100));
  } catch (error) {
    refused(error);
  }
}
