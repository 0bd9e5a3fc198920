// `make playground`: the bot and Microsoft 365 Agents Playground, until Ctrl-C.

import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Bot, Playground, freePort } from './service.mjs';

const folder = join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'flowmend');
mkdirSync(folder, { recursive: true });
const bot = new Bot(folder, await freePort(), {}, 'playground.sqlite3');
const playground = new Playground(folder, await freePort(), bot.port, true);

async function stop() {
  await playground.stop();
  await bot.stop();
  process.exit(0);
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

await bot.start();
await playground.start();
console.log(`Flowmend is in the playground: ${playground.url}  (Ctrl-C ends it)`);
await Promise.race([bot.ended, playground.ended]);
await stop();
