// The built server as `npm start` runs it, which also says what it has used: CPU so far and memory at most.

import { serve } from '../../build/server/server.js';
import * as build from '../../build/server/server-build.js';

const running = await serve(process.env, { build });
process.on('message', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.send({ cpuMilliseconds: (userCPUTime + systemCPUTime) / 1000, mostMegabytes: (maxRSS * 1024) / 1e6 });
});
process.on('SIGTERM', async () => {
  await running.stop();
  process.exit(0);
});
process.send('ready');
