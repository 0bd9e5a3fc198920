// A hand-over in Teams, seen from both sides: a requester in one Playground, an expert in another.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ANN, KIM } from './places.mjs';
import { Stage } from './stage.mjs';
import { tongue } from './tongues.mjs';

const BUTTONS = ['reply', 'claim', 'retry', 'resolve', 'assign'];

describe('a hand-over from a requester to an expert in Teams', { timeout: 300_000 }, () => {
  const stage = new Stage();
  let ann, kim;

  before(async () => {
    await stage.bot({ FLOWMEND_ADMINISTRATORS: `teams:${KIM.aadObjectId}` });
    kim = await stage.teams(KIM, 'Support');
    ann = await stage.teams(ANN, 'Sales');
  });

  after(() => stage.close());

  async function pictures(name) {
    await ann.picture(`handover-${name}-requester`);
    await kim.picture(`handover-${name}-expert`);
    assert.deepEqual([...await ann.cutOff(), ...await kim.cutOff()], []);
  }

  async function becomesADesk(channel, say) {
    await kim.goTo(`Support - ${channel}`);
    await kim.mention(say('desk'));
    await kim.sees(say('made'));
  }

  // From the verdict to the card that nobody has taken; returns its post.
  async function isHandedOver(number, say) {
    await ann.sees(say('step'));
    await ann.press(say('person'));
    await ann.sees(say('handed over'));
    const post = kim.post(`FM-${number} · ${say('cause')}`);
    await post.shows(say('open'));
    await post.shows(say('code'));
    assert.deepEqual(await post.buttons(), BUTTONS.map(say), 'each of them once');
    return post;
  }

  async function isAnswered(post, say) {
    await post.fill(say('field'), say('advice'));
    await post.press(say('reply'));
    await post.shows(say('waits'));
    await post.says(say('sent'));
    await ann.sees(say('answers'));
    await ann.sees(say('advice'));
  }

  async function failsAgain(post, say) {
    await post.press(say('retry'));
    await ann.sees(say('asked'));
    await ann.press(say('fails'));
    await ann.sees(say('told'));
    await post.says(say('failed'));
    await post.shows(say('taken'));
  }

  async function isSolved(post, cause, say) {
    await post.press(say('resolve'));
    await kim.sees(say('what'));
    await kim.press(cause);
    await post.shows(say('solved'));
    assert.deepEqual(await post.buttons(), [say('reopen')]);
    await ann.sees(say('is solved'));
  }

  test('in English, from a personal chat', async () => {
    const say = tongue('English', 1, KIM.name);
    await becomesADesk('Tickets', say);
    await ann.write(say('paste'));
    const post = await isHandedOver(1, say);
    await pictures('english-open');

    await post.press(say('claim'));
    await post.shows(say('taken'));
    assert.ok(!(await post.buttons()).includes(say('claim')));
    await ann.sees(say('has it'));
    await isAnswered(post, say);
    await pictures('english-answered');

    await ann.write(say('adds'));
    await ann.sees(say('passed on'));
    await post.says(say('adds'));
    await post.shows(say('taken'));
    await post.mention(say('more advice'));
    await ann.sees(say('more advice'));
    await post.shows(say('waits'));
    await failsAgain(post, say);
    await pictures('english-failed');

    await post.press(say('resolve'));
    await kim.sees(say('what'));
    await pictures('english-form');
    await kim.press(say('back'));
    await post.shows(say('taken'));
    await isSolved(post, say('other'), say);
    await post.press(say('reopen'));
    await post.shows(say('open again'));
    await ann.sees(say('is open again'));
    await isSolved(post, say('cause'), say);
    await post.shows(`${say('solved')} · ${say('cause')}`);
    await pictures('english-solved');

    assert.equal(await kim.posts('FM-1 ·'), 1, 'one card, changed where it is');
    for (const words of ['advice', 'more advice']) assert.equal(await ann.count(say(words)), 1);
  });

  test('in Korean, from a channel, to the desk that speaks it', async () => {
    const say = tongue('Korean', 2, KIM.name);
    await becomesADesk('General', say);
    await ann.goTo('Sales - General');
    await ann.mention(say('paste'));
    const post = await isHandedOver(2, say);
    await pictures('korean-open');

    await post.press(say('claim'));
    await post.shows(say('taken'));
    await ann.sees(say('has it'));
    await isAnswered(post, say);
    await pictures('korean-answered');
    await failsAgain(post, say);
    await pictures('korean-failed');
    await isSolved(post, say('cause'), say);
    await pictures('korean-solved');
    await ann.press(say('fails'));
    await ann.sees(say('is open again'));
    await post.shows(say('open again'));
    await pictures('korean-open-again');
    assert.equal(await kim.posts('FM-2 ·'), 1, 'one card, changed where it is');
  });
});
