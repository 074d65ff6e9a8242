// As many peers as the portal lets in, and more, that bring one mail after another without a pause until told to stop.
import { createTransport } from 'nodemailer';

const { port, to, connections } = JSON.parse(process.env.FLOOD);
const text = `${'Nobody has asked for this, and it is long. '.repeat(20)}\n`.repeat(60);
let running = false;
let sent = 0;

async function peer(number) {
  const program = createTransport({
    host: '127.0.0.1',
    port,
    lmtp: true,
    ignoreTLS: true,
    pool: true,
    maxConnections: 1,
  });
  while (running) {
    await program
      .sendMail({ from: `peer${number}@flood.example`, to, subject: 'Re: Boxes', text })
      .catch(() => new Promise((resolve) => setTimeout(resolve, 5)));
    sent++;
  }
  program.close();
}

process.on('message', ({ run }) => {
  if (run && !running) {
    running = true;
    for (let number = 0; number < connections; number++) peer(number);
  }
  if (run === false) running = false;
  process.send({ sent });
});
process.send('ready');
