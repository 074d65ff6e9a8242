// The least that a Node server can do: finds bytes by their path and sends them.
import { createServer } from 'node:http';

const { port, pages } = JSON.parse(process.env.BARE);
const bodies = new Map(pages.map(({ path, headers, body }) => [path, { headers, body: Buffer.from(body, 'base64') }]));
createServer((req, res) => {
  const page = bodies.get(req.url);
  res.writeHead(200, page.headers).end(page.body);
}).listen(port, '127.0.0.1', () => process.send('ready'));
process.on('message', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  process.send({ cpuMilliseconds: (userCPUTime + systemCPUTime) / 1000 });
});
