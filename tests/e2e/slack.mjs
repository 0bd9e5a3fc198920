// What an expert does in a Slack that nobody here wrote (`slack/emulator.mjs`).
//
// That Slack sends no interactions: presses and windows are posted here, signed, made out of the
// messages and windows that it keeps. `slack/emulated.py` is the same for Python.

import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const SECRET = 'e2e-signing-secret';
const BOT = 'UFLOWMEND';
const TEAM = { id: 'T000000001', domain: 'e' };
const PATIENCE = 20_000;

export class Person {
  constructor(name, emulator) {
    Object.assign(this, { name, emulator });
  }

  // Goes to a channel, where all else happens.
  async goTo(channel) {
    const { channels } = await this.call('conversations.list');
    this.channel = channels.find(it => it.name === channel).id;
    this.id = (await this.call('auth.test')).user_id;
    return this;
  }

  async says(text, under) {
    const below = under ? { thread_ts: under.ts } : {};
    const { ts } = await this.call('chat.postMessage', { channel: this.channel, text, ...below });
    return { ts };
  }

  async mentions(text) {
    return this.says(`<@${BOT}> ${text}`);
  }

  // Waits for the one card with all `texts` on it.
  async card(...texts) {
    return eventually(texts, async () => {
      const { messages } = await this.call('conversations.history', { channel: this.channel, limit: 100 });
      const found = messages.filter(it => isTop(it) && words(it).includes(texts[0]));
      if (found.length > 1) throw new Error(`${found.length} cards: ${texts[0]}`);
      return found.find(it => texts.every(text => words(it).includes(text)));
    });
  }

  // Waits for what the bot says below `card` with `text` in it; returns all that it says there.
  async below(card, text) {
    return eventually([text], async () => {
      const { messages } = await this.call('conversations.replies', { channel: this.channel, ts: card.ts });
      const said = messages.filter(it => it.user === BOT && it.ts !== card.ts).map(words);
      return said.some(it => it.includes(text)) && said;
    });
  }

  // What this person alone is shown.
  async whisper(text) {
    return this.shown(text, all => all.whispers.filter(it => it.target_user === this.id));
  }

  async window(text) {
    return this.shown(text, all => all.windows.filter(it => it.user_id === this.id));
  }

  async shown(text, theirs) {
    return eventually([text], async () => {
      const all = await (await fetch(`${this.emulator.url}/shown`)).json();
      return theirs(all).findLast(it => words(it).includes(text));
    });
  }

  async press(message, label) {
    const [button] = buttons(message).filter(it => it.text.text === label);
    if (!button) throw new Error(`there is no button [${label}] on: ${words(message)}`);
    const { trigger_id } = await this.call('views.generateTriggerId', { user_id: this.id }, 'xoxb-e2e');
    const action_ts = (Date.now() / 1000).toFixed(6);
    await this.interact('block_actions', {
      trigger_id,
      message,
      channel: { id: this.channel, name: 'desk' },
      container: { type: 'message', message_ts: message.ts, channel_id: this.channel },
      actions: [{ ...button, block_id: 'b1', action_ts }],
    });
  }

  async submit(window, text) {
    const values = { words: { words: { type: 'plain_text_input', value: text } } };
    await this.interact('view_submission', { view: { ...window, id: window.view_id, state: { values } } });
  }

  async interact(type, more) {
    const user = { id: this.id, username: this.name, team_id: TEAM.id };
    const body = { type, user, team: TEAM, api_app_id: 'AFLOWMEND', ...more };
    const raw = new URLSearchParams({ payload: JSON.stringify(body) }).toString();
    const stamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', SECRET).update(`v0:${stamp}:${raw}`).digest('hex');
    const response = await fetch(this.emulator.endpoint, {
      method: 'POST',
      body: raw,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'X-Slack-Request-Timestamp': stamp,
        'X-Slack-Signature': `v0=${signature}`,
      },
    });
    if (response.status !== 200) throw new Error(`${type} was answered ${response.status}`);
  }

  async call(method, given = {}, token = `xoxp-${this.name}`) {
    const response = await fetch(`${this.emulator.url}/api/${method}`, {
      method: 'POST',
      body: JSON.stringify(given),
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    });
    const said = await response.json();
    if (!said.ok) throw new Error(`${method}: ${said.error}`);
    return said;
  }
}

// The labels of the buttons that answer.
export function labels(message) {
  return buttons(message).filter(it => !it.url).map(it => it.text.text);
}

// All that a message or a window says; a row of a table is a line.
function words({ blocks = [] }) {
  return blocks.map(it => texts(it).join('')).join('\n');
}

function buttons({ blocks = [] }) {
  return blocks.filter(it => it.type === 'actions').flatMap(it => it.elements);
}

function texts(part) {
  if (Array.isArray(part)) return part.flatMap(texts);
  if (typeof part === 'string') return [part];
  const { text, elements, fields, label, type } = part ?? {};
  const inner = [text, elements, fields, label].filter(Boolean).flatMap(texts);
  return ['rich_text_section', 'button'].includes(type) ? [...inner, '\n'] : inner;
}

function isTop({ user, ts, thread_ts: thread }) {
  return user === BOT && (thread ?? ts) === ts;
}

async function eventually(what, ask) {
  const until = Date.now() + PATIENCE;
  for (;;) {
    const found = await ask();
    if (found) return found;
    if (Date.now() > until) throw new Error(`it never came: ${what.join(' & ')}`);
    await sleep(50);
  }
}
