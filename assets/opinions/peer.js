// One end of a TLS connection, as Node's tls module makes it; opinion/ runs it. The protocol is peer.py's.
'use strict';
const fs = require('fs');
const tls = require('tls');
const readline = require('readline');

const PATIENCE_MS = 8000;
const say = (kind, words = '') => {
  if (process.argv.length > 2) process.exitCode = ['version', 'port', 'answered'].includes(kind) ? 0 : 1;
  process.stdout.write(`${kind}\t${String(words).trim().split('\n').join(' · ')}\n`);
};
const wordsOf = (error) => (error.code ? `${error.code}: ` : '') + error.message;

function optionsOf(job) {
  // Without any it would trust what it brings along.
  const options = { ca: job.trust ? fs.readFileSync(job.trust) : [] };
  if (job.cert) Object.assign(options, { cert: fs.readFileSync(job.cert), key: fs.readFileSync(job.key) });
  if (job.crl) options.crl = fs.readFileSync(job.crl);
  if (job.tls) options.minVersion = options.maxVersion = `TLSv${job.tls}`;
  if (job.alpn) options.ALPNProtocols = [job.alpn];
  return options;
}

function serve(job, done) {
  const server = tls.createServer({ ...optionsOf(job), requestCert: true, rejectUnauthorized: true });
  const sockets = [];
  let told = false;
  const end = (kind, words) => {
    if (told) return;
    told = true;
    say(kind, words);
    setTimeout(() => sockets.forEach((socket) => socket.destroy()), 200);
    server.close();
    done();
  };
  server.on('connection', (socket) => sockets.push(socket));
  // It closes without a word where it refuses a client; why is in the socket.
  const why = (error, socket) => (job.why && socket && socket.authorizationError) || wordsOf(error);
  server.on('tlsClientError', (error, socket) => end('refused', why(error, socket)));
  server.on('error', (error) => end('refused', wordsOf(error)));
  server.on('secureConnection', (socket) => {
    socket.on('error', (error) => end('refused', wordsOf(error)));
    socket.on('close', () => end('refused', ''));
    socket.on('data', () => {
      socket.end('HTTP/1.0 200 OK\r\n\r\nhello\n');
      end('answered');
    });
  });
  setTimeout(() => end('refused', 'nothing came'), PATIENCE_MS).unref();
  server.listen(0, '127.0.0.1', () => say('port', server.address().port));
}

function dial(job, done) {
  const options = { ...optionsOf(job), host: '127.0.0.1', port: Number(job.port) };
  if (job.name && require('net').isIP(job.name)) {
    // An address is no server_name (RFC 6066 §3); it is compared all the same.
    options.checkServerIdentity = (_, certificate) => tls.checkServerIdentity(job.name, certificate);
  } else if (job.name) {
    options.servername = job.name;
  } else {
    options.checkServerIdentity = () => undefined;
  }
  const socket = tls.connect(options);
  let told = false;
  const end = (kind, words) => {
    if (told) return;
    told = true;
    say(kind, words);
    socket.destroy();
    done();
  };
  socket.on('secureConnect', () => setTimeout(() => socket.write('GET / HTTP/1.0\r\n\r\n'), 100));
  socket.on('data', (answer) => {
    const status = answer.toString('latin1').split('\r\n')[0];
    if (status.includes(' 200 ')) end('answered');
    else end('refused', status);
  });
  socket.on('error', (error) => end('refused', wordsOf(error)));
  socket.on('close', () => end('refused', ''));
  socket.setTimeout(PATIENCE_MS, () => end('refused', 'nothing came'));
}

say('version', `${process.versions.node} (OpenSSL ${process.versions.openssl})`);
const waiting = [];
let busy = false;
function next() {
  if (busy || waiting.length === 0) return;
  busy = true;
  const job = waiting.shift();
  const done = () => {
    busy = false;
    setImmediate(next);
  };
  try {
    (job.role === 'server' ? serve : dial)(job, done);
  } catch (error) {
    say('unusable', wordsOf(error));
    done();
  }
}
const add = (parts) => {
  waiting.push(Object.fromEntries(parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)])));
  next();
};
if (process.argv.length > 2) {
  add(process.argv.slice(2));
} else {
  readline.createInterface({ input: process.stdin }).on('line', (line) => add(line.split('\t'))).on('close', () => process.exit(0));
}
