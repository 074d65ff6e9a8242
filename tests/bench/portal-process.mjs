// The portal as `npm start` runs it, which also says what it has used: CPU so far and memory at most.
import '../../bin/start.mjs';

process.on('message', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.send({ cpuMilliseconds: (userCPUTime + systemCPUTime) / 1000, mostMegabytes: (maxRSS * 1024) / 1e6 });
});
process.send('ready');
