// A Slack that nobody here wrote: npm emulate. `node emulator.mjs PORT BOT_URL` posts every event there.
//
// emulate 0.12.2 has no public way to subscribe to events: its dispatcher is caught on the way in.
// Nor has its API a way to look at what one person alone is shown, as no bot may: GET /shown has.
import { readdirSync, readFileSync } from 'node:fs';
import { createEmulator } from 'emulate';

const [port, bot] = process.argv.slice(2);
const scopes = {
  bot: ['app_mentions:read', 'channels:history', 'chat:write', 'files:read', 'groups:history', 'im:history', 'users:read'],
  person: ['channels:history', 'channels:join', 'channels:read', 'chat:write', 'files:read', 'files:write', 'im:history', 'im:read', 'im:write', 'users:read'],
};

// Slack takes these either way, emulate by POST alone.
const READING = ['users.info', 'conversations.history', 'conversations.replies'];

function asPost({ url, headers }) {
  const { pathname, searchParams, origin } = new URL(url);
  const authorization = headers.get('authorization');
  return new Request(origin + pathname, { method: 'POST', headers: { authorization }, body: searchParams });
}

async function dispatcher() {
  const folder = new URL('./node_modules/emulate/dist/', import.meta.url);
  const isSlack = name => /^dist-.*\.js$/.test(name) && readFileSync(new URL(name, folder), 'utf8').includes('name: "slack"');
  const { slackPlugin } = await import(new URL(readdirSync(folder).find(isSlack), folder));
  const caught = {};
  const { register } = slackPlugin;
  slackPlugin.register = function (app, store, webhooks, ...rest) {
    caught.webhooks = webhooks;
    register.call(this, app, store, webhooks, ...rest);
    for (const method of READING) app.get(`/api/${method}`, it => app.request(asPost(it.req.raw)));
    const all = name => store.collection(`slack.${name}`).all();
    app.get('/shown', it => it.json({ whispers: all('ephemeral_messages'), windows: all('views') }));
  };
  return caught;
}

const caught = await dispatcher();
const bots = { user_id: 'UFLOWMEND', bot_id: 'BFLOWMEND', bot_user_id: 'UFLOWMEND', app_id: 'AFLOWMEND' };
const emulator = await createEmulator({
  service: 'slack',
  port: Number(port),
  seed: {
    slack: {
      signing_secret: 'e2e-signing-secret',
      strict_scopes: true,
      users: [{ name: 'alice', real_name: 'Alice' }, { name: 'bob', real_name: 'Bob' }],
      channels: [{ name: 'help' }, { name: 'desk' }, { name: 'desk-ko' }],
      oauth_apps: [
        {
          ...bots,
          client_id: '1.2',
          client_secret: 'unused',
          name: 'Flowmend',
          bot_name: 'flowmend',
          redirect_uris: ['http://127.0.0.1/unused'],
          scopes: scopes.bot,
        },
      ],
      tokens: [
        { ...bots, token: 'xoxb-e2e', type: 'bot', scopes: scopes.bot },
        { token: 'xoxp-alice', user: 'alice', scopes: scopes.person },
        { token: 'xoxp-bob', user: 'bob', scopes: scopes.person },
      ],
    },
  },
});
if (!caught.webhooks) throw new Error('emulate 0.12.2 is expected: its dispatcher was not found');
caught.webhooks.register({ url: bot, events: ['*'], active: true, owner: 'slack' });
console.log(emulator.url);
