// A hand-over between platforms: a requester in Teams, an expert in Slack, and one bot that serves both.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ANN } from './places.mjs';
import { Person, labels } from './slack.mjs';
import { Stage } from './stage.mjs';
import { tongue } from './tongues.mjs';

const BUTTONS = ['claim', 'reply', 'retry', 'resolve', 'assign'];

describe('a hand-over from Teams to Slack', { timeout: 300_000 }, () => {
  const stage = new Stage();
  let ann, bob;

  before(async () => {
    const slack = await stage.slack();
    bob = await new Person('bob', slack).goTo('desk');
    await stage.bot({
      FLOWMEND_ADMINISTRATORS: `slack:${bob.id}`,
      FLOWMEND_SLACK_BOT_TOKEN: 'xoxb-e2e',
      FLOWMEND_SLACK_SIGNING_SECRET: 'e2e-signing-secret',
      FLOWMEND_SLACK_API_URL: `${slack.url}/api/`,
    });
    ann = await stage.teams(ANN, 'Sales');
  });

  after(() => stage.close());

  async function picture(name) {
    await ann.picture(`across-${name}`);
    assert.deepEqual(await ann.cutOff(), []);
  }

  async function story(language, number, channel) {
    const say = tongue(language, number, 'bob');
    const title = `FM-${number} · ${say('cause')}`;
    const became = async (phrase, ...more) => bob.card(title, say(phrase), ...more);
    await bob.goTo(channel);
    await bob.below(await bob.mentions(say('desk')), say('made'));

    await ann.write(say('paste'));
    await ann.sees(say('step'));
    await ann.press(say('person'));
    await ann.sees(say('handed over'));
    const card = await became('open', say('code'), 'SharePoint', 'Ann Baker (teams)');
    assert.deepEqual(labels(card), BUTTONS.map(say));

    await bob.press(card, say('claim'));
    const taken = await became('taken');
    assert.equal(taken.ts, card.ts, 'changed in place');
    await ann.sees(say('has it'));

    await bob.press(taken, say('reply'));
    await bob.submit(await bob.window(say('field')), say('advice'));
    await ann.sees(say('answers'));
    await ann.sees(say('advice'));
    await became('waits');
    await picture(`${language.toLowerCase()}-answered`);

    await ann.write(say('adds'));
    await ann.sees(say('passed on'));
    await bob.below(card, say('adds'));
    await became('taken');
    await bob.says(say('aside'), card);
    await bob.says(`${say('mark')} ${say('more advice')}`, card);
    await ann.sees(say('more advice'));

    await bob.press(await became('waits'), say('retry'));
    await ann.sees(say('asked'));
    await ann.press(say('fails'));
    await ann.sees(say('told'));
    await bob.below(card, say('failed'));

    await bob.press(await became('taken'), say('resolve'));
    await bob.press(await bob.whisper(say('what')), say('cause'));
    const solved = await became('solved', `${say('solved')} · ${say('cause')}`);
    assert.deepEqual(labels(solved), [say('reopen')]);
    await ann.sees(say('is solved'));
    await picture(`${language.toLowerCase()}-solved`);

    await ann.press(say('fails'));
    await ann.sees(say('is open again'));
    assert.equal((await became('open again')).ts, card.ts, 'one card to the end');
    for (const phrase of ['advice', 'more advice']) assert.equal(await ann.count(say(phrase)), 1);
    assert.equal(await ann.count(say('aside')), 0, 'side talk stays where it is');
    const below = await bob.below(card, say('adds'));
    for (const phrase of ['adds', 'failed']) {
      assert.equal(below.filter(it => it.includes(say(phrase))).length, 1, phrase);
    }
  }

  test('in English', async () => {
    await story('English', 1, 'desk');
  });

  test('in Korean, to the desk that speaks it', async () => {
    await ann.write('start over');
    await ann.sees('We start afresh');
    await story('Korean', 2, 'desk-ko');
  });
});
