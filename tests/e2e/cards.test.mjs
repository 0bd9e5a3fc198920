// Cards of every shape in Microsoft's renderer, on a light and on a dark ground.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch } from './client.mjs';
import { ARTEFACTS, HERE, ROOT } from './service.mjs';

const RENDERER = join(HERE, 'node_modules/adaptivecards/dist/adaptivecards.min.js');
const GROUNDS = {
  light: { back: '#ffffff', quiet: '#f3f2f1', words: '#242424', subtle: '#616161' },
  dark: { back: '#292929', quiet: '#1f1f1f', words: '#ffffff', subtle: '#adadad' },
};

// What Teams gives its renderer, as far as a card of ours shows it.
function hostConfig({ back, quiet, words, subtle }) {
  const colours = { default: { default: words, subtle } };
  return {
    supportsInteractivity: true,
    fontFamily: 'sans-serif',
    containerStyles: {
      default: { backgroundColor: back, foregroundColors: colours },
      emphasis: { backgroundColor: quiet, foregroundColors: colours },
    },
    spacing: { small: 8, default: 12, padding: 16 },
    fontSizes: { small: 12, default: 14 },
    actions: { maxActions: 6, actionsOrientation: 'horizontal', buttonSpacing: 8 },
  };
}

describe('cards', () => {
  const python = join(ROOT, '.venv', 'bin', 'python');
  const made = execFileSync(python, ['-m', 'tests.adapters.teams.sample_cards'], { cwd: ROOT });
  const cards = JSON.parse(made.toString('utf8'));
  let browser, page;

  before(async () => {
    mkdirSync(ARTEFACTS, { recursive: true });
    browser = await launch();
    page = await browser.newPage({ viewport: { width: 420, height: 200 } });
    await page.setContent('<style>.ac-pushButton{padding:6px 12px;background:none;color:inherit;'
      + 'border:1px solid #8888;border-radius:4px;font:600 14px sans-serif}'
      + 'textarea{min-height:60px;background:none;color:inherit}</style><div id="card"></div>');
    await page.addScriptTag({ path: RENDERER });
  });

  after(() => browser?.close());

  for (const [name, card] of Object.entries(cards)) {
    for (const [ground, colours] of Object.entries(GROUNDS)) {
      test(`${name}, ${ground}`, async () => {
        const seen = await page.evaluate(([payload, config, { back, words }]) => {
          const { AdaptiveCard, HostConfig, SerializationContext } = window.AdaptiveCards;
          const card = new AdaptiveCard();
          card.hostConfig = new HostConfig(config);
          const context = new SerializationContext();
          card.parse(payload, context);
          Object.assign(document.body.style, { background: back, color: words, margin: 0 });
          const place = document.getElementById('card');
          place.replaceChildren(card.render());
          const wide = [...place.querySelectorAll('*')].filter(it => it.scrollWidth > it.clientWidth + 1
            && getComputedStyle(it).overflow !== 'visible');
          return {
            faults: Array.from({ length: context.eventCount }, (_, n) => context.getEventAt(n).message),
            cut: wide.map(it => it.innerText),
            unnamed: [...place.querySelectorAll('button,textarea,input')]
              .filter(it => !(it.innerText || it.getAttribute('aria-label') || it.labels?.length
                || it.getAttribute('aria-labelledby'))).length,
          };
        }, [card, hostConfig(colours), colours]);

        await page.screenshot({ path: join(ARTEFACTS, `card-${name}-${ground}.png`), fullPage: true });
        assert.deepEqual(seen, { faults: [], cut: [], unnamed: 0 });
      });
    }
  }
});
