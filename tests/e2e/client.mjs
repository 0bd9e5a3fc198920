// What a person does in Microsoft 365 Agents Playground, by what the screen reader calls things.

import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ARTEFACTS } from './service.mjs';

const PATIENCE = 15_000;
const LOG_PANEL = 4; // has no name
const CHAT = { x: 332, y: 49, width: 948, height: 770 };
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export async function launch() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

export async function open(url, options = {}) {
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  page.setDefaultTimeout(PATIENCE);
  // Nothing but this machine: fonts and telemetry are asked for in vain.
  await page.route(it => !['localhost', '127.0.0.1'].includes(it.hostname), it => it.abort());
  await page.goto(url);
  await page.getByRole('treeitem', { name: 'Personal Chat' }).waitFor();
  await page.getByRole('button').nth(LOG_PANEL).click();
  return new Client(browser, page);
}

class Client {
  constructor(browser, page) {
    Object.assign(this, { browser, page });
  }

  async close() {
    await this.browser.close();
  }

  async goTo(place) {
    await this.page.getByRole('treeitem', { name: place }).click();
    await this.page.getByRole('textbox').first().waitFor();
  }

  async write(text) {
    await this.page.getByRole('textbox').first().click();
    await this.page.keyboard.type(text);
    await this.page.getByRole('button', { name: 'Send Message' }).click();
  }

  async mention(text, button = 'Post') {
    await this.page.getByRole('button', { name: button, exact: true }).first().waitFor();
    await this.page.getByRole('textbox').first().click();
    await this.page.keyboard.type('@');
    const bot = this.page.locator('[role=option],[role=menuitem]').filter({ hasText: 'Test Bot' });
    await bot.first().click();
    await this.page.keyboard.type(` ${text}`);
    await this.page.getByRole('button', { name: button, exact: true }).first().click();
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true }).last();
  }

  async press(name) {
    await this.button(name).click();
  }

  async sees(text) {
    const found = this.page.getByText(text).last();
    await found.waitFor({ state: 'attached' });
    await found.scrollIntoViewIfNeeded();
  }

  async count(text) {
    return this.page.getByText(text).count();
  }

  async buttons(name) {
    return this.page.getByRole('button', { name, exact: true }).count();
  }

  async picture(name, clip) {
    await this.page.waitForTimeout(400); // whatever still moves
    await this.page.screenshot({ path: join(ARTEFACTS, `${name}.png`), clip });
  }

  // A picture of the talk alone, for the README.
  async pictureOfTalk(name) {
    await this.picture(name, CHAT);
  }
}
