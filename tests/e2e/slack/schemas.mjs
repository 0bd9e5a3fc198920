// Prints a JSON schema for each type that `types.ts` names: made anew each time, never kept.
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

const here = name => fileURLToPath(new URL(name, import.meta.url));
const generator = createGenerator({
  path: here('types.ts'),
  tsconfig: here('tsconfig.json'),
  type: '*',
  skipTypeCheck: true,
});
const names = ['Message', 'View', 'Event', 'AppManifest', 'SetStatus'];
process.stdout.write(
  JSON.stringify(Object.fromEntries(names.map(name => [name, generator.createSchema(name)]))),
);
