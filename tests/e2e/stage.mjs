// What a story is played on: programs, windows and a folder, all of which end with it.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, open } from './client.mjs';
import { furnish } from './places.mjs';
import { Bot, Emulator, Playground, freePort } from './service.mjs';

export class Stage {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'flowmend-e2e-'));
    this.ends = [() => rmSync(this.folder, { recursive: true, force: true })];
  }

  // Ends all of it, what began last first; one that will not end holds up no other.
  async close() {
    const trouble = [];
    for (const end of this.ends.splice(0).reverse()) {
      await Promise.resolve().then(end).catch(error => trouble.push(error));
    }
    if (trouble.length) throw new AggregateError(trouble);
  }

  async bot(settings = {}) {
    this.botPort ??= await freePort();
    return this.start(new Bot(this.folder, this.botPort, settings));
  }

  // A window of `person`, who sits in the team `team`; of whoever the Playground knows by itself if not.
  async teams(person, team) {
    const folder = join(this.folder, team ?? 'playground');
    mkdirSync(folder);
    if (person) furnish(folder, person, team);
    const playground = await this.start(new Playground(folder, await freePort(), this.botPort));
    this.browser ??= await this.launch();
    return open(this.browser, playground.url);
  }

  async slack() {
    this.botPort ??= await freePort(); // each of the two must know the other one's
    return this.start(new Emulator(await freePort(), this.botPort));
  }

  async start(program) {
    this.ends.push(() => program.stop());
    await program.start();
    return program;
  }

  async launch() {
    const browser = await launch();
    this.ends.push(() => browser.close());
    return browser;
  }
}
