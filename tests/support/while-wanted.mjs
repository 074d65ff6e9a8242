// Loaded by `node --import` before a program that tests start: ends it gracefully when its standard input is closed,
// which it is when the test run ends, however it ends. So not even a killed run leaves a process behind.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.resume();
process.stdin.unref?.();
