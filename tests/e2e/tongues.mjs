// What is written, read and pressed in a hand-over, as the bot's own words have it.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './service.mjs';

const PYTHON = join(ROOT, '.venv', 'bin', 'python');
const TONGUES = JSON.parse(execFileSync(PYTHON, ['-m', 'tests.e2e.tongues'], { cwd: ROOT }));

// Returns what finds a phrase: of the ticket FM-`number`, which `expert` has.
export function tongue(name, number, expert) {
  const filled = { '{ticket}': `FM-${number}`, '{expert}': expert };
  return phrase => {
    const text = TONGUES[name][phrase];
    if (!text) throw new Error(`no such phrase: ${phrase}`);
    return text.replace(/\{\w+\}/g, it => filled[it]);
  };
}
