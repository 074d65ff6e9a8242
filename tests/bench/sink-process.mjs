// A real SMTP server that throws away what it gets and says how much and how fast it came.
import { SMTPServer } from 'smtp-server';

let count = 0;
let bytes = 0;
let first = 0;
let last = 0;
const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  logger: false,
  onData(stream, _session, callback) {
    stream.on('data', (chunk) => {
      bytes += chunk.length;
    });
    stream.on('end', () => {
      last = performance.now();
      if (count++ === 0) first = last;
      callback();
    });
  },
});
server.on('error', () => {});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send('ready'));
process.on('message', ({ forget }) => {
  process.send({ count, bytes, milliseconds: last - first });
  if (forget) count = bytes = first = last = 0;
});
