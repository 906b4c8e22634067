// Connects with a client certificate, once per line of standard input: port, version, certificate file, key file, root file.
const fs = require('fs');
const tls = require('tls');
const readline = require('readline');

function attempt([port, version, certificate, key, root]) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host: '127.0.0.1',
      port: Number(port),
      servername: 'localhost',
      cert: fs.readFileSync(certificate),
      key: fs.readFileSync(key),
      ca: fs.readFileSync(root),
      minVersion: 'TLSv' + version,
      maxVersion: 'TLSv' + version,
    });
    socket.setTimeout(4000, () => socket.destroy(new Error('timed out')));
    socket.on('secureConnect', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
    socket.on('data', () => socket.end());
    socket.on('error', reject);
    socket.on('close', resolve);
  });
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    try {
      await attempt(line.trim().split(/ +/));
      console.log('done');
    } catch (error) {
      console.log('failed: ' + String(error.message).replace(/\n/g, ' '));
    }
  }
})();
