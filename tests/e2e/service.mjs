// The bot, Microsoft's client and a Slack that nobody here wrote: each a program of its own, on a port
// of its own.

import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = join(HERE, '..', '..');
export const ARTEFACTS = process.env.ARTEFACTS ?? join(HERE, 'artefacts');
const PATIENCE = 60_000;

export async function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

class Program {
  constructor(name, command, args, env, cwd) {
    Object.assign(this, { name, command, args, env, cwd });
  }

  async start(url) {
    mkdirSync(ARTEFACTS, { recursive: true });
    const log = createWriteStream(join(ARTEFACTS, `${this.name}.log`), { flags: 'a' });
    this.child = spawn(this.command, this.args, { env: { ...process.env, ...this.env }, cwd: this.cwd });
    this.child.stdout.pipe(log);
    this.child.stderr.pipe(log);
    this.ended = new Promise(resolve => this.child.once('exit', resolve));
    await answers(url, this);
  }

  async stop() {
    if (!this.child) return;
    if (this.child.exitCode === null) this.child.kill('SIGTERM');
    await this.ended;
  }
}

async function answers(url, program) {
  const until = Date.now() + PATIENCE;
  while (Date.now() < until) {
    if (program.child.exitCode !== null) throw new Error(`${program.name} ended; see its log`);
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`${program.name} does not answer`);
}

// The bot in a developer's mode, with a database in `folder` that outlives a restart.
export class Bot extends Program {
  constructor(folder, port, settings = {}, file = 'e2e.sqlite3') {
    super('bot', join(ROOT, '.venv', 'bin', 'flowmend'), ['serve'], {
      FLOWMEND_TEAMS_DEV: '1',
      FLOWMEND_HOST: '127.0.0.1',
      FLOWMEND_PORT: String(port),
      FLOWMEND_OPS_PORT: '0',
      FLOWMEND_DATABASE: `sqlite:///${join(folder, file)}`,
      ...settings,
    });
    this.port = port;
  }

  async start() {
    await super.start(`http://127.0.0.1:${this.port}/readyz`);
  }
}

// Microsoft 365 Agents Playground; `folder` may hold its configuration.
export class Playground extends Program {
  constructor(folder, port, botPort, browser = false) {
    const cli = join(HERE, 'node_modules', '@microsoft', 'm365agentsplayground', 'cli.js');
    const endpoint = `http://127.0.0.1:${botPort}/api/messages`;
    super('playground', process.execPath,
      [cli, 'start', '-e', endpoint, '-c', 'msteams', '-p', String(port), '--dt'],
      browser ? {} : { TEAMSAPPTESTER_BROWSER: 'none' }, folder);
    this.port = port;
    this.url = `http://localhost:${port}/`;
  }

  async start() {
    await super.start(`${this.url}_debug/ping`);
  }
}

// npm emulate, which posts every event to the bot.
export class Emulator extends Program {
  constructor(port, botPort) {
    const endpoint = `http://127.0.0.1:${botPort}/slack/events`;
    super('emulator', process.execPath, [join(HERE, 'slack', 'emulator.mjs'), String(port), endpoint]);
    this.url = `http://127.0.0.1:${port}`;
    this.endpoint = endpoint;
  }

  async start() {
    await super.start(`${this.url}/shown`);
  }
}
