// What a person does in Microsoft 365 Agents Playground, by what the screen reader calls things.

import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ARTEFACTS } from './service.mjs';

const PATIENCE = 20_000;
const CARD = '.ac-adaptiveCard'; // has neither role nor name
const WINDOW = { width: 1280, height: 900 };
const PHONE = '340px'; // what a phone leaves for a card
const CHAT = { x: 332, y: 49, width: 948, height: 770 };
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export async function launch() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

export async function open(browser, url) {
  const page = await browser.newPage({ viewport: WINDOW });
  page.setDefaultTimeout(PATIENCE);
  // Nothing but this machine: fonts and telemetry are asked for in vain.
  await page.route(it => !['localhost', '127.0.0.1'].includes(it.hostname), it => it.abort());
  await page.goto(url);
  await page.getByRole('treeitem', { name: 'Personal Chat' }).waitFor();
  await page.getByTitle('Toggle Log Panel').click();
  return new Client(page);
}

class Client {
  constructor(page) {
    this.page = page;
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
    await mention(this.page, this.page.getByRole('textbox').first(), text);
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

  // The post of a channel that has `text` on its card.
  post(text) {
    return new Post(this.page, this.page.getByRole('group').filter({ hasText: text }));
  }

  // Counts the cards of this place that have `text` on them.
  async posts(text) {
    return this.page.locator(CARD).filter({ hasText: text }).count();
  }

  // Words on cards that there is no room for where cards are as wide as on a phone.
  async cutOff() {
    return this.page.locator(CARD).evaluateAll((cards, width) => cards.flatMap(card => {
      const wide = it => it.clientWidth > 0 && it.scrollWidth > it.clientWidth + 1;
      card.style.maxWidth = width;
      const cut = [card, ...card.querySelectorAll('*')].filter(wide).map(it => it.innerText);
      card.style.maxWidth = '';
      return cut;
    }), PHONE);
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

// A post that is one card, and the thread below it.
class Post {
  constructor(page, root) {
    Object.assign(this, { page, root, card: root.locator(CARD).first() });
  }

  // Waits until the card says `text`.
  async shows(text) {
    await this.card.filter({ hasText: text }).waitFor();
  }

  // Waits until something below the card says `text`.
  async says(text) {
    await this.root.getByText(text).last().waitFor();
  }

  async buttons() {
    return this.card.getByRole('button').allInnerTexts();
  }

  async press(name) {
    await this.card.getByRole('button', { name, exact: true }).click();
  }

  async fill(label, text) {
    await this.card.getByLabel(label).fill(text);
  }

  async mention(text) {
    await mention(this.page, this.root.getByRole('textbox').last(), text);
    await this.root.getByRole('button', { name: 'Send Message' }).click();
  }
}

async function mention(page, box, text) {
  await box.click();
  await page.keyboard.type('@');
  const bot = page.locator('[role=option],[role=menuitem]').filter({ hasText: 'Test Bot' });
  await bot.first().click();
  await page.keyboard.type(` ${text}`);
}
