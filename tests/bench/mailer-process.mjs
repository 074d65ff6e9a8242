// Nodemailer and nothing else: the letters of a file, through as many connections as the portal's worker uses.
import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';

const { smtpUrl, connections, file } = JSON.parse(process.env.MAILER);
const letters = JSON.parse(readFileSync(file, 'utf8'));
const server = createTransport({ url: smtpUrl, pool: true, maxConnections: connections, maxMessages: 1000 });
process.on('message', async () => {
  await Promise.all(letters.map((letter) => server.sendMail(letter)));
  process.send('sent');
});
process.send('ready');
