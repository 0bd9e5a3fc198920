// The package for Teams against the schemas that Microsoft publishes for it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { HERE, ROOT } from './service.mjs';

const SCHEMAS = join(HERE, 'node_modules/@microsoft/app-manifest/build/json-schemas/teams/v1.30');
const ID = '11111111-1111-4111-8111-111111111111';

function faults(schema, value) {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(join(SCHEMAS, schema), 'utf8')));
  return validate(value) ? [] : validate.errors.map(it => `${it.instancePath}: ${it.message}`);
}

describe('the package for Teams', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flowmend-manifest-'));
  const bin = name => join(ROOT, '.venv', 'bin', name);

  function pack(name, ...options) {
    const zip = join(folder, `${name}.zip`);
    const env = {
      ...process.env,
      FLOWMEND_TEAMS_APP_ID: ID,
      FLOWMEND_TEAMS_APP_PASSWORD: 'none',
      FLOWMEND_TEAMS_TENANT_ID: ID,
      FLOWMEND_PUBLIC_URL: 'https://bot.example.com',
    };
    execFileSync(bin('flowmend'), ['manifest', 'teams', '--out', zip, ...options], { env });
    execFileSync(bin('python'), ['-m', 'zipfile', '-e', zip, join(folder, name)]);
    return file => JSON.parse(readFileSync(join(folder, name, file), 'utf8'));
  }

  let usual, readAll;
  before(() => {
    usual = pack('usual');
    readAll = pack('read-all', '--read-all');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('is a manifest of version 1.30', () => {
    assert.deepEqual(faults('MicrosoftTeams.schema.json', usual('manifest.json')), []);
  });

  test('so is the one that may read all messages', () => {
    assert.deepEqual(faults('MicrosoftTeams.schema.json', readAll('manifest.json')), []);
  });

  test('has Korean words where Teams looks for them', () => {
    assert.deepEqual(faults('MicrosoftTeams.Localization.schema.json', usual('ko.json')), []);
  });

  test('the schema would notice a mistake', () => {
    const broken = { ...usual('manifest.json'), accentColor: 'indigo' };
    assert.notDeepEqual(faults('MicrosoftTeams.schema.json', broken), []);
  });
});
