// The stories that must hold in Microsoft's own client.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { Stage } from './stage.mjs';

const PASTE = '{"status":401,"error":{"message":"AADSTS50173: The provided grant has expired '
  + 'due to it being revoked"},"source":"make.powerautomate.com"}';

describe('Flowmend in Microsoft 365 Agents Playground', { timeout: 300_000 }, () => {
  const stage = new Stage();
  let bot, teams;

  before(async () => {
    bot = await stage.bot();
    teams = await stage.teams();
  });

  after(() => stage.close());

  let told = '';
  afterEach(async context => {
    told = context.name.replace(/[^a-z0-9]+/gi, '-').toLowerCase();
    await teams.picture(`end-${told}`);
  });

  test('greets when it is installed, with an example', async () => {
    await teams.sees('Paste the error text of a failed flow here');
    await teams.picture('greeting');
  });

  test('walks a password change to its end with real clicks', async () => {
    await teams.write(PASTE);
    await teams.sees('The connection was signed out when a password changed');
    await teams.pictureOfTalk('teams-verdict');
    for (const step of ['Step 2 of 3', 'Step 3 of 3']) {
      await teams.press('Done');
      await teams.sees(step);
    }
    await teams.press('Done');
    await teams.sees('Good, then this is solved');
    assert.equal(await teams.buttons('Done'), 0, 'answered cards have lost their buttons');
    await teams.picture('fixed');
  });

  test('a double click is one step', async () => {
    await teams.write('start over');
    await teams.sees('We start afresh');
    await teams.write(PASTE);
    const before = await teams.count('Step 2 of 3');
    await teams.button('Done').dblclick();
    await teams.sees('Step 2 of 3');
    await teams.page.waitForTimeout(1500);
    assert.equal(await teams.count('Step 2 of 3'), before + 1);
  });

  test('goes on after the service was restarted between two clicks', async () => {
    await bot.stop();
    await bot.start();
    await teams.press('Done');
    await teams.sees('Step 3 of 3');
  });

  test('speaks Korean to whoever writes Korean', async () => {
    await teams.write('start over');
    await teams.write('비밀번호를 바꾼 뒤로 SharePoint 흐름이 계속 실패해요. AADSTS50173 오류가 나와요');
    await teams.sees('3단계 중 1단계');
    await teams.picture('korean');
    await teams.press('아직 실패해요');
    await teams.sees('로그인 창에 오류가 나왔다면');
    await teams.press('아직 실패해요');
    await teams.sees('지금 나오는 메시지');
    await teams.pictureOfTalk('teams-korean');
  });

  test('a mention in a channel starts a case in that thread, and people take over', async () => {
    await teams.goTo('My Team - General');
    await teams.mention(PASTE);
    await teams.sees('Step 1 of 3');
    await teams.picture('channel');
    await teams.press('Still failing');
    await teams.sees('If the sign-in window showed an error');
    await teams.press('Still failing');
    await teams.sees('copy the whole error text and paste it here');
    await teams.picture('channel-field');
    const field = teams.page.getByLabel('Paste the error text here').last();
    await field.fill(PASTE);
    await teams.press('Send');
    await teams.sees(/FM-\d+/);
    await teams.sees('Here I read only messages that mention me');
    await teams.picture('channel-handed-over');
  });

  test('a group chat has cases of its own', async () => {
    await teams.goTo('Group Chat');
    await teams.mention(PASTE, 'Send Message');
    await teams.sees('Step 1 of 3');
    await teams.picture('group');
  });

  test('diagnoses any message from its menu, and goes on from there', async () => {
    await teams.goTo('Personal Chat');
    await teams.write('speak English');
    await teams.sees('We go on in English');
    await teams.write('start over');
    await teams.sees('We start afresh. Paste');
    const before = await teams.count('Step 1 of 3');
    await teams.page.getByRole('button', { name: 'Show more information' }).nth(1).click();
    await teams.page.getByRole('menuitem', { name: 'Action Command' }).click();
    const dialog = teams.page.getByRole('dialog');
    await dialog.getByRole('textbox').first().fill('diagnose');
    await dialog.getByText('Fetch the dialog dynamically from the app').click();
    await dialog.getByRole('button', { name: 'Create' }).click();
    await teams.sees('What this message says');
    await teams.picture('dialog');
    const answered = teams.page.waitForResponse(it => it.url().endsWith('/invoke'));
    await teams.press('Go on with this');
    // The playground shows an empty dialog for any answer here; what it was sent is what counts.
    const { task } = await (await answered).json();
    assert.match(JSON.stringify(task.value.card), /I go on with it in the conversation/);
    await dialog.getByRole('button').first().click();
    await teams.page.waitForFunction(
      ([text, count]) => document.body.innerText.split(text).length - 1 > count,
      ['Step 1 of 3', before],
    );
    await teams.picture('gone-on');
  });
});
